/**
 * The log of an experiment's own run: what was planned, and how far it came. Whoever holds it is alone at work on it.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import {
  canonicalJson,
  digestOf,
  isPoactError,
  type Json,
  LOG_VERSION,
  OptionError,
  type RunEvent,
  systemClock,
} from '../record/index.ts';
import { openLog, type RunLog, type RunStore } from '../run/index.ts';
import { attemptRun, attemptsAt, experimentRun, type Plan } from './plan.ts';

const PLAN_NOTE = 'experiment';

/** How an experiment stands. */
export interface Ending {
  /** Tasks that count, from the first on. */
  tasks: number;
  /** Why these are not all. */
  why?: string;
}

/**
 * Takes hold of the experiment and writes down what is planned, where it is another plan than before.
 *
 * @throws {RunError} `run-busy`: another process is at work on it.
 * @throws {OptionError} `sentTokens` or `limits` are others than those of attempts that are made.
 */
export async function openExperiment(store: RunStore, plan: Plan): Promise<RunLog> {
  const run = experimentRun(plan.name);
  const past = await readIfThere(store, run);
  const holder = `eval-${process.pid}-${randomUUID().slice(0, 8)}`;
  const log = await openLog({ store, run, holder, clock: systemClock }, past === undefined);
  try {
    await requireSameBudget(store, plansIn(log.view.events()), plan);
  } catch (error) {
    await log.close();
    throw error;
  }
  if (past === undefined) appendStart(log, plan);
  else log.append<'resume'>({ kind: 'resume', by: 'eval' });
  if (canonicalJson(planIn(log.view.events())) !== canonicalJson(plan)) {
    log.append<'note'>({ kind: 'note', by: 'eval', name: PLAN_NOTE, value: plan as unknown as Json });
  }
  await log.commit();
  return log;
}

/** Attempts with different budgets are no comparison. */
async function requireSameBudget(store: RunStore, plans: readonly Plan[], plan: Plan): Promise<void> {
  const before = plans.at(-1) ?? plan;
  for (const option of ['sentTokens', 'limits'] as const) {
    const [was, is] = [before[option], plan[option]].map((value) =>
      value === undefined ? 'none' : canonicalJson(value),
    );
    if (was === is || !(await hasAttempts(store, [...plans, plan]))) continue;
    const { name } = plan;
    throw new OptionError(
      option,
      `the attempts of experiment ${name} were made with ${was}, and this is ${is}. Give it what it had, or another name.`,
    );
  }
}

async function hasAttempts(store: RunStore, plans: readonly Plan[]): Promise<boolean> {
  for (const plan of plans) {
    for (const attempt of plan.tasks.flatMap((task) => attemptsAt(plan, task))) {
      if ((await readIfThere(store, attemptRun(plan.name, attempt, 1))) !== undefined) return true;
    }
  }
  return false;
}

function appendStart(log: RunLog, { name, tasks, arms, seeds }: Plan): void {
  const policy = 'experiment';
  log.append<'run-start'>({
    kind: 'run-start',
    by: 'eval',
    version: LOG_VERSION,
    agent: digestOf(policy),
    model: 'none',
    policy,
    tools: {},
    seed: seeds[0] ?? 1,
  });
  const text = `Experiment ${name}: ${tasks.length} tasks, ${arms.length} arms, ${seeds.length} seeds.`;
  log.append<'task'>({ kind: 'task', by: 'eval', parts: [{ text }] });
}

/** Says that it is over, for now. */
export function appendEnd(log: RunLog, { tasks, why }: Ending): void {
  log.append<'run-end'>({
    kind: 'run-end',
    by: 'eval',
    status: 'answered',
    why: why ?? 'All attempts are made.',
    answer: { tasks, ...(why !== undefined && { why }) },
  });
}

/** The last plan in an experiment's log. */
export const planIn = (events: readonly RunEvent[]): Plan | undefined => plansIn(events).at(-1);

const plansIn = (events: readonly RunEvent[]): Plan[] =>
  events.flatMap((event) =>
    event.kind === 'note' && event.name === PLAN_NOTE ? [event.value as unknown as Plan] : [],
  );

/** How the experiment ended; nothing while it is under way, or where it was broken off. */
export function endingIn(events: readonly RunEvent[]): Ending | undefined {
  const last = events.findLast((event) => event.kind === 'run-end' || event.kind === 'resume' || event.kind === 'note');
  return last?.kind === 'run-end' ? (last.answer as unknown as Ending) : undefined;
}

/** A run's events; nothing where there is no such run. */
export async function readIfThere(store: RunStore, run: string): Promise<RunEvent[] | undefined> {
  try {
    return await store.read(run);
  } catch (error) {
    if (isPoactError(error) && error.code === 'run-unknown') return undefined;
    throw error;
  }
}
