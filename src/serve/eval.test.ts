import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { experiment, oracleArm, TASK_SETS, taskSet } from '../eval/index.ts';
import { sqliteStore } from '../run/index.ts';
import { scriptedModel } from '../testing/index.ts';
import { main } from './main.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'poact-eval-'));
  await mkdir(join(cwd, 'data/gsm8k'), { recursive: true });
  const lines = [3, 5, 7, 9].map((n) =>
    JSON.stringify({ question: `Ada has ${n} apples and buys 2. How many has she?`, answer: `So.\n#### ${n + 2}` }),
  );
  await writeFile(join(cwd, 'data/gsm8k/questions.jsonl'), `${lines.join('\n')}\n`);
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

/** A command as a shell sees it, with a model that always writes the same program. */
async function poact(argv: string[], code = 'answer(5)') {
  const out: string[] = [];
  const err: string[] = [];
  let calls = 0;
  const model = scriptedModel(() => {
    calls += 1;
    return `\`\`\`ts\n${code}\n\`\`\``;
  });
  const exit = await main(argv, {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    interactive: false,
    env: { POACT_DATA: join(cwd, 'data') },
    cwd,
    onInterrupt: () => () => {},
    exit: () => {},
    model: (name) => (name === 'local' ? model : undefined),
  });
  return { exit, out: out.join(''), err: err.join(''), calls };
}

it('lists the task sets', async () => {
  const { exit, out } = await poact(['eval']);
  expect([exit, out]).toEqual([0, `${TASK_SETS.join('\n')}\n`]);
});

it('compares policies with the ceiling and the floor, and goes on where it was', async () => {
  const argv = ['eval', 'gsm8k', '--policy', 'codeAct,oracle,random', '--fold', 'reporting', '--tasks', '2'];
  const { exit, out, err } = await poact(argv, 'answer(7)');
  expect(exit).toBe(0);
  expect(err).toMatch(/^1\/6 gsm8k /);
  expect(err.trim().split('\n')).toHaveLength(6);
  expect(out).toMatch(/codeAct/);
  expect(out).toMatch(/oracle +2 +100/);
  expect(await poact(argv)).toMatchObject({ exit: 0, out, calls: 0 });
  const shown = await poact(['eval', '--show', 'gsm8k.local', '--format', 'json']);
  expect(JSON.parse(shown.out)).toMatchObject({ experiment: 'gsm8k.local', missing: 0 });
});

it('fails where a condition holds', async () => {
  const argv = ['eval', 'gsm8k', '--fold', 'development', '--policy', 'codeAct'];
  const good = await poact([...argv, '--name', 'old', '--fail-if', 'success<0.01'], 'answer(Number(2) + 3)');
  expect(good.exit).toBe(0);
  const bad = await poact([...argv, '--name', 'new', '--against', 'old', '--fail-if', 'difference<0'], 'answer(1)');
  expect(bad).toMatchObject({ exit: 6, err: expect.stringMatching(/Missed: codeAct: difference is -/) });
  expect(bad.out).toContain('codeAct against codeAct, old');
});

it('fails where a condition has no figure to tell by', async () => {
  const ask = ['eval', 'gsm8k', '--fold', 'development', '--policy'];
  await poact([...ask, 'codeAct', '--name', 'old'], 'answer(Number(2) + 3)');
  const against = ['--against', 'old', '--fail-if', 'difference<-0.05,lost>0'];
  const none = 'there is no figure for';
  const otherArm = await poact([...ask, 'codeAct,oracle', '--name', 'arms', ...against], 'answer(Number(2) + 3)');
  expect(otherArm.exit).toBe(6);
  expect(otherArm.err).toContain(`Missed: oracle: ${none} lost: no task of this arm is in both experiments (lost>0).`);
  expect(otherArm.err).not.toContain('Missed: codeAct');
  const otherTasks = ['eval', 'gsm8k', '--fold', 'reporting', '--policy', 'codeAct', '--name', 'tasks', ...against];
  expect(await poact(otherTasks)).toMatchObject({
    exit: 6,
    err: expect.stringContaining(`codeAct: ${none} difference`),
  });
  const unpriced = await poact([...ask, 'codeAct', '--name', 'cost', '--fail-if', 'costUsd>9']);
  expect(unpriced).toMatchObject({ exit: 6, err: expect.stringContaining('a price is unknown (costUsd>9)') });
});

it('says so where the earlier experiment asked another version of the set', async () => {
  const set = await taskSet('gsm8k', { data: join(cwd, 'data') });
  const store = sqliteStore(join(cwd, '.poact/eval.db'));
  await experiment({ name: 'old', sets: [{ ...set, version: 0 }], arms: [oracleArm()], store });
  await store.close();
  const { out, err } = await poact(['eval', 'gsm8k', '--policy', 'oracle', '--name', 'new', '--against', 'old']);
  expect(err).toContain('gsm8k was version 0 in old and is 1 now: its attempts are not compared.');
  expect(out).not.toContain('against');
});

it.each([
  ['an earlier experiment that is not there', ['--against', 'nope'], /There is no experiment called nope/],
  ['itself to compare with', ['--against', 'new'], /--against: new would be compared with itself/],
  ['a folder that is not there', ['--html', 'no/dir/x.html'], /--html: the page cannot be written: ENOENT/],
  ['a folder for a file', ['--html', 'data'], /--html: the page cannot be written: EISDIR/],
])('says before it asks anything what is wrong with %s', async (_title, given, said) => {
  const { exit, err, calls } = await poact(['eval', 'gsm8k', '--policy', 'codeAct', '--name', 'new', ...given]);
  expect([exit, calls]).toEqual([2, 0]);
  expect(err).toMatch(said);
  expect(err).not.toContain('bug of poact');
});

it('asks poact without each of some parts', async () => {
  const argv = ['eval', 'gsm8k', '--tasks', '1', '--without', 'plan,candidates'];
  const { exit, out } = await poact(argv);
  expect(exit).toBe(0);
  expect(out).toContain('poact - plan');
  expect(out).toContain('poact - candidates');
});

it.each([
  ['a set that is none', ['eval', 'gsm9k'], /no task set "gsm9k". There are: /],
  ['a policy that is none', ['eval', 'gsm8k', '--policy', 'best'], /--policy: there is no "best"/],
  ['a part that is none', ['eval', 'gsm8k', '--without', 'luck'], /poact has no part "luck"/],
  ['a condition that is none', ['eval', 'gsm8k', '--fail-if', 'joy<1'], /"joy<1" is no condition/],
  ['a condition on nothing', ['eval', '--fail-if', 'success<1'], /--fail-if: of what\? Name task sets/],
  ['a comparison of nothing', ['eval', '--against', 'old'], /--against: of what\?/],
  ['a comparison with nothing', ['eval', 'gsm8k', '--fail-if', 'difference<0'], /Name it with --against/],
  ['a seed that is none', ['eval', 'gsm8k', '--seeds', '1,x', '--policy', 'oracle'], /"x" is no whole number/],
  ['an experiment that is not there', ['eval', '--show', 'x'], /There are no runs in .*eval\.db/],
])('says what is wrong with %s', async (_title, argv, said) => {
  const { exit, err } = await poact(argv);
  expect(exit).toBe(2);
  expect(err).toMatch(said);
  expect(err).not.toContain('    at ');
});

it('says where the data belong', async () => {
  await rm(join(cwd, 'data'), { recursive: true });
  const { exit, err } = await poact(['eval', 'gsm8k', '--policy', 'oracle']);
  expect(exit).toBe(1);
  expect(err).toMatch(/gsm8k/);
  expect(err).not.toContain('    at ');
});
