/**
 * One attempt: a world, an agent in it, a run, and its score, which is appended to the run's own log.
 *
 * @module
 */
import { allowAll } from '../guard/index.ts';
import { resolveModel } from '../model/index.ts';
import { type NewEvent, type RunEvent, systemClock } from '../record/index.ts';
import { type Agent, createAgent, openLog, type RunLimits, type RunOptions, type RunStore } from '../run/index.ts';
import { type Arm, answering } from './arm.ts';
import { attemptIn, isMade, SCORED_BY } from './cell.ts';
import { notAsked, outageIn } from './outage.ts';
import type { PlannedAttempt } from './plan.ts';
import { type Score, scored, scoreOf } from './score.ts';
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
  /** How often it is told that it is not right. */
  retries: number;
  /** Asked once it is known what limits hold, an arm's own among them: may it begin? */
  admits(limits: RunLimits): boolean;
}

/** What an attempt is told that was not right. */
export const RETRY_TEXT = 'That is not right. Try again.';

/**
 * Makes an attempt. What goes wrong in it is in its log; a world that cannot be made is a failed run, with a score that is
 * unknown, and so is the score where the model could not be asked.
 *
 * @returns the run's log, with its score; nothing where it may not begin
 * @throws {OptionError} the arm's agent cannot work.
 * @throws {StoreError} the log cannot be written.
 */
export async function makeAttempt(parts: AttemptParts): Promise<readonly RunEvent[] | undefined> {
  const { task, planned, store, run, retries } = parts;
  const opened = await openWorld(task, planned.seed);
  const { world } = opened;
  try {
    const agent = await agentFor(parts, opened);
    if (agent === undefined) return undefined;
    const given = {
      ...(task.answer !== undefined && { answer: task.answer }),
      ...(world.reply !== undefined && { onQuestion: answerWith(world.reply) }),
    };
    let { log } = await agent.run(task.text, {
      run,
      ...given,
      ...(task.input !== undefined && { input: task.input }),
      ...(world.data !== undefined && { data: world.data }),
    });
    for (;;) {
      const why = outageIn(log);
      const score = why === undefined ? await scored(world.score, attemptIn(run, log)) : scoreOf([notAsked(why)]);
      const events = await appendScore(store, planned, log, score);
      if (why !== undefined || isMade(run, events, retries)) return events;
      ({ log } = await agent.continue(run, RETRY_TEXT, given));
    }
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

const answerWith =
  (reply: NonNullable<World['reply']>): NonNullable<RunOptions['onQuestion']> =>
  async ({ question }) =>
    reply(question);

async function agentFor(parts: AttemptParts, { world, problem }: Opened): Promise<Agent | undefined> {
  const { arm, task, planned, store, limits, sentTokens } = parts;
  const { seed } = planned;
  const given =
    problem === undefined ? await arm.agent({ task, world, seed }) : answering(arm.name, () => Promise.reject(problem));
  const own = { ...limits, ...given.limits };
  if (!parts.admits(own)) return undefined;
  const model = resolveModel(given.model);
  return createAgent({
    guard: allowAll(),
    ...given,
    model: Number.isFinite(sentTokens) ? sentBudget(model, { sentTokens }) : model,
    limits: own,
    tools: [world.tools ?? {}, ...[given.tools ?? []].flat()],
    name: arm.name,
    store,
    seed,
  });
}

/** What the environment found and what a model judged are two events: their values are never added up. */
async function appendScore(
  store: RunStore,
  { set, version, task, kind, fold, arm, seed }: PlannedAttempt,
  events: readonly RunEvent[],
  { value, judged, assertions }: Score,
): Promise<readonly RunEvent[]> {
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
    return log.view.events();
  } finally {
    await log.close();
  }
}
