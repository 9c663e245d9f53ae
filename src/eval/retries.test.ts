import { expect, it } from 'vitest';
import { codeAct } from '../policy/index.ts';
import { memoryStore } from '../run/index.ts';
import { type ScriptedWords, scriptedModel } from '../testing/index.ts';
import { type Arm, answering } from './arm.ts';
import { type ExperimentOptions, experiment } from './experiment.ts';
import { program, scripted, shop } from './fixtures/price-shop.ts';
import { reportOf } from './report.ts';
import { readExperiment } from './results.ts';
import type { Assertion } from './score.ts';
import { tableOf } from './table.ts';

const make = (given: Pick<ExperimentOptions, 'arms' | 'sets'> & Partial<ExperimentOptions>) =>
  experiment({ name: 'lamps', store: memoryStore(), limits: { steps: 2 }, ...given });

/** Answers with the price first, and with twice the price once it was told that this is wrong. */
const learning = (hear: () => void = () => {}): Arm => ({
  name: 'learning',
  agent: () => ({
    model: scriptedModel(({ messages }) => {
      hear();
      const times = JSON.stringify(messages).includes('That is not right.') ? 2 : 1;
      return program(`answer(${times} * (await price({})))`) as ScriptedWords;
    }),
    policy: codeAct(),
  }),
});

it('tells an attempt that it is not right where retries are planned, and counts the first answer', async () => {
  const store = memoryStore();
  const result = await make({ store, arms: [learning(), scripted('once', 1)], sets: [shop(3)], retries: 2 });
  const told = result.cells.map(({ success, retried = 0, successWithRetry }) => [success, retried, successWithRetry]);
  expect(told).toEqual([
    [true, 0, undefined],
    [true, 0, undefined],
    [false, 1, true],
    [false, 2, false],
    [false, 1, true],
    [false, 2, false],
  ]);
  expect(result.cells[2]).toMatchObject({ answer: 10, modelCalls: 1, wrongWithoutWarning: true });
  expect(await readExperiment(store, 'lamps')).toEqual(result);
  const { rows } = tableOf(result);
  expect(rows.map(({ successWithRetry = 0 }) => successWithRetry)).toEqual([1, 1 / 3]);
  expect(reportOf(tableOf(result))).toContain('with retry');
  expect(reportOf(tableOf(await make({ arms: [learning()], sets: [shop(1)] })))).not.toContain('with retry');
});

it('makes an attempt anew that was broken off between two answers, and asks no more where it is made', async () => {
  const store = memoryStore();
  let asked = 0;
  const arms = [
    learning(() => {
      asked += 1;
    }),
  ];
  await make({ store, arms, sets: [shop(2)] });
  expect(asked).toBe(2);
  // As a process that died after the first answer was scored: the plan has retries, the log has none.
  const { cells } = await make({ store, arms, sets: [shop(2)], retries: 1 });
  expect(cells.map(({ brokenOff, successWithRetry }) => [brokenOff, successWithRetry])).toEqual([
    [0, undefined],
    [1, true],
  ]);
  await make({ store, arms, sets: [shop(2)], retries: 1 });
  expect(asked).toBe(4);
});

it.each<[string, Assertion, boolean]>([
  ['what the environment found wrong', { name: 'answer', verdict: 'fail', reason: 'It is 7.' }, true],
  ['what could not be judged', { name: 'answer', verdict: 'unknown', reason: 'The judge is away.' }, false],
  ['what a model found wrong', { name: 'tone', verdict: 'fail', reason: 'It is curt.', by: 'judge' }, false],
  ['what a model alone found right', { name: 'tone', verdict: 'pass', reason: 'It is kind.', by: 'judge' }, false],
])('tells an attempt of what is found wrong, by the environment alone: %s', async (_what, assertion, isTold) => {
  const set = shop(1);
  const tasks = set.tasks.map((task) => ({ ...task, open: () => ({ score: () => [assertion] }) }));
  const arms: Arm[] = [{ name: 'nought', agent: () => answering('nought', async () => 0) }];
  const { cells } = await make({ arms, sets: [{ ...set, tasks }], retries: 1 });
  expect(cells[0]?.retried).toBe(isTold ? 1 : undefined);
});

it('takes a whole number of retries', async () => {
  await expect(make({ arms: [learning()], sets: [shop(1)], retries: 0.5 })).rejects.toThrow('retries');
  await expect(make({ arms: [learning()], sets: [shop(1)], retries: -1 })).rejects.toThrow('retries');
});

it('does not go on with an attempt that failed', async () => {
  const failing: Arm = {
    name: 'failing',
    agent: () => ({
      model: scriptedModel(() => {
        throw new Error('No model.');
      }),
      policy: codeAct(),
    }),
  };
  const { cells } = await make({ arms: [failing], sets: [shop(1)], retries: 3 });
  expect(cells).toMatchObject([{ status: 'failed', success: false }]);
  expect(cells[0]?.retried).toBe(undefined);
});
