import { expect, it } from 'vitest';
import { cache } from '../model/index.ts';
import { codeAct } from '../policy/index.ts';
import { memoryStore } from '../run/index.ts';
import { fakeClock, type ScriptedWords, scriptedModel } from '../testing/index.ts';
import { type Arm, oracleArm, randomArm } from './arm.ts';
import { near } from './assertions/values.ts';
import { type ExperimentOptions, experiment } from './experiment.ts';
import { dyingAfter } from './fixtures/dying-store.ts';
import { lampArms, lampShop } from './fixtures/lamp-shop.ts';
import { program, scripted, shop } from './fixtures/price-shop.ts';
import { type ExperimentResult, readExperiment } from './results.ts';
import type { World } from './task-set.ts';

const arms = [scripted('twice', 2), scripted('once', 1)];
const make = (given: Partial<ExperimentOptions> = {}) =>
  experiment({ name: 'lamps', sets: [shop()], arms, store: memoryStore(), limits: { steps: 2 }, ...given });

it('makes each task under each arm, and says what came of it by name', async () => {
  const { cells, missing } = await make();
  expect(cells.map(({ task, arm, success }) => [task, arm, success])).toEqual([
    ['lamps-0', 'twice', true],
    ['lamps-0', 'once', true],
    ['lamps-1', 'twice', true],
    ['lamps-1', 'once', false],
    ['lamps-2', 'twice', true],
    ['lamps-2', 'once', false],
    ['lamps-3', 'twice', false],
    ['lamps-3', 'once', false],
  ]);
  expect(missing).toBe(0);
  expect(cells[3]).toMatchObject({
    set: 'shop',
    kind: 'sums',
    seed: 1,
    model: 'scripted/model',
    policy: 'code-act',
    status: 'answered',
    answer: 10,
    value: 0,
    unknown: false,
    wrongWithoutWarning: true,
    assertions: [{ name: 'answer', verdict: 'fail', reason: 'Expected 20 within 2e-8, but it is 10.' }],
    modelCalls: 1,
    toolCalls: 1,
    failedCalls: 0,
    inventedObservations: 0,
    brokenOff: 0,
  });
  expect(cells[6]).toMatchObject({ status: 'stopped', failedCalls: 1, wrongWithoutWarning: false });
});

it('appends the score to the run’s own log, and reads every number from the logs', async () => {
  const store = memoryStore();
  const result = await make({ store });
  const log = await store.read(result.cells[0]?.run as string);
  expect(log.at(-1)).toMatchObject({
    kind: 'reward',
    by: 'eval',
    value: 1,
    from: 'environment',
    assertions: [{ name: 'answer', verdict: 'pass' }],
    attempt: { set: 'shop', version: 1, task: 'lamps-0', arm: 'twice', seed: 1 },
  });
  expect(await readExperiment(store, 'lamps')).toEqual(result);
});

it('goes on where it was, and asks for nothing that it has', async () => {
  const store = memoryStore();
  let asked = 0;
  const counting = [scripted('twice', 2, () => asked++)];
  await make({ store, arms: counting, sets: [shop(2)] });
  expect(asked).toBe(2);
  await make({ store, arms: counting, sets: [shop(3)] });
  expect(asked).toBe(3);
});

it('comes to the same, after whichever append it is killed', async () => {
  const given = { name: 'lamps', sets: [lampShop(1)] };
  const facts = ({ cells }: ExperimentResult) =>
    cells.map(({ seconds: _seconds, run: _run, brokenOff: _brokenOff, ...cell }) => cell);
  const whole = facts(await experiment({ ...given, arms: lampArms().arms, store: memoryStore() }));
  let anew = 0;
  for (let appends = 1; ; appends++) {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const { arms } = lampArms();
    const dying = dyingAfter(appends, store);
    const died = await experiment({ ...given, arms, store: dying.store }).then(
      () => false,
      () => dying.isDead(),
    );
    // What the dead process held is free again.
    await clock.advance(60_000);
    const resumed = await experiment({ ...given, arms, store });
    expect(facts(resumed)).toEqual(whole);
    const brokenOff = resumed.cells.reduce((sum, cell) => sum + cell.brokenOff, 0);
    expect(brokenOff).toBeLessThanOrEqual(1);
    anew += brokenOff;
    if (!died) break;
  }
  expect(anew).toBeGreaterThan(5);
});

