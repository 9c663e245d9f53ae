/** What people type, and what they are told where it is not what they meant. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { poactIn, program } from './fixtures/shell.ts';

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

// The task was `-`, whatever came in.
it('takes a task from standard input', async () => {
  const replies = () => program('answer(6 * 7)');
  const argv = ['run', '-', '--policy', 'codeAct'];
  const { code, model } = await poactIn(cwd, argv, { replies, input: 'Six times\nseven?\n' });
  expect([code, model.heard().at(-1)]).toEqual([0, expect.stringMatching(/^Six times\nseven\?$/)]);
  const more = await poactIn(cwd, ['continue', 'last', '-'], { replies, input: 'And twice that?' });
  expect([more.code, more.model.heard().join()]).toEqual([0, expect.stringContaining('And twice that?')]);
});

it.each([
  [['run', ''], 'The task is empty.'],
  [['continue', 'last', ' \n'], 'The task is empty.'],
  [['run', '-'], 'Nothing came in on standard input.'],
])('does not begin %j without a task', async (argv, said) => {
  const { code, err } = await poactIn(cwd, argv, { input: ' \n' });
  expect([code, err]).toEqual([2, expect.stringContaining(said)]);
  expect(existsSync(join(cwd, '.poact'))).toBe(false);
});
