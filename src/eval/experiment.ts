/**
 * Experiments: tasks under arms with seeds, each attempt a run in one store.
 *
 * An experiment that was killed goes on where it was: what is made is in the store, and what was broken off is made anew, in a new
 * world. Its results are read off the logs (results.ts), so nothing is counted here that a reader would not find.
 *
 * @module
 */
import { requireNonNegative, requirePositive } from '../record/index.ts';
import type { RunLimits, RunStore } from '../run/index.ts';
import type { Arm } from './arm.ts';
import { makeAttempt } from './attempt.ts';
import { type Cell, cellOf, isMade, retriedCell } from './cell.ts';
import { appendEnd, openExperiment } from './experiment-log.ts';
import { attemptsAt, type Plan, type PlannedAttempt, plannedBudget, plannedTasks, requirePlan } from './plan.ts';
import {
  addSpent,
  type ExperimentResult,
  noSpent,
  readExperiment,
  type Spent,
  spentIn,
  standingOf,
} from './results.ts';
import type { EvalTask, TaskSet } from './task-set.ts';

/** What an experiment is made of. */
export interface ExperimentOptions {
  /**
   * Of this experiment in the store. The same name goes on with it; what an arm's agent is must not have changed, and `sentTokens`
   * and `limits` cannot where attempts are made.
   */
  name: string;
  /** With the tasks that are asked: `{ ...set, tasks: selectTasks(set, … ) }`. */
  sets: readonly TaskSet[];
  arms: readonly Arm[];
  /** Of agents and worlds: each attempt is made once with each. @default [1] */
  seeds?: readonly number[];
  store: RunStore;
  /** Tokens that an attempt may send to models, the same for every arm. @default Infinity */
  sentTokens?: number;
  /** Of an attempt; an arm's own win. @default those of any run */
  limits?: RunLimits;
  /** Of the whole experiment, broken-off tries included: no attempt begins that might pass it. @default no limit */
  budget?: Partial<Spent>;
  /**
   * How often an attempt that the environment finds wrong is told so and goes on, in its world and on what is left of its tokens.
   * What counts is the first answer; that of the last stands beside it (`successWithRetry`). @default 0
   */
  retries?: number;
  /** Attempts at once. @default 1 */
  parallel?: number;
  /**
   * Asked after each task, in order, with the cells up to it: a reason ends the experiment there, and what was begun beyond does
   * not count. @default nothing ends it early
   */
  stop?: (cells: readonly Cell[]) => string | undefined;
  /** Hears of each attempt that is made, or was found made. */
  on?: (cell: Cell) => void;
  /** Aborted, no further attempt begins; those under way are finished. */
  signal?: AbortSignal;
}

/**
 * Makes what is not made yet of an experiment, and gives its results.
 *
 * @throws {OptionError} an option cannot work; it names the option.
 * @throws {RunError} `run-busy`: another process is at work on this experiment.
 * @throws {StoreError} the store cannot be written.
 * @example
 * ```ts
 * import { experiment, oracleArm, randomArm } from 'poact/eval';
 *
 * const { cells } = await experiment({ name: 'floor', sets: [sums], arms: [oracleArm(), randomArm()], store });
 * ```
 */
