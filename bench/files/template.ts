/**
 * What a question template is: it invents data, asks in one of several wordings, and works the answer out by itself.
 *
 * @module
 */
import type { Half, Kind, MadeFile } from './kinds.ts';
import type { World } from './world.ts';

/** What the answer must be, and how near. */
export type AnswerForm =
  /** A whole number, exactly. */
  | { form: 'count' }
  /** Within 0.5 %. */
  | { form: 'number' }
  /** Rounded as the question asks: half a unit of the last decimal is allowed. */
  | { form: 'rounded'; decimals: number }
  /** A name: case and space around it do not matter. */
  | { form: 'name' }
  /** Names; `ordered` where the question asks for an order. */
  | { form: 'names'; ordered: boolean };

export type Answer = number | string | readonly string[];

export type Feature =
  | 'sum'
  | 'count'
  | 'mean'
  | 'join'
  | 'filter'
  | 'date'
  | 'text'
  | 'ratio'
  | 'tie'
  | 'missing'
  | 'ranking'
  | 'distinct'
  | 'nested'
  | 'order'
  | 'rounding';

export interface Asked {
  /** The same question in other words; one is taken. */
  wordings: readonly [string, string, string];
  files: readonly MadeFile[];
  answer: Answer;
  form: AnswerForm;
}

export interface Template {
  id: string;
  half: Half;
  kinds: readonly Kind[];
  features: readonly Feature[];
  ask(world: World): Asked;
}

/** A template of the development half. */
export const development = (
  id: string,
  kinds: readonly Kind[],
  features: readonly Feature[],
  ask: (world: World) => Asked,
): Template => ({ id, half: 'development', kinds, features, ask });

export const round = (value: number, decimals: number) =>
  Math.round((value + Number.EPSILON) * 10 ** decimals) / 10 ** decimals;

export const sumOf = <T>(rows: readonly T[], value: (row: T) => number) =>
  rows.reduce((sum, row) => sum + value(row), 0);

/** Half a unit lies between: whether it is rounded up or down would depend on the language. */
export const isOnEdge = (value: number, decimals: number) => Math.abs(((value * 10 ** decimals) % 1) - 0.5) < 1e-6;

/** The first of some totals is well ahead. */
export const isClear = ([first, second]: readonly [string, number][]) => (first?.[1] ?? 0) > (second?.[1] ?? 0);

/** How often each key occurs, most frequent first. */
export function tally(keys: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** The keys that occur most, in alphabetical order. */
export function mostFrequent(keys: readonly string[]): string[] {
  const counted = tally(keys);
  return counted
    .filter(([, count]) => count === counted[0]?.[1])
    .map(([key]) => key)
    .sort();
}

/** Totals of groups of rows, the largest first. */
export function byTotal<T>(rows: readonly T[], key: (row: T) => string, value: (row: T) => number): [string, number][] {
  const totals = new Map<string, number>();
  for (const row of rows) totals.set(key(row), (totals.get(key(row)) ?? 0) + value(row));
  return [...totals].sort((a, b) => b[1] - a[1]);
}
