/**
 * An experiment as a table: what each arm came to, and how the arms differ on the same tasks.
 *
 * @module
 */
import { OptionError } from '../record/index.ts';
import type { Cell } from './cell.ts';
import { pairsOf, successIn, taskKey } from './pairs.ts';
import type { ExperimentResult } from './results.ts';
import { comparePaired, type Interval, mean, type Paired, wilson } from './stats.ts';

/** One arm over its attempts; means are per attempt. */
export interface ArmRow {
  arm: string;
  attempts: number;
  /** Share of attempts that succeeded, each task counting once: Wilson's interval. */
  success: Interval;
  /** Share of attempts whose last answer was right, where some were told that the first was not. */
  successWithRetry?: number;
  /** Mean share of assertions that passed. */
  value: number;
  /** Share of attempts that could not be judged whole. */
  unknown: number;
  /** Share of judged attempts that succeeded by the word of a model; left out where none was judged. */
  judged?: number;
  /** Shares of attempts. */
  warned: number;
  wrongWithoutWarning: number;
  steps: number;
  modelCalls: number;
  toolCalls: number;
  /** Share of tool calls. */
  failedCalls: number;
  /** Share of model calls. */
  inventedObservations: number;
  sent: number;
  evaluated: number;
  written: number;
  /** Left out where a price is unknown. */
  costUsd?: number;
  seconds: number;
}

/** Two arms on the tasks that both did. */
export interface Comparison extends Paired {
  first: string;
  second: string;
  /** Tokens that the second arm sent, for one of the first. */
  sentRatio: number;
}

/** Success of one arm in one group of tasks. */
export interface GroupRow {
  group: string;
  arm: string;
  attempts: number;
  success: Interval;
}

export interface ResultTable {
  experiment: string;
  tasks: number;
  seeds: number;
  missing: number;
  why?: string;
  rows: readonly ArmRow[];
  comparisons: readonly Comparison[];
  /** By set, or as it was asked; left out where there is one group. */
  groups?: readonly GroupRow[];
}

export interface TableOptions {
  /** The arm that the others are compared with. @default the first */
  against?: string;
  /** @default 'set' */
  by?: 'set' | 'kind' | 'fold' | 'difficulty';
}

/**
 * Builds the table.
 *
 * @throws {OptionError} `against` is no arm of the experiment.
 */
export function tableOf(result: ExperimentResult, { against, by = 'set' }: TableOptions = {}): ResultTable {
  const { plan, cells, missing, why } = result;
  const base = against ?? (plan.arms[0] as string);
  if (!plan.arms.includes(base)) {
    throw new OptionError('against', `there is no arm "${base}". There are: ${plan.arms.join(', ')}.`);
  }
  const arms = plan.arms.filter((arm) => cells.some((cell) => cell.arm === arm));
  const groups = groupsOf(cells, arms, by);
  return {
    experiment: plan.name,
    tasks: plan.tasks.length,
    seeds: plan.seeds.length,
    missing,
    ...(why !== undefined && { why }),
    rows: arms.map((arm) =>
      rowOf(
        arm,
        cells.filter((cell) => cell.arm === arm),
      ),
    ),
    comparisons: arms.filter((arm) => arm !== base).flatMap((arm) => comparisonOf(cells, base, arm)),
    ...(groups.length > arms.length && { groups }),
  };
}

function rowOf(arm: string, cells: readonly Cell[]): ArmRow {
  const average = (of: (cell: Cell) => number | boolean) => mean(cells.map((cell) => Number(of(cell))));
  const sum = (of: (cell: Cell) => number) => cells.reduce((all, cell) => all + of(cell), 0);
  const share = (part: number, of: number) => (of === 0 ? 0 : part / of);
  const judged = cells.flatMap((cell) => (cell.judged === undefined ? [] : [Number(cell.judged.success)]));
  const isPriced = cells.every(({ costUsd }) => costUsd !== undefined);
  return {
    arm,
    attempts: cells.length,
    success: successOf(cells),
    ...(cells.some(({ retried = 0 }) => retried > 0) && {
      successWithRetry: average(({ success, successWithRetry = success }) => successWithRetry),
    }),
    value: average(({ value }) => value),
    unknown: average(({ unknown }) => unknown),
    ...(judged.length > 0 && { judged: mean(judged) }),
    warned: average(({ warnings }) => warnings.length > 0),
    wrongWithoutWarning: average((cell) => cell.wrongWithoutWarning),
    steps: average(({ steps }) => steps),
    modelCalls: average(({ modelCalls }) => modelCalls),
    toolCalls: average(({ toolCalls }) => toolCalls),
    failedCalls: share(
      sum(({ failedCalls }) => failedCalls),
      sum(({ toolCalls }) => toolCalls),
    ),
    inventedObservations: share(
      sum(({ inventedObservations }) => inventedObservations),
      sum(({ modelCalls }) => modelCalls),
    ),
    sent: average(({ sent }) => sent),
    evaluated: average(({ evaluated }) => evaluated),
    written: average(({ written }) => written),
    ...(isPriced && { costUsd: average(({ costUsd = 0 }) => costUsd) }),
    seconds: average(({ seconds }) => seconds),
  };
}

/** Attempts at one task are no independent ones: each task counts once, by its share. */
function successOf(cells: readonly Cell[]): Interval {
  const tasks = [...Map.groupBy(cells, taskKey).values()];
  const shares = tasks.map(successIn);
  return wilson(
    shares.reduce((sum, share) => sum + share, 0),
    tasks.length,
  );
}

function comparisonOf(cells: readonly Cell[], first: string, second: string): Comparison[] {
  const pairs = pairsOf(cells, first, second);
  if (pairs.length === 0) return [];
  const sent = (some: readonly Cell[]) => some.reduce((sum, cell) => sum + cell.sent, 0);
  const paired = comparePaired(
    pairs.map((pair) => successIn(pair.first)),
    pairs.map((pair) => successIn(pair.second)),
  );
  const sentRatio = sent(pairs.flatMap((pair) => pair.second)) / sent(pairs.flatMap((pair) => pair.first));
  return [{ first, second, ...paired, sentRatio }];
}

function groupsOf(cells: readonly Cell[], arms: readonly string[], by: NonNullable<TableOptions['by']>): GroupRow[] {
  const groups = Map.groupBy(cells, (cell) => String(cell[by] ?? 'none'));
  return [...groups].flatMap(([group, some]) =>
    arms.flatMap((arm) => {
      const own = some.filter((cell) => cell.arm === arm);
      return own.length === 0 ? [] : [{ group, arm, attempts: own.length, success: successOf(own) }];
    }),
  );
}
