/** What people type, and what they are told where it is not what they meant. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { poactIn } from './fixtures/shell.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'poact-usage-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

// `--files` takes all values up to the next option: only "missing required argument 'task'" was said.
it.each([
  [['run', '--files', 'lamps.csv', 'Which is cheapest?'], 'put the task before --files.'],
  [['continue', 'last', '--files', 'lamps.csv', 'And now?'], 'put the task before --files.'],
  [['undo', '--to', '3', '--skip', '4.1', 'last'], 'put the run before --skip.'],
])('says of %j where the argument went', async (argv, said) => {
  const { code, err } = await poactIn(cwd, argv);
  expect([code, err]).toEqual([2, expect.stringContaining(said)]);
});

it('says nothing of options that are not there', async () => {
  expect((await poactIn(cwd, ['run'])).err).toBe(
    "error: missing required argument 'task'\n(--help lists what there is)\n",
  );
});

it.each([
  // "No model was called in step NaN."
  [['log', 'last', '--prompt', 'abc'], 'Give a whole number.'],
  // "That is a bug of poact."
  [['run', 'Go.', '--agent', 'throws.mjs'], 'throws.mjs could not be loaded: it threw null'],
  [['run', 'Go.', '--tools', 'throws.mjs'], 'throws.mjs could not be loaded: it threw null'],
])('says what is wrong with %j', async (argv, said) => {
  await writeFile(join(cwd, 'throws.mjs'), 'throw null;');
  const { code, err } = await poactIn(cwd, argv);
  expect([code, err]).toEqual([2, expect.stringContaining(said)]);
  expect(err).not.toContain('bug of poact');
});
