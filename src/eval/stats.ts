/**
 * The statistics of comparisons: intervals for shares, paired comparisons. Seeded, so that a table can be printed again.
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
 * Wilson's score interval of a share: `right` of `total`. `right` may be a sum of shares.
 *
 * @example
 * ```ts
 * import { wilson } from 'poact/eval';
 *
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
  /** Pairs in which the second arm is better, and worse. */
  gained: number;
  lost: number;
  /** Mean of the second arm minus the first's, with its bootstrap interval. */
  difference: Interval;
  /** The same as a share of the first arm's mean; `Infinity` where that is 0 and the second's is not. */
  relative: Interval;
  /** McNemar's exact test; of values that are no yes or no, or that come in groups, the sign test over values, or groups. */
  p: number;
}

export interface BootstrapOptions {
  /** @default 1 */
  seed?: number;
  /** Samples that are drawn. @default 10_000 */
  rounds?: number;
  /**
   * What each value belongs to. Values of one group are no independent witnesses (several seeds of one question), so whole
   * groups are drawn. @default each value is a group
   */
  groups?: readonly string[] | undefined;
}

/**
 * Compares two arms on the same tasks: exact McNemar, and a bootstrap over the pairs.
 *
 * @throws {RangeError} the arms have not equally many values.
 * @example
 * ```ts
 * import { comparePaired } from 'poact/eval';
 *
 * comparePaired([true, false, false], [true, true, false]).gained; // 1
 * ```
 */
export function comparePaired(
  first: readonly (boolean | number)[],
  second: readonly (boolean | number)[],
  options: BootstrapOptions = {},
): Paired {
  if (first.length !== second.length) throw new RangeError('Paired arms need the same tasks.');
  const [base, values] = [first.map(Number), second.map(Number)];
  const differences = base.map((value, at) => (values[at] as number) - value);
  const gained = differences.filter((difference) => difference > 0).length;
  const lost = differences.filter((difference) => difference < 0).length;
  const gain = (by: number, of: number) =>
    of !== 0 ? by / of : by === 0 ? 0 : Math.sign(by) * Number.POSITIVE_INFINITY;
  const drawn = resampledMeans([differences, base], options);
  const interval = (value: number, some: readonly number[]): Interval => ({
    value,
    low: quantile(some, 0.025),
    high: quantile(some, 0.975),
  });
  return {
    pairs: first.length,
    gained,
    lost,
    difference: interval(
      mean(differences),
      drawn.map(([by]) => by as number),
    ),
    relative: interval(
      gain(mean(differences), mean(base)),
      drawn.map(([by, of]) => gain(by as number, of as number)),
    ),
    p: signTest(differences, options.groups),
  };
}

/** How likely so uneven a split of values, or of groups, is by chance alone. */
function signTest(differences: readonly number[], groups?: readonly string[]): number {
  const sums = placesOf(differences.length, groups).map((places) => sumAt(differences, places));
  return mcnemarExact(sums.filter((sum) => sum > 0).length, sums.filter((sum) => sum < 0).length);
}

/** Where the values of each group lie. @throws {RangeError} not every value has a group. */
function placesOf(length: number, groups?: readonly string[]): number[][] {
  if (groups === undefined) return Array.from({ length }, (_, at) => [at]);
  if (groups.length !== length) throw new RangeError('Each value needs its group.');
  return [...Map.groupBy(groups.keys(), (at) => groups[at] as string).values()];
}

const sumAt = (values: readonly number[], places: readonly number[]) =>
  places.reduce((sum, at) => sum + (values[at] as number), 0);

/** Means of several series over the same draws: of as many groups as there are, with replacement. */
function resampledMeans(
  series: readonly (readonly number[])[],
  { seed = 1, rounds = 10_000, groups }: BootstrapOptions,
) {
  const random = seededRandom(seed);
  const places = placesOf(series[0]?.length ?? 0, groups);
  const sizes = places.map(({ length }) => length);
  const sums = series.map((values) => places.map((own) => sumAt(values, own)));
  const means: number[][] = [];
  for (let round = 0; round < rounds && places.length > 0; round++) {
    const drawn = sums.map(() => 0);
    let size = 0;
    for (let draw = 0; draw < places.length; draw++) {
      const at = random.below(places.length);
      size += sizes[at] as number;
      for (const [n, values] of sums.entries()) drawn[n] = (drawn[n] as number) + (values[at] as number);
    }
    means.push(drawn.map((sum) => sum / size));
  }
  return means;
}

/** The mean with its 95 % percentile bootstrap interval. */
export function bootstrapMean(values: readonly number[], options: BootstrapOptions = {}): Interval {
  const means = resampledMeans([values], options).map(([value]) => value as number);
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
  // Also between two that are infinite.
  return low === high ? low : low + (high - low) * (at - Math.floor(at));
}

export const median = (values: readonly number[]) => quantile(values, 0.5);

function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= k; i++) sum += Math.log(n - k + i) - Math.log(i);
  return sum;
}
