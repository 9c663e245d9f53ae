import { expect, it } from 'vitest';
import { scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import { exportJsonl, importJsonl } from './jsonl.ts';

const { log } = await createAgent({ model: scriptedModel(['Größe: 12 — ok']), policy: 'react' }).run('How large?');
const text = exportJsonl(log);

it('writes a log and reads it back', () => {
  expect(importJsonl(text)).toEqual({ events: log });
});

it('reads a text that was cut at any byte up to its last whole event, and says so', () => {
  const bytes = new TextEncoder().encode(text);
  const firstLine = text.indexOf('\n');
  for (let end = firstLine; end < bytes.length; end += 3) {
    const cut = new TextDecoder().decode(bytes.subarray(0, end));
    const whole = cut.split('\n').filter((line) => isWhole(line)).length;
    const imported = importJsonl(cut);
    expect(imported.events).toEqual(log.slice(0, whole));
    const last = cut.split('\n').at(-1) as string;
    expect(imported.cut).toBe(last === '' || isWhole(last) ? undefined : `line ${whole + 1} is cut short.`);
  }
});

it.each([
  ['no text', '', 'there is no event in it'],
  ['another text', 'hello\n', 'line 1 is no JSON'],
  ['other JSON', '{"kind":"note"}\n', 'line 1'],
])('refuses %s', (_title, given, why) => {
  expect(() => importJsonl(given)).toThrow(why);
});

it('stops where an event is missing, and refuses a newer version', () => {
  const lines = text.split('\n');
  expect(importJsonl([lines[0], lines[2]].join('\n'))).toMatchObject({ cut: 'line 2 has event 2 where 1 is due.' });
  const newer = (lines[0] as string).replace('"version":1', '"version":99');
  expect(() => importJsonl(newer)).toThrow(expect.objectContaining({ code: 'log-version' }));
});

function isWhole(line: string): boolean {
  try {
    return JSON.parse(line) !== null;
  } catch {
    return false;
  }
}
