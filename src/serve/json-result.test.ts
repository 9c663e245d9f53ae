/** What a program that called `poact run --json` has to know: it reads this line and nothing else. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { poactIn, program } from './fixtures/shell.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'poact-json-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

// A table that could not be read was told to a terminal only: the answer looked as if it rested on all files.
it('says which files are left out', async () => {
  await writeFile(join(cwd, 'broken.json'), '{"lamps": 3,');
  await writeFile(join(cwd, 'good.csv'), 'lamp,price\ndesk,20\n');
  const argv = ['run', 'How many?', '--files', 'broken.json', 'good.csv', '--json'];
  const { out, err } = await poactIn(cwd, argv, { replies: () => program('answer(good.length)') });
  const { answer, warnings } = JSON.parse(out);
  expect(err).toBe('');
  expect(answer).toBe(1);
  expect(warnings[0]).toMatch(/^broken\.json is left out: ./);
});

// `{"answer":null,"status":"stopped"}` left a script with nothing to tell.
it('says why there is no answer', async () => {
  let tries = 0;
  const replies = () => program(`throw new Error('try ${++tries}')`);
  const stopped = await poactIn(cwd, ['run', 'Loop.', '--steps', '2', '--policy', 'codeAct', '--json'], { replies });
  expect(stopped.code).toBe(4);
  expect(JSON.parse(stopped.out)).toMatchObject({
    answer: null,
    status: 'stopped',
    why: expect.stringMatching(/steps/),
  });
  const failed = await poactIn(cwd, ['run', 'Fail.', '--json'], {
    replies: () => {
      throw new Error('The model is ill.');
    },
  });
  expect(JSON.parse(failed.out)).toMatchObject({ status: 'failed', why: expect.stringContaining('The model is ill.') });
});
