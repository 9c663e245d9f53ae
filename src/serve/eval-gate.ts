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
  sentRatio: ({ sentRatio }) => sentRatio,
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

/** Which conditions hold, each as a sentence. */
export function failuresOf(
  conditions: readonly Condition[],
  rows: readonly ArmRow[],
  comparisons: readonly Comparison[],
): string[] {
  return conditions.flatMap(({ text, figure, sign, bound }) => {
    const figures = [
      ...rows.map((row) => ({ arm: row.arm, is: OF_ARM[figure]?.(row) })),
      ...comparisons.map((comparison) => ({ arm: comparison.second, is: OF_COMPARISON[figure]?.(comparison) })),
    ];
    return figures
      .filter(({ is }) => is !== undefined && (sign === '<' ? is < bound : is > bound))
      .map(({ arm, is }) => `${arm}: ${figure} is ${Number((is as number).toPrecision(4))} (${text}).`);
  });
}
