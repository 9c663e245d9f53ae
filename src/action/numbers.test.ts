import { expect, it } from 'vitest';
import { holds, isCommon, literalsOf, numbersIn, numbersOf, percentagesIn, withoutComments } from './numbers.ts';

it.each([
  ['500 lamps at 1,250.50', [500, 1250.5]],
  ['on 2024-05-01 at 10:30', []],
  ['item3, v2.1, Q4', []],
  ['-3 and 1_000 and 1e3', [-3, 1000, 1000]],
  ['f(12) + [7,8]', [12, 7, 8]],
  ['7 % or 7%', [7, 7]],
  ['1.2.3', []],
  ['costs 12. Then 5, too', [12, 5]],
])('reads the numbers of %j', (text, numbers) => {
  expect(numbersIn(text)).toEqual(numbers);
});

it('reads numbers of JSON, in texts too', () => {
  expect(numbersOf({ a: 1, b: ['2 kg', { c: null }] })).toEqual([1, 2]);
});

it('reads percentages', () => {
  expect(percentagesIn('7 % or 2.5 percent, 3 per cent, 4 apples')).toEqual([7, 2.5, 3]);
  expect(percentagesIn('3,5 % oder 4 Prozent')).toEqual([3.5, 4]);
});

it.each([
  [[1234.5678], 1234.57, true],
  [[1234.5678], 1235, true],
  [[1234.5678], 1236, false],
  [[7], 0.07, true],
  [[7], 1.07, true],
  [[7], 0.93, true],
  [[7], 8, false],
  [[40], -40, true],
])('%j holds %d: %s', (numbers, number, expected) => {
  expect(holds(new Set(numbers), number)).toBe(expected);
});

it.each([
  [3, true],
  [100, true],
  [1000, true],
  [365, true],
  [0.01, true],
  [60_000, true],
  [86_400_000, true],
  [1440, true],
  [17, false],
  [500, false],
])('%d needs no source: %s', (number, expected) => {
  expect(isCommon(number)).toBe(expected);
});

it('leaves comments out, and texts in', () => {
  expect(withoutComments('a // 12\n/* 13 */ b "http://x"')).toBe('a \n  b "http://x"');
});

it('takes no place in a text for a value', () => {
  expect(literalsOf('t.slice(11, 16) + t.at(-25) + String(n).padStart(17, " ") + pick(44)')).toEqual([44]);
});
