/**
 * Conditions under which an evaluation fails: for a CI that asks "did my change hurt?".
 *
 * @module
 */
import type { ArmRow, Comparison } from '../eval/index.ts';
import { UsageError } from './exit-codes.ts';

/** What a condition may be about: of an arm. Shares from 0 to 1, the rest in its unit, per attempt. */
const OF_ARM: { readonly [name: string]: (row: ArmRow) => number | undefined } = {
  success: ({ success }) => success.value,
  value: ({ value }) => value,
  unknown: ({ unknown }) => unknown,
  warned: ({ warned }) => warned,
  wrongWithoutWarning: ({ wrongWithoutWarning }) => wrongWithoutWarning,
  failedCalls: ({ failedCalls }) => failedCalls,
  inventedObservations: ({ inventedObservations }) => inventedObservations,
  modelCalls: ({ modelCalls }) => modelCalls,
  toolCalls: ({ toolCalls }) => toolCalls,
  steps: ({ steps }) => steps,
  sent: ({ sent }) => sent,
  written: ({ written }) => written,
  seconds: ({ seconds }) => seconds,
  costUsd: ({ costUsd }) => costUsd,
};

/** Of an arm against the same arm of an earlier experiment. */
const OF_COMPARISON: { readonly [name: string]: (comparison: Comparison) => number } = {
  difference: ({ difference }) => difference.value,
  differenceAtMost: ({ difference }) => difference.high,
  lost: ({ lost }) => lost,
  // Nothing then and nothing now is as much.
  sentRatio: ({ sentRatio }) => (Number.isNaN(sentRatio) ? 1 : sentRatio),
};

/** One condition. */
export interface Condition {
  text: string;
  figure: string;
  sign: '<' | '>';
  bound: number;
}

const CONDITION = /^([A-Za-z]+)\s*([<>])\s*(-?\d+(?:\.\d+)?)$/;

/**
 * Reads conditions with commas between.
 *
 * @throws {UsageError} one is none, or needs `--against`.
 * @example
 * ```ts
 * conditionsIn('success<0.8', false); // [{ text: 'success<0.8', figure: 'success', sign: '<', bound: 0.8 }]
 * ```
 */
export function conditionsIn(given: string, compares: boolean): Condition[] {
  return given.split(',').map((part) => {
    const text = part.trim();
    const [, figure = '', sign = '', bound = ''] = CONDITION.exec(text) ?? [];
    if (Object.hasOwn(OF_COMPARISON, figure) && !compares) {
      throw new UsageError(`--fail-if: ${figure} compares with an earlier experiment. Name it with --against.`);
    }
    if (!Object.hasOwn(OF_ARM, figure) && !Object.hasOwn(OF_COMPARISON, figure)) {
      const known = [...Object.keys(OF_ARM), ...Object.keys(OF_COMPARISON)].join(', ');
      throw new UsageError(`--fail-if: "${text}" is no condition. Write one as success<0.8. There are: ${known}.`);
    }
    return { text, figure, sign: sign as '<' | '>', bound: Number(bound) };
  });
}

/** What came of an evaluation, as far as conditions are about it. */
export interface Gated {
  /** All that were asked for, those without an attempt too. */
  arms: readonly string[];
  rows: readonly ArmRow[];
  comparisons: readonly Comparison[];
}

/** Which conditions hold of an arm, each as a sentence; and of which arms there is no figure to tell by: nothing passes unseen. */
export function failuresOf(conditions: readonly Condition[], gated: Gated): string[] {
  return conditions.flatMap(({ text, figure, sign, bound }) =>
    gated.arms.flatMap((arm) => {
      const is = figureOf(figure, arm, gated);
      if (typeof is === 'string') return [`${arm}: there is no figure for ${figure}: ${is} (${text}).`];
      const holds = sign === '<' ? is < bound : is > bound;
      return holds ? [`${arm}: ${figure} is ${Number(is.toPrecision(4))} (${text}).`] : [];
    }),
  );
}

/** A figure, or why there is none. */
function figureOf(figure: string, arm: string, { rows, comparisons }: Gated): number | string {
  const ofArm = OF_ARM[figure];
  const row = rows.find((one) => one.arm === arm);
  const comparison = comparisons.find(({ second }) => second === arm);
  if (row === undefined) return 'none of its attempts is made';
  if (ofArm === undefined && comparison === undefined) return 'no task of this arm is in both experiments';
  const is = ofArm === undefined ? comparison && OF_COMPARISON[figure]?.(comparison) : ofArm(row);
  if (is === undefined || Number.isNaN(is)) return figure === 'costUsd' ? 'a price is unknown' : 'it is not known';
  return is;
}
