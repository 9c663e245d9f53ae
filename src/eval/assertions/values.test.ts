import { expect, it } from 'vitest';
import type { Json } from '../../record/index.ts';
import { equals, near, sameList, sameSet } from './values.ts';

it.each<[Json | undefined, Json, string]>([
  [12, 12, 'pass'],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, 'pass'],
  ['12', 12, 'fail'],
  [[12], 12, 'fail'],
  [undefined, null, 'fail'],
  [null, null, 'pass'],
])('equals: %j for %j is a %s', (actual, expected, verdict) => {
  expect(equals('answer', actual, expected).verdict).toBe(verdict);
});

it.each<[Json | undefined, number, object, string]>([
  [12, 12, {}, 'pass'],
  ['12.0', 12, {}, 'pass'],
  [12.004, 12, { absolute: 0.005 }, 'pass'],
  [12.006, 12, { absolute: 0.005 }, 'fail'],
  [101, 100, { relative: 0.01 }, 'pass'],
  [-12, 12, {}, 'fail'],
  ['', 0, {}, 'fail'],
  [' ', 0, {}, 'fail'],
  ['0x0', 0, {}, 'fail'],
  [[0], 0, {}, 'fail'],
  [true, 1, {}, 'fail'],
  [null, 0, {}, 'fail'],
  [undefined, 0, {}, 'fail'],
  ['12 or 13', 12, {}, 'fail'],
  ['Infinity', 12, { absolute: 1e9 }, 'fail'],
])('near: %j for %d (%j) is a %s', (actual, expected, tolerance, verdict) => {
  expect(near('answer', actual, expected, tolerance).verdict).toBe(verdict);
});

it.each([
  ['an expected value that is no number', () => near('answer', 1, Number.NaN)],
  ['a tolerance that takes everything', () => near('answer', 1, 2, { relative: Number.NaN })],
])('refuses %s', (_title, act) => {
  expect(act).toThrow(/Option/);
});

it.each<[Json | undefined, Json[], string, string]>([
  [['b', 'a'], ['a', 'b'], 'pass', 'fail'],
  [['a', 'b'], ['a', 'b'], 'pass', 'pass'],
  [['a', 'a'], ['a'], 'fail', 'fail'],
  [[], [], 'pass', 'pass'],
  ['ab', ['a', 'b'], 'fail', 'fail'],
  [undefined, [], 'fail', 'fail'],
])('sets and lists: %j for %j is a %s as a set and a %s as a list', (actual, expected, asSet, asList) => {
  expect(sameSet('answer', actual, expected).verdict).toBe(asSet);
  expect(sameList('answer', actual, expected).verdict).toBe(asList);
});

it('compares members as it is told', () => {
  const by = (member: Json) => String(member).toLowerCase();
  expect(sameSet('answer', ['B', 'a'], ['A', 'b'], { by }).verdict).toBe('pass');
});

it('says what was expected and what there was, and cuts what is long', () => {
  expect(equals('answer', 3, 12).reason).toBe('Expected 12, but it is 3.');
  expect(equals('answer', undefined, 12).reason).toBe('Expected 12, but there is no answer.');
  expect(equals('answer', 'x'.repeat(10_000), 12).reason.length).toBeLessThan(500);
});