it('makes a world anew for each attempt, and closes it', async () => {
  const opened: World[] = [];
  let closed = 0;
  const set = shop(2, opened);
  const closing = {
    ...set,
    tasks: set.tasks.map((task) => ({
      ...task,
      open: async () => ({ ...(await task.open(1)), close: () => void closed++ }),
    })),
  };
  await make({ sets: [closing], parallel: 3 });
  expect([opened.length, closed]).toEqual([4, 4]);
});

it('has a ceiling and a floor', async () => {
  const { cells } = await make({ arms: [oracleArm(), randomArm()] });
  const successes = (name: string) => cells.filter(({ arm, success }) => arm === name && success).length;
  expect(successes('oracle')).toBe(4);
  expect(successes('random')).toBeLessThan(4);
});

it('says unknown where a world cannot be made or judged', async () => {
  const set = shop(2);
  const [one, other] = set.tasks.map((task) => ({ ...task }));
  Object.assign(one ?? {}, { open: () => Promise.reject(new Error('no disk')) });
  Object.assign(other ?? {}, {
    open: () => ({
      score: () => {
        throw new Error('no table');
      },
    }),
  });
  const { cells } = await make({ sets: [{ ...set, tasks: [one, other] as never }], arms: [oracleArm()] });
  expect(cells.map(({ status, unknown, success }) => [status, unknown, success])).toEqual([
    ['failed', true, false],
    ['failed', true, false],
  ]);
  expect(cells[0]?.assertions[0]?.reason).toBe('The scorer failed: There is no world: no disk');
});

it('gives every arm the same budget of sent tokens', async () => {
  const { cells } = await make({ sentTokens: 10 });
  expect(cells.every(({ modelCalls, sent, success }) => modelCalls <= 1 && sent === 0 && !success)).toBe(true);
  expect(cells[0]?.why).toContain('budget of 10 sent tokens');
});

it('begins nothing that might pass the budget of the experiment, and goes on with a greater one', async () => {
  const store = memoryStore();
  const all = await make();
  const each = Math.max(...all.cells.map(({ sent, written }) => sent + written));
  const part = await make({ store, budget: { tokens: 3 * each } });
  const taken = part.cells.reduce((sum, { sent, written }) => sum + sent + written, 0);
  expect(part.missing).toBeGreaterThan(0);
  expect(part.why).toContain('`budget.tokens`');
  expect(taken).toBeGreaterThanOrEqual(3 * each);
  expect(await make({ store })).toMatchObject({ missing: 0 });
  const limited = await make({ budget: { tokens: 100_000 }, limits: { steps: 2, tokens: 60_000 }, parallel: 4 });
  const spent = limited.cells.reduce((sum, { sent, written }) => sum + sent + written, 0);
  expect(spent).toBeLessThan(100_000);
});

/** Arms that never answer, and take what their own limits give them. */
const greedy = (tokens: number): Arm[] =>
  ['one', 'other'].map((name) => {
    let times = 0;
    const model = scriptedModel(() => program(`throw new Error('no ${times++}')`) as ScriptedWords);
    return { name, agent: () => ({ model, policy: codeAct(), limits: { tokens, steps: 40, loops: { stale: 99 } } }) };
  });
const spentBy = ({ cells }: ExperimentResult) => cells.reduce((sum, { sent, written }) => sum + sent + written, 0);

it('keeps its budget whatever limits an arm has of its own, also for a further answer', async () => {
  for (const parallel of [1, 2]) {
    const few = await make({ sets: [shop(1)], arms: greedy(3_000), budget: { tokens: 4_000 }, parallel });
    expect([few.cells.length, few.missing]).toEqual([1, 1]);
    expect(few.why).toContain('and one more attempt may take 3000');
    expect(spentBy(few)).toBeLessThan(4_000);
  }
  const all = { sets: [shop(1)], arms: greedy(1_000), budget: { tokens: 4_000 }, limits: { tokens: 60_000 } };
  expect(await make(all)).toMatchObject({ missing: 0 });
  expect(await make({ ...all, retries: 2 })).toMatchObject({ missing: 1, why: expect.stringContaining('3000') });
});

it('ends early after the same task, however many are at work', async () => {
  const stop: ExperimentOptions['stop'] = (cells) => (cells.length === 4 ? 'It is clear.' : undefined);
  for (const parallel of [1, 3, 8]) {
    const { cells, why, missing } = await make({ stop, parallel });
    expect([cells.length, why, missing]).toEqual([4, 'It is clear.', 4]);
  }
});

