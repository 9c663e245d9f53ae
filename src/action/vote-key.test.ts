import { describe, expect, it } from 'vitest';
import type { Json } from '../record/index.ts';
import { isRounded, keyOf, saysTheSame } from './vote-key.ts';

describe('keyOf', () => {
  it.each<[Json, Json]>([
    [0.1 + 0.2, 0.3],
    ['0.30', 0.3],
    [' Acme  Inc', 'acme inc'],
    [[5], 5],
    [{ total: '61200.00' }, 61_200],
    [
      { a: 1, b: 'X' },
      { b: 'x', a: 1 },
    ],
  ])('is the same for %j and %j', (one, other) => {
    expect(keyOf(one)).toBe(keyOf(other));
  });

  it.each<[Json, Json]>([
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
    [1, 2],
    [[], null],
    ['no', false],
  ])('tells %j from %j', (one, other) => {
    expect(keyOf(one)).not.toBe(keyOf(other));
  });
});

describe('isRounded', () => {
  it.each<[Json, Json, boolean]>([
    [23.58, 23.5769231, true],
    ['23.6', { mean: 23.58 }, true],
    [-0.5, -0.45, true],
    [26261.03, 26261.030000000002, true],
    [23.57, 23.5769231, false],
    [24, 23.58, false],
    [23.58, 23.6, true],
    ['a', 23.58, false],
    [null, 0.1, false],
    [1e-9, 0, false],
  ])('of %j and %j is %j', (one, other, expected) => {
    expect(isRounded(one, other)).toBe(expected);
    expect(isRounded(other, one)).toBe(expected);
  });
});

describe('saysTheSame', () => {
  it.each<[Json, Json, boolean]>([
    [{ supplier: 'Nord', cost: 5565 }, 'Nord: 5565 euros', true],
    [{ supplier: 'Nord', cost: 5565 }, 'The cheapest supplier is Nord with €5,565.00', true],
    [{ supplier: 'Nord', cost: 5565 }, ['Nord', 5565], true],
    [{ supplier: 'Nord', cost: 5565 }, 'Süd: 5565 euros', false],
    [{ supplier: 'Nord', cost: 5565 }, 'Nord: 5566 euros', false],
    [{ supplier: 'Nord', cost: 5565 }, 5565, false],
    ['Nord', 'Nord Sea', false],
  ])('of %j and %j: %j', (one, other, expected) => {
    expect(saysTheSame(one, other)).toBe(expected);
  });
});
