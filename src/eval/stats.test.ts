import { expect, it } from 'vitest';
import { bootstrapMean, comparePaired, mcnemarExact, median, quantile, wilson } from './stats.ts';

it.each([
  [0, 10, 0, 0.2775],
  [5, 10, 0.2366, 0.7634],
  [8, 10, 0.4902, 0.9433],
  [95, 100, 0.8882, 0.9785],
])('gives the Wilson interval of %d of %d', (right, total, low, high) => {
  const interval = wilson(right, total);
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

it('gives the whole range for nothing measured', () => {
  expect(wilson(0, 0)).toMatchObject({ low: 0, high: 1 });
});

it.each([
  [0, 0, 1],
  [5, 0, 0.0625],
  [0, 6, 0.03125],
  [1, 9, 0.021484375],
  [3, 3, 1],
])('gives the exact McNemar probability of %d gained and %d lost', (gained, lost, p) => {
  expect(mcnemarExact(gained, lost)).toBeCloseTo(p, 10);
});

it('compares arms pair by pair', () => {
  const paired = comparePaired([true, false, false, false], [true, true, true, false]);
  expect(paired).toMatchObject({ pairs: 4, gained: 2, lost: 0, p: 0.5 });
  expect(paired.difference.value).toBe(0.5);
  expect(paired.difference.low).toBeGreaterThanOrEqual(0);
  expect(paired.difference.high).toBeLessThanOrEqual(1);
});

it('gives the same bootstrap interval for the same seed', () => {
  const values = [0, 1, 1, 0, 1, 0, 0, 1];
  expect(bootstrapMean(values, { seed: 7 })).toEqual(bootstrapMean(values, { seed: 7 }));
});

it('refuses arms that are not paired', () => {
  expect(() => comparePaired([true], [])).toThrow('Paired arms need the same tasks.');
});

it('interpolates quantiles', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(quantile([0, 10], 0.9)).toBe(9);
});

it('gives the gain relative to the first arm, also where that has nothing', () => {
  const { relative } = comparePaired([1, 0, 1, 0, 0.5], [1, 1, 1, 0, 1]);
  expect(relative.value).toBeCloseTo(0.6);
  expect(relative.low).toBeGreaterThanOrEqual(0);
  expect(comparePaired([0, 0], [1, 0]).relative).toMatchObject({ value: Infinity, high: Infinity });
  expect(comparePaired([0, 0], [0, 0]).relative).toEqual({ value: 0, low: 0, high: 0 });
});

it('gives the same comparison for the same seed', () => {
  const compare = (seed: number) => comparePaired([1, 0, 1, 0, 1, 0], [1, 1, 1, 0, 0, 1], { seed });
  expect(compare(3)).toEqual(compare(3));
});

it('draws whole groups where values are no independent witnesses', () => {
  const [first, second] = [
    Array.from({ length: 40 }, () => 0),
    Array.from({ length: 40 }, (_, at) => (at < 20 ? 1 : 0)),
  ];
  const groups = first.map((_, at) => `template ${Math.floor(at / 10)}`);
  const apart = comparePaired(first, second);
  const grouped = comparePaired(first, second, { groups });
  expect(grouped.difference.value).toBe(apart.difference.value);
  expect(grouped.difference.high - grouped.difference.low).toBeGreaterThan(
    2 * (apart.difference.high - apart.difference.low),
  );
  // Two templates gained, none lost.
  expect([grouped.gained, grouped.p]).toEqual([20, 0.5]);
  expect(apart.p).toBeLessThan(0.001);
  expect(() => bootstrapMean([1, 2], { groups: ['one'] })).toThrow('Each value needs its group.');
});
