import { expect, it } from 'vitest';
import type { Json } from '../../record/index.ts';
import { normalised, sameShortAnswer } from './short-answer.ts';

it.each([
  ['The  Beatles!', 'beatles'],
  ['a.b-c', 'abc'],
  ['An apple, the pear', 'apple pear'],
  ['theatre', 'theatre'],
  ['', ''],
])('normalises %j to %j', (text, expected) => {
  expect(normalised(text)).toBe(expected);
});

it.each<[Json | undefined, string, boolean]>([
  ['the Beatles', 'Beatles', true],
  [1999, '1999', true],
  [true, 'yes', true],
  [false, 'yes', false],
  ['Beatles or Kinks', 'Beatles', false],
  ['', 'The', false],
  ['a', 'The', false],
  [undefined, 'yes', false],
  [['Beatles'], 'Beatles', false],
  ['the the', 'The The', true],
  ['the', 'The The', false],
])('%j for %j: %s', (answer, expected, right) => {
  expect(sameShortAnswer(answer, expected)).toBe(right);
});