export async function experiment(options: ExperimentOptions): Promise<ExperimentResult> {
  const { name, sets, arms, seeds = [1], store, parallel = 1, sentTokens = Number.POSITIVE_INFINITY } = options;
  const { retries = 0, limits = {} } = options;
  if (retries !== 0) requirePositive({ retries });
  const plan: Plan = {
    name,
    tasks: plannedTasks(sets),
    arms: arms.map((arm) => arm.name),
    seeds,
    ...(retries > 0 && { retries }),
    ...plannedBudget(sentTokens, limits),
  };
  requirePlan(plan);
  requirePositive({ parallel, sentTokens });
  for (const [amount, most] of Object.entries(options.budget ?? {})) requireNonNegative({ [`budget.${amount}`]: most });

  const log = await openExperiment(store, plan);
  try {
    const state = await stateIn(plan, options);
    const workers = Array.from({ length: Math.min(parallel, state.places.length) }, () => work(state, options));
    // None is left at work on a store that is handed back.
    const failed = (await Promise.allSettled(workers)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    const { why } = state;
    appendEnd(log, { tasks: state.tasks, ...(why !== undefined && { why }) });
  } finally {
    await log.close();
  }
  return readExperiment(store, name);
}

/** One attempt of the plan, made or not. */
interface Place {
  attempt: PlannedAttempt;
  task: EvalTask;
  arm: Arm;
  /** Of the try that was made, or of the next one; `brokenOff` came before it. */
  run: string;
  brokenOff: number;
  cell?: Cell;
  /** Of an earlier try that was broken off in its retry. */
  first?: Cell;
}

interface State {
  /** In the order of the plan. */
  places: readonly Place[];
  /** The first place that no worker has looked at. */
  next: number;
  /** Tasks whose attempts are all made, from the first on, without a gap. */
  done: number;
  perTask: number;
  spent: Spent;
  /** What each of those under way may take. */
  held: Set<Spent>;
  /** Tasks that count. */
  tasks: number;
  /** Why nothing more begins. */
  why: string | undefined;
}

/** What is in the store already. */
async function stateIn(plan: Plan, { sets, arms, store, ...options }: ExperimentOptions): Promise<State> {
  const tasks = sets.flatMap((set) => set.tasks);
  const armOf = new Map(arms.map((arm) => [arm.name, arm]));
  const places: Place[] = [];
  let spent = noSpent;
  for (const [at, planned] of plan.tasks.entries()) {
    for (const attempt of attemptsAt(plan, planned)) {
      const { spent: more, ...standing } = await standingOf(store, plan, attempt);
      spent = addSpent(spent, more);
      if (standing.cell !== undefined) options.on?.(standing.cell);
      places.push({ attempt, task: tasks[at] as EvalTask, arm: armOf.get(attempt.arm) as Arm, ...standing });
    }
  }
  const perTask = plan.arms.length * plan.seeds.length;
  const at = { next: 0, done: 0, held: new Set<Spent>(), tasks: plan.tasks.length, why: undefined };
  const state: State = { places, perTask, spent, ...at };
  advance(state, options.stop);
  return state;
}

/** Makes one attempt after another. */
async function work(state: State, options: ExperimentOptions): Promise<void> {
  const { store, limits = {}, sentTokens = Number.POSITIVE_INFINITY, retries = 0, budget = {} } = options;
  for (let place = take(state, options); place !== undefined; place = take(state, options)) {
    const { attempt: planned, task, arm, run, brokenOff, first } = place;
    let held = noSpent;
    const admits = (own: RunLimits) => {
      held = mostOf(own, retries);
      state.why ??= overBudget(state, budget, held);
      if (state.why === undefined) state.held.add(held);
      return state.why === undefined;
    };
    try {
      const events = await makeAttempt({ planned, task, arm, run, store, limits, sentTokens, retries, admits });
      if (events === undefined) return;
      state.spent = addSpent(state.spent, spentIn(run, events));
      const cell = cellOf(planned, run, brokenOff, events);
      place.cell = first === undefined ? cell : isMade(run, events, retries) ? retriedCell(first, cell) : first;
      options.on?.(place.cell);
      advance(state, options.stop);
    } catch (error) {
      state.why ??= 'An attempt could not be made.';
      throw error;
    } finally {
      state.held.delete(held);
    }
  }
}

/** The next attempt that is to be made; nothing where none may begin. */
function take(state: State, { signal, budget = {} }: ExperimentOptions): Place | undefined {
  while (state.places[state.next]?.cell !== undefined) state.next += 1;
  const place = state.places[state.next];
  if (place === undefined) return undefined;
  state.why ??= signal?.aborted ? 'It was stopped.' : overBudget(state, budget, noSpent);
  if (state.why !== undefined) return undefined;
  state.next += 1;
  return place;
}

/** What an attempt may take, where its limits say so: they hold for each of its answers. */
function mostOf(limits: RunLimits, retries: number): Spent {
  const most = (limit = Number.POSITIVE_INFINITY) => (Number.isFinite(limit) ? limit * (1 + retries) : 0);
  return { tokens: most(limits.tokens), costUsd: most(limits.costUsd), ms: most(limits.ms) };
}

/** Says why one more attempt might pass the budget: what those under way may yet take counts as taken. */
function overBudget({ spent, held }: State, budget: Partial<Spent>, next: Spent): string | undefined {
  const taken = [...held].reduce(addSpent, spent);
  for (const amount of ['tokens', 'costUsd', 'ms'] as const) {
    const most = budget[amount] ?? Number.POSITIVE_INFINITY;
    if (spent[amount] < most && taken[amount] + next[amount] <= most) continue;
    const more = next[amount] === 0 ? '' : `, and one more attempt may take ${next[amount]}`;
    return `The budget of the experiment is spent: ${spent[amount]} of ${most}${more} (\`budget.${amount}\`).`;
  }
  return undefined;
}

/** Asks after each task that is now done whether that is enough. */
function advance(state: State, stop: ExperimentOptions['stop']): void {
  const { places, perTask } = state;
  while (state.done < state.tasks) {
    const upTo = (state.done + 1) * perTask;
    if (places.slice(state.done * perTask, upTo).some(({ cell }) => cell === undefined)) return;
    state.done += 1;
    const why = stop?.(places.slice(0, upTo).map(({ cell }) => cell as Cell));
    if (why === undefined) continue;
    state.tasks = state.done;
    state.why = why;
    return;
  }
}