it('begins nothing more once it is stopped', async () => {
  const controller = new AbortController();
  const { cells, why } = await make({ signal: controller.signal, on: () => controller.abort() });
  expect([cells.length, why]).toEqual([1, 'It was stopped.']);
});

it('shares replies between arms that ask the same, and charges both', async () => {
  const model = cache(
    scriptedModel(() => program('answer(2 * (await price({})))')),
    { mode: 'share' },
  );
  const both = ['one', 'other'].map((name): Arm => ({ name, agent: () => ({ model, policy: codeAct() }) }));
  const { cells } = await make({ arms: both, sets: [shop(2)] });
  expect(model.counts).toEqual({ hits: 2, misses: 2 });
  expect(cells[0]?.sent).toBeGreaterThan(0);
  expect(cells[0]?.sent).toBe(cells[1]?.sent);
});

it('lets a world speak for the user', async () => {
  const set = shop(1);
  const asking = {
    ...set,
    tasks: set.tasks.map((task) => ({ ...task, open: async () => ({ ...(await task.open(1)), reply: () => '0' }) })),
  };
  const arm: Arm = {
    name: 'asks',
    agent: () => ({
      model: scriptedModel([]),
      policy: {
        name: 'asks',
        decide: async (view) => {
          const reply = view.last('reply');
          if (reply === undefined) return { kind: 'ask', question: 'How many?' };
          return { kind: 'answer', value: Number((reply.parts[0] as { text: string }).text) };
        },
      },
    }),
  };
  const { cells } = await make({ sets: [asking], arms: [arm] });
  expect(cells[0]).toMatchObject({ status: 'answered', success: true });
});

it('keeps what a model judged in an event of its own', async () => {
  const store = memoryStore();
  const set = shop(1);
  const judging = {
    ...set,
    tasks: set.tasks.map((task) => ({
      ...task,
      open: (): World => ({
        score: ({ answer }) => [
          near('answer', answer, 1),
          { name: 'kind', verdict: 'pass', reason: 'It is.', by: 'judge' },
        ],
        oracle: () => 0,
      }),
    })),
  };
  const { cells } = await make({ store, sets: [judging], arms: [oracleArm()] });
  expect(cells[0]).toMatchObject({ success: false, value: 0, judged: { success: true, value: 1 } });
  const rewards = (await store.read(cells[0]?.run as string)).filter((event) => event.kind === 'reward');
  expect(rewards).toMatchObject([
    { from: 'environment', value: 0, assertions: [{ name: 'answer' }] },
    { from: 'judge', value: 1, assertions: [{ name: 'kind' }] },
  ]);
});

it('is made by one process at a time', async () => {
  const store = memoryStore();
  const set = shop(1);
  let open: (world: World) => void = () => {};
  const slow = {
    ...set,
    tasks: set.tasks.map((task) => ({ ...task, open: () => new Promise<World>((go) => (open = go)) })),
  };
  const first = make({ store, sets: [slow], arms: [oracleArm()] });
  await expect(make({ store, sets: [set], arms: [oracleArm()] })).rejects.toMatchObject({ code: 'run-busy' });
  open({ score: ({ answer }) => [near('answer', answer, 0)], oracle: () => 0 });
  expect((await first).cells).toHaveLength(1);
});

it('scores an attempt that waits for somebody', async () => {
  const asks: Arm = {
    name: 'asks',
    agent: () => ({
      model: scriptedModel([]),
      policy: { name: 'asks', decide: async () => ({ kind: 'ask', question: 'How many?' }) },
    }),
  };
  const { cells } = await make({ sets: [shop(1)], arms: [asks] });
  expect(cells[0]).toMatchObject({ status: 'suspended', success: false, wrongWithoutWarning: false });
});

it.each<[string, Partial<ExperimentOptions>, RegExp]>([
  ['a name that is none', { name: 'a b' }, /Option `name`/],
  ['no arms', { arms: [] }, /Option `arms`/],
  ['an arm twice', { arms: [oracleArm(), oracleArm()] }, /"oracle" is there twice/],
  ['a set twice', { sets: [shop(), shop()] }, /"shop\/lamps-0" is there twice/],
  ['a seed that is none', { seeds: [0.5] }, /Option `seeds`/],
  ['a negative budget', { budget: { tokens: -1 } }, /budget.tokens/],
])('refuses %s', async (_title, given, problem) => {
  await expect(make(given)).rejects.toThrow(problem);
});

it('says that there is no experiment of a name', async () => {
  await expect(readExperiment(memoryStore(), 'none')).rejects.toMatchObject({ code: 'run-unknown' });
});
