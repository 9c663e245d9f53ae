/**
 * How much a program's result counts in the vote: less with each thing that speaks against the program.
 *
 * @module
 */
import type { Finding, Json } from '../record/index.ts';
import type { CheckRuleName } from './check/rules.ts';
import type { RuleName } from './rules.ts';

/** Findings on a program that make its result less likely. */
export const WEIGHED: ReadonlySet<string> = new Set<RuleName | CheckRuleName | `ts${number}`>([
  // A field that no row has, and the program gets by without.
  'ts2339',
  'ts2551',
  // What can never be equal is compared.
  'ts2367',
  'named-data-unused',
  'named-text-unused',
  'named-number-unused',
  'example-compared',
  'text-unheld',
  'groups-not-added',
  'share-unworked',
  'place-ignored',
  'named-month-unused',
  'span-ignored',
  'surname-whole',
  'time-ignored',
  'value-unheld',
  'percent-as-fraction',
  'order-dependent',
  'data-unread',
  'value-assumed',
  'number-cut',
  'answer-is-reference',
  'same-counted',
  'named-column-unused',
  'counted-twice',
  'clock-ignored',
  'blank-counted',
  'answer-everything',
  'answer-given',
  'answer-written',
  'answer-repeats',
  'answer-is-number',
  'answer-sentence',
  'argument-invented',
  'result-unused',
  'list-by-name',
  'total-across-rows',
]);

/** What running a program has shown, where others are suspected of its text: it counts twice. */
const SHOWN: ReadonlySet<string> = new Set<RuleName>([
  'order-dependent',
  'blank-counted',
  'text-unheld',
  'number-cut',
  'answer-is-reference',
]);

/** A program with one doubt counts half, with two a third; that it found nothing is one: 0 comes of a wrong condition more often than of the data. */
export function weightOf({ doubts = [], value }: { doubts?: readonly Finding[]; value?: Json }): number {
  const rules = doubts.map(({ rule }) => rule);
  const suspected = rules.filter((rule) => !SHOWN.has(rule)).length;
  const shown = new Set(rules.filter((rule) => SHOWN.has(rule))).size;
  return 1 / (1 + suspected + 2 * shown + (isNothing(value) ? 1 : 0));
}

/** No row met the conditions. */
export const isNothing = (value: Json | undefined) => value === 0 || (Array.isArray(value) && value.length === 0);
