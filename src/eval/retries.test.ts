import { expect, it } from 'vitest';
import { codeAct } from '../policy/index.ts';
import { memoryStore } from '../run/index.ts';
import { fakeClock, type ScriptedWords, scriptedModel } from '../testing/index.ts';
import { type Arm, answering } from './arm.ts';
import { type ExperimentOptions, experiment } from './experiment.ts';
import { dyingAfter } from './fixtures/dying-store.ts';
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

/** Answers with the price, and from the call of this number on with twice the price, which is right: it need not be told. */
const lucky = (from: number) => {
  let calls = 0;
  const model = scriptedModel(() => {
    calls += 1;
    return program(`answer(${calls >= from ? 2 : 1} * (await price({})))`) as ScriptedWords;
  });
  return { arm: { name: 'lucky', agent: () => ({ model, policy: codeAct() }) }, calls: () => calls };
};
/** Lamp 1 alone: once the price is wrong there. */
const one = { ...shop(2), tasks: shop(2).tasks.slice(1) };

it('keeps a first answer that was scored, though its retry was broken off and is made anew', async () => {
  const store = memoryStore();
  const { arm, calls } = lucky(2);
  await make({ store, arms: [arm], sets: [one] });
  // As a process that died after the first answer was scored: the plan has retries, the log has none.
  const { cells } = await make({ store, arms: [arm], sets: [one], retries: 1 });
  expect(cells).toMatchObject([{ success: false, answer: 10, retried: 1, successWithRetry: true, brokenOff: 1 }]);
  await make({ store, arms: [arm], sets: [one], retries: 1 });
  expect(calls()).toBe(2);
});

it('never makes a wrong first answer a right one, after whichever append it is killed', async () => {
  for (let appends = 1; ; appends++) {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const { arm } = lucky(3);
    const given = { arms: [arm], sets: [one], retries: 1 };
    const dying = dyingAfter(appends, store);
    const died = await make({ ...given, store: dying.store }).then(
      () => false,
      () => dying.isDead(),
    );
    await clock.advance(60_000);
    const { cells, missing } = await make({ ...given, store });
    expect({ appends, missing, ...cells[0] }).toMatchObject({ appends, missing: 0, success: false, retried: 1 });
    if (!died) break;
  }
});

it('shows a first answer whose retry is not made yet: those that were right at once are not all there is', async () => {
  const store = memoryStore();
  await make({ store, arms: [learning()], sets: [shop(3)] });
  const stopped = await make({ store, arms: [learning()], sets: [shop(3)], retries: 1, signal: AbortSignal.abort() });
  expect(stopped.cells.map(({ success, retried }) => [success, retried])).toEqual([
    [true, undefined],
    [false, undefined],
    [false, undefined],
  ]);
  expect(stopped.missing).toBe(2);
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
