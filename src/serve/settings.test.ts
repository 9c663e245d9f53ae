import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UsageError } from './exit-codes.ts';
import { keepSettings, settingsOf } from './kept-settings.ts';
import { parseBudget, readConfig } from './settings.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poact-settings-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it.each([
  ['0.10usd', { costUsd: 0.1 }],
  ['20000tokens', { tokens: 20_000 }],
  ['1_000 tokens, 2 USD', { tokens: 1_000, costUsd: 2 }],
  ['1token,1step,1call', { tokens: 1, steps: 1, toolCalls: 1 }],
  ['20steps, 30calls, 90s', { steps: 20, toolCalls: 30, ms: 90_000 }],
  ['1.5min', { ms: 90_000 }],
  ['1h', { ms: 3_600_000 }],
])('reads the budget %s', (text, limits) => {
  expect(parseBudget(text)).toEqual(limits);
});

it.each(['10', '0usd', 'tokens', '-1usd', '1eur', '1.5steps', '1min,1h', ''])('refuses the budget %s', (text) => {
  expect(() => parseBudget(text)).toThrow(UsageError);
});

it('reads JSON or TypeScript, with paths from the file’s folder', async () => {
  await writeFile(join(folder, 'poact.config.json'), '{"model":"openai/gpt-5","files":"data","out":"out"}');
  expect(await readConfig(folder)).toEqual({
    model: 'openai/gpt-5',
    files: [join(folder, 'data')],
    out: join(folder, 'out'),
  });
  // Some editors put a byte order mark before it.
  await writeFile(join(folder, 'poact.config.json'), '\ufeff{"model":"local"}');
  expect(await readConfig(folder)).toEqual({ model: 'local' });
  await writeFile(join(folder, 'poact.config.ts'), 'const steps: number = 9;\nexport default { steps };\n');
  expect(await readConfig(folder)).toEqual({ steps: 9 });
});

it('says what is wrong in a configuration file', async () => {
  await writeFile(join(folder, 'poact.config.json'), '{"modle":"x"}');
  await expect(readConfig(folder)).rejects.toThrow(/poact\.config\.json: .*modle/);
});

it('keeps a run’s settings beside the store', async () => {
  const store = join(folder, '.poact', 'runs.db');
  await keepSettings(store, 'r1', { policy: 'react' });
  expect(await settingsOf(store, 'r1')).toEqual({ policy: 'react' });
  expect(await settingsOf(store, 'other')).toBe(undefined);
});
