/**
 * The statistics of the measurements: intervals for shares, paired comparisons. Seeded, so that a table can be printed again.
 *
 * @module
 */
import { seededRandom } from '../record/index.ts';

/** A figure with its 95 % interval. */
export interface Interval {
  value: number;
  low: number;
  high: number;
}

/** 97.5th percentile of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * Wilson's score interval of a share: `right` of `total`.
 *
 * @example
 * ```ts
 * wilson(8, 10); // { value: 0.8, low: 0.490…, high: 0.943… }
 * ```
 */
export function wilson(right: number, total: number): Interval {
  if (total === 0) return { value: Number.NaN, low: 0, high: 1 };
  const share = right / total;
  const scale = 1 + (Z * Z) / total;
  const centre = (share + (Z * Z) / (2 * total)) / scale;
  const half = (Z / scale) * Math.sqrt((share * (1 - share)) / total + (Z * Z) / (4 * total * total));
  return { value: share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/**
 * McNemar's exact test, two-sided: how likely is a split as uneven as this among the pairs that differ, by chance alone?
 * `gained` pairs are right only under the second arm, `lost` only under the first.
 */
export function mcnemarExact(gained: number, lost: number): number {
  const differing = gained + lost;
  if (differing === 0) return 1;
  const fewer = Math.min(gained, lost);
  let tail = 0;
  for (let k = 0; k <= fewer; k++) tail += Math.exp(logChoose(differing, k) - differing * Math.LN2);
  return Math.min(1, 2 * tail);
}

/** Pairs of one comparison: the same task under a first and a second arm. */
export interface Paired {
  pairs: number;
  gained: number;
  lost: number;
  /** Share right of the second arm minus the first's, with its bootstrap interval. */
  difference: Interval;
  p: number;
}

/** Compares two arms on the same tasks: exact McNemar, and a bootstrap over the pairs. */
export function comparePaired(
  first: readonly boolean[],
  second: readonly boolean[],
  { seed = 1, rounds = 10_000 }: { /** @default 1 */ seed?: number /** @default 10_000 */; rounds?: number } = {},
): Paired {
  if (first.length !== second.length) throw new RangeError('Paired arms need the same tasks.');
  const differences = first.map((right, index) => Number(second[index]) - Number(right));
  const gained = differences.filter((difference) => difference > 0).length;
  const lost = differences.filter((difference) => difference < 0).length;
  const difference = bootstrapMean(differences, { seed, rounds });
  return { pairs: first.length, gained, lost, difference, p: mcnemarExact(gained, lost) };
}

/** The mean with its 95 % percentile bootstrap interval. */
export function bootstrapMean(values: readonly number[], { seed = 1, rounds = 10_000 } = {}): Interval {
  if (values.length === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const random = seededRandom(seed);
  const means: number[] = [];
  for (let round = 0; round < rounds; round++) {
    let sum = 0;
    for (let draw = 0; draw < values.length; draw++) sum += values[random.below(values.length)] as number;
    means.push(sum / values.length);
  }
  means.sort((a, b) => a - b);
  return { value: mean(values), low: quantile(means, 0.025), high: quantile(means, 0.975) };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The value below which `share` of the values lie, interpolated; `NaN` of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

export const median = (values: readonly number[]) => quantile(values, 0.5);

function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= k; i++) sum += Math.log(n - k + i) - Math.log(i);
  return sum;
}
