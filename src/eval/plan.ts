/**
 * What an experiment is, as data: it stands in the log of the experiment's own run, so that another process finds every attempt
 * by it.
 *
 * @module
 */
import { digestOf, type Json, OptionError } from '../record/index.ts';
import type { RunLimits } from '../run/index.ts';
import type { EvalTask, Fold, TaskSet } from './task-set.ts';

/** A task, as far as a reader of the results needs it. */
export interface PlannedTask {
  set: string;
  version: number;
  task: string;
  kind: string;
  fold: Fold;
  difficulty?: number;
}

/** An experiment, without what it is made with. */
export interface Plan {
  name: string;
  /** In the order in which they are asked. */
  tasks: readonly PlannedTask[];
  arms: readonly string[];
  seeds: readonly number[];
  /** How often an attempt that is found wrong is told so. Left out for never. */
  retries?: number;
  /** Tokens that an attempt may send. Left out for no limit. */
  sentTokens?: number;
  /** Of an attempt, as they were given; `null` for no limit. Left out where none was given. */
  limits?: { readonly [name: string]: Json };
}

/** One task under one arm with one seed. */
export interface PlannedAttempt extends PlannedTask {
  arm: string;
  seed: number;
}

/** The tasks of some sets, as planned. */
export const plannedTasks = (sets: readonly TaskSet[]): PlannedTask[] =>
  sets.flatMap(({ name, version, tasks }) => tasks.map((task) => plannedTask(name, version, task)));

const plannedTask = (set: string, version: number, { id, kind, fold, difficulty }: EvalTask): PlannedTask => ({
  set,
  version,
  task: id,
  kind,
  fold,
  ...(difficulty !== undefined && { difficulty }),
});

/** The attempts at one task: arms that ask the same come one after another. */
export const attemptsAt = ({ arms, seeds }: Plan, task: PlannedTask): PlannedAttempt[] =>
  seeds.flatMap((seed) => arms.map((arm) => ({ ...task, arm, seed })));

/** What an attempt may take, as a plan has it: JSON has no `Infinity`. */
export function plannedBudget(sentTokens: number, limits: RunLimits): Pick<Plan, 'sentTokens' | 'limits'> {
  const given = JSON.parse(JSON.stringify(limits)) as { [name: string]: Json };
  return {
    ...(Number.isFinite(sentTokens) && { sentTokens }),
    ...(Object.keys(given).length > 0 && { limits: given }),
  };
}

/** The run of the experiment itself. */
export const experimentRun = (name: string): string => `experiment-${name}`;

/** The run of the first, second, … try of an attempt. One that was broken off is not gone on with: its world is gone. */
export function attemptRun(
  experiment: string,
  { set, version, task, arm, seed }: PlannedAttempt,
  count: number,
): string {
  const facts: Json = { experiment, set, version, task, arm, seed };
  return `eval-${digestOf(facts).slice(0, 32)}-${count}`;
}

/** @throws {OptionError} the experiment cannot work. */
export function requirePlan({ name, tasks, arms, seeds }: Plan): void {
  if (!/^[\w.-]+$/.test(name)) {
    throw new OptionError('name', `expected letters, digits, ".", "_" and "-", got "${name}".`);
  }
  if (tasks.length === 0) throw new OptionError('sets', 'there is no task in them.');
  if (arms.length === 0) throw new OptionError('arms', 'give at least one.');
  if (seeds.length === 0) throw new OptionError('seeds', 'give at least one.');
  requireUnique(
    'sets',
    tasks.map(({ set, task }) => `${set}/${task}`),
  );
  requireUnique('arms', arms);
  requireUnique('seeds', seeds.map(String));
  const wrong = seeds.find((seed) => !Number.isSafeInteger(seed));
  if (wrong !== undefined) throw new OptionError('seeds', `expected whole numbers, got ${wrong}.`);
}

function requireUnique(option: string, names: readonly string[]): void {
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new OptionError(option, `"${twice}" is there twice.`);
}
