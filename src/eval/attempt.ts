/**
 * One attempt: a world, an agent in it, a run, and its score, which is appended to the run's own log.
 *
 * @module
 */
import { allowAll } from '../guard/index.ts';
import { resolveModel } from '../model/index.ts';
import { type NewEvent, type RunEvent, systemClock } from '../record/index.ts';
import { createAgent, openLog, type RunLimits, type RunStore } from '../run/index.ts';
import { type Arm, answering } from './arm.ts';
import { attemptIn, SCORED_BY } from './cell.ts';
import type { PlannedAttempt } from './plan.ts';
import { type Score, scored } from './score.ts';
import { sentBudget } from './sent-budget.ts';
import type { EvalTask, World } from './task-set.ts';

export interface AttemptParts {
  arm: Arm;
  task: EvalTask;
  planned: PlannedAttempt;
  run: string;
  store: RunStore;
  /** The arm's own win. */
  limits: RunLimits;
  /** `Infinity` for none. */
  sentTokens: number;
}

/**
 * Makes an attempt. What goes wrong in it is in its log; a world that cannot be made is a failed run, with a score that is
 * unknown.
 *
 * @throws {OptionError} the arm's agent cannot work.
 * @throws {StoreError} the log cannot be written.
 */
export async function makeAttempt(parts: AttemptParts): Promise<void> {
  const { task, planned, store, run } = parts;
  const opened = await openWorld(task, planned.seed);
  try {
    const events = await runAgent(parts, opened);
    const score = await scored(opened.world.score, attemptIn(run, events));
    await appendScore(store, planned, events, score);
  } finally {
    await opened.world.close?.();
  }
}

interface Opened {
  world: World;
  problem?: unknown;
}

async function openWorld(task: EvalTask, seed: number): Promise<Opened> {
  try {
    return { world: await task.open(seed) };
  } catch (problem) {
    const score = () => {
      throw new Error(`There is no world: ${problem instanceof Error ? problem.message : problem}`);
    };
    return { world: { score }, problem };
  }
}

async function runAgent(parts: AttemptParts, { world, problem }: Opened): Promise<readonly RunEvent[]> {
  const { arm, task, planned, run, store, limits, sentTokens } = parts;
  const { seed } = planned;
  const given =
    problem === undefined ? await arm.agent({ task, world, seed }) : answering(arm.name, () => Promise.reject(problem));
  const model = resolveModel(given.model);
  const agent = createAgent({
    guard: allowAll(),
    ...given,
    model: Number.isFinite(sentTokens) ? sentBudget(model, { sentTokens }) : model,
    limits: { ...limits, ...given.limits },
    tools: [world.tools ?? {}, ...[given.tools ?? []].flat()],
    name: arm.name,
    store,
    seed,
  });
  const { reply } = world;
  const result = await agent.run(task.text, {
    run,
    ...(task.answer !== undefined && { answer: task.answer }),
    ...(task.input !== undefined && { input: task.input }),
    ...(world.data !== undefined && { data: world.data }),
    ...(reply !== undefined && { onQuestion: async ({ question }) => reply(question) }),
  });
  return result.log;
}

/** What the environment found and what a model judged are two events: their values are never added up. */
async function appendScore(
  store: RunStore,
  { set, version, task, kind, fold, arm, seed }: PlannedAttempt,
  events: readonly RunEvent[],
  { value, judged, assertions }: Score,
): Promise<void> {
  const last = events.at(-1) as RunEvent;
  const attempt = { set, version, task, kind, fold, arm, seed };
  const reward = (from: 'environment' | 'judge', value: number): NewEvent<'reward'> => ({
    kind: 'reward',
    by: SCORED_BY,
    of: last.seq,
    value,
    from,
    assertions: assertions
      .filter(({ by = 'environment' }) => by === from)
      .map(({ name, verdict, reason }) => ({ name, verdict, reason })),
    attempt,
  });
  const log = await openLog({ store, run: last.run, holder: `${SCORED_BY}-${process.pid}`, clock: systemClock }, false);
  try {
    log.append<'reward'>(reward('environment', value));
    if (judged !== undefined) log.append<'reward'>(reward('judge', judged.value));
  } finally {
    await log.close();
  }
}
