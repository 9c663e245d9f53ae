/**
 * What an experiment came to, read off a store alone: any process reads the same.
 *
 * @module
 */
import { RunError, type RunEvent, viewOf } from '../record/index.ts';
import { activeMs, type RunStore, usageOf } from '../run/index.ts';
import { type Cell, cellOf, hasFirstAnswer, isMade, isScored, retriedCell } from './cell.ts';
import { endingIn, planIn, readIfThere } from './experiment-log.ts';
import { attemptRun, attemptsAt, experimentRun, type Plan, type PlannedAttempt } from './plan.ts';

/** An experiment as far as it came. */
export interface ExperimentResult {
  plan: Plan;
  /**
   * Attempts that count, in the order of the plan; of one whose retry is not made, what is known by its first answer. One whose
   * model could not be asked is unknown.
   */
  cells: readonly Cell[];
  /** Attempts of the plan that are not made to their end, or do not count. The same call makes them. */
  missing: number;
  /** Why it ended before all were made. */
  why?: string;
}

/** How an attempt stands. */
export interface Standing {
  /** Where it was made. */
  cell?: Cell;
  /** Where a try was broken off in its retry: its first answer counts, and not that of a later try. */
  first?: Cell;
  /** Where the model could not be asked so far. */
  away?: Cell;
  /** Of the try that was made, or of the next one. */
  run: string;
  /** Tries before that. */
  brokenOff: number;
  /** All tries together. */
  spent: Spent;
}

/** What attempts took, all tries together. */
export interface Spent {
  /** Sent and written. */
  tokens: number;
  /** Of runs whose price is known. */
  costUsd: number;
  /** At work. */
  ms: number;
}

export const noSpent: Spent = { tokens: 0, costUsd: 0, ms: 0 };

export const addSpent = (one: Spent, other: Spent): Spent => ({
  tokens: one.tokens + other.tokens,
  costUsd: one.costUsd + other.costUsd,
  ms: one.ms + other.ms,
});

/**
 * Reads an experiment's results. Every number comes from the logs.
 *
 * @throws {RunError} `run-unknown`: the store has no experiment of this name.
 */
export async function readExperiment(store: RunStore, name: string): Promise<ExperimentResult> {
  const run = experimentRun(name);
  const events = (await readIfThere(store, run)) ?? [];
  const plan = planIn(events);
  if (plan === undefined) {
    throw new RunError('run-unknown', `There is no experiment called ${name} in this store.`, { run });
  }
  const ending = endingIn(events);
  const cells: Cell[] = [];
  let made = 0;
  for (const task of plan.tasks.slice(0, ending?.tasks ?? plan.tasks.length)) {
    for (const attempt of attemptsAt(plan, task)) {
      const { cell, first, away } = await standingOf(store, plan, attempt);
      if (cell !== undefined) made += 1;
      const known = cell ?? first ?? away;
      if (known !== undefined) cells.push(known);
    }
  }
  const missing = plan.tasks.length * plan.arms.length * plan.seeds.length - made;
  return { plan, cells, missing, ...(ending?.why !== undefined && { why: ending.why }) };
}

/** Looks through the tries of an attempt. */
export async function standingOf(
  store: RunStore,
  { name, retries }: Pick<Plan, 'name' | 'retries'>,
  attempt: PlannedAttempt,
): Promise<Standing> {
  let spent = noSpent;
  const known: Pick<Standing, 'first' | 'away'> = {};
  for (let brokenOff = 0; ; brokenOff++) {
    const run = attemptRun(name, attempt, brokenOff + 1);
    const events = await readIfThere(store, run);
    if (events === undefined) return { run, brokenOff, spent, ...known };
    spent = addSpent(spent, spentIn(run, events));
    if (isMade(run, events, retries)) {
      const cell = cellOf(attempt, run, brokenOff, events);
      return { cell: known.first === undefined ? cell : retriedCell(known.first, cell), run, brokenOff, spent };
    }
    if (!isScored(events)) continue;
    if (hasFirstAnswer(events)) known.first ??= cellOf(attempt, run, brokenOff + 1, events);
    else known.away = cellOf(attempt, run, brokenOff, events);
  }
}

/** What one run took. */
export function spentIn(run: string, events: readonly RunEvent[]): Spent {
  const view = viewOf(run, events);
  const { sent, written, costUsd = 0 } = usageOf(view);
  return { tokens: sent + written, costUsd, ms: activeMs(view) };
}
