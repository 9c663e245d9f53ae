import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { scriptedModel } from '../testing/index.ts';
import { main } from './main.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'poact-fork-'));
  await writeFile(
    join(cwd, 'tools.mjs'),
    `const input = { type: 'object', properties: {} };
    export const price = { description: 'Price', input, effect: 'read', run: () => 20 };
    export const order = { description: 'Orders', input, effect: 'irreversible', run: () => 'ordered' };`,
  );
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const program = (code: string) => `\`\`\`ts\n${code}\n\`\`\``;
const LOOKS = program('const price1 = await price({}); throw new Error("Not yet.");');
const ORDERS = program('answer([price1, await order({})])');

/** A command as a shell without a terminal sees it. Models reply by how much was said. */
async function poact(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  let asked = 0;
  const models: { [name: string]: string[] } = { local: [LOOKS, ORDERS], other: ['', 'Twenty.'] };
  const code = await main(argv, {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    interactive: false,
    env: { POACT_HOME: join(cwd, 'home') },
    cwd,
    onInterrupt: () => () => {},
    exit: () => {},
    model: (name) => {
      const reply = ({ messages }: { messages: readonly { role: string }[] }) => {
        asked += 1;
        return models[name]?.[messages.filter(({ role }) => role === 'assistant').length] ?? '';
      };
      return name in models ? scriptedModel(reply, { id: `scripted/${name}` }) : undefined;
    },
  });
  return { code, out: out.join(''), err: err.join(''), asked };
}

const begin = () => poact('run', 'Order it.', '--tools', 'tools.mjs', '--policy', 'codeAct', '--yes', '--json');

it('forks a run before a step, with another model, and shows what differs and what it cost', async () => {
  const { run, answer } = JSON.parse((await begin()).out);
  expect(answer).toEqual([20, 'ordered']);

  const refused = await poact('fork', run, '--step', '2');
  expect([refused.code, refused.err]).toEqual([
    1,
    expect.stringMatching(/order \(call .*irreversible\)[\s\S]*run-not-forkable/),
  ]);
  const forked = await poact('fork', run, '--step', '2', '--keep-effects', '--model', 'other', '--resume', '--json');
  const fork = JSON.parse(forked.out);
  expect(fork).toMatchObject({ answer: 'Twenty.', status: 'answered' });

  const { out } = await poact('diff', run, fork.run);
  expect(out).toMatch(/^The same for \d+ events; then they part \(reply\.text\)\.\n/);
  expect(out).toContain('since then: 1 step · 1 model call, 1 tool call · ');
  expect(out).toContain('answered  "Twenty."');
  const { a, b } = JSON.parse((await poact('diff', run, fork.run, '--json')).out);
  expect([a.since.toolCalls, b.since.toolCalls]).toEqual([1, 0]);
  expect((await poact('diff', run, run)).out).toMatch(/^The same: \d+ events\./);
});

it('keeps what a fork is to go on with, and tells an event otherwise', async () => {
  const { run } = JSON.parse((await begin()).out);
  const at = JSON.parse(
    (await poact('log', run, '--jsonl')).out.split('\n').find((line) => line.includes('"decision"')) ?? '',
  ).seq;
  const edit = JSON.stringify({ decision: { kind: 'act', code: 'answer(1)' } });
  const { out, err } = await poact('fork', run, '--at', String(at), '--edit', edit, '--keep-effects');
  expect(err).toContain(`It shares ${at} events of ${run}.`);
  expect(JSON.parse((await poact('resume', out.trim(), '--json')).out)).toMatchObject({ answer: 1 });

  for (const wrong of [
    [],
    ['--at', '2', '--step', '1'],
    ['--at', 'x'],
    ['--step', '9'],
    ['--at', '2', '--edit', '[1]'],
  ]) {
    expect((await poact('fork', run, ...wrong)).code).toBe(2);
  }
  expect((await poact('fork', run, '--at', '999')).code).toBe(2);
});

it('replays a run with no call, and says where it went another way', async () => {
  const { run } = JSON.parse((await begin()).out);
  const { code, out, asked } = await poact('replay', run);
  expect([code, asked]).toEqual([0, 0]);
  expect(out).toMatch(/^The same: \d+ of \d+ events made again, view [0-9a-f]{16}\.\n$/);
  expect(JSON.parse((await poact('replay', run, '--json')).out)).toMatchObject({ same: true, replies: 2, results: 2 });

  const { sqliteStore } = await import('../run/index.ts');
  const store = sqliteStore(join(cwd, '.poact/runs.db'));
  const log = await store.read(run);
  const { fence } = await store.lease('forged', 'forger', 1_000);
  const events = log.map((event) =>
    event.kind === 'call-result' ? { ...event, run: 'forged', value: 21 } : { ...event, run: 'forged' },
  );
  await store.append('forged', events, { expectedSeq: 0, fence });
  await store.close();
  await poact('fork', run, '--at', '2', '--keep-effects');
  const tools = ['--tools', 'tools.mjs', '--policy', 'codeAct'];
  await writeFile(join(cwd, 'poact.config.json'), JSON.stringify({ tools: tools[1], policy: 'codeAct' }));
  const found = await poact('replay', 'forged');
  expect([found.code, found.out]).toEqual([
    1,
    expect.stringMatching(/^Another way at event \d+ \(observation\)\.\n {2}recorded: /),
  ]);
});

it.each(['fork', 'diff', 'replay'])('%s has a help page', async (command) => {
  const { code, out } = await poact(command, '--help');
  expect([code, out]).toEqual([0, expect.stringContaining('--json')]);
});
