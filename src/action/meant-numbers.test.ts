import { expect, it } from 'vitest';
import { inWords, meantBy, withPoints } from './meant-numbers.ts';

it.each<[string, number[]]>([
  ['more than fifty euros', [50]],
  ['twenty-five or two hundred and fifty', [25, 250]],
  ['between ten and twenty', [10, 20]],
  ['two thousand three hundred', [2300]],
  ['two million', [2_000_000]],
  ['three dozen', [36]],
  ['über fünfzig', [50]],
  ['often, someone, tens', []],
])('reads words: %s', (text, numbers) => {
  expect(inWords(text)).toEqual(numbers);
});

it.each<[number, string, number]>([
  [2, ' hours', 120],
  [90, '-minute slots', 1.5],
  [2, ' million people', 2_000_000],
  [1.5, 'm', 1_500_000],
  [3, 'k', 3_000],
  [5, ' pm', 17],
  [2, ' decimals', 100],
  [3, ' digits', 100],
  [90, 'th percentile', 0.9],
  [2_500, ' g', 2.5],
  [1.5, ' km', 1_500],
  [250, ' cents', 2.5],
  [3, 'rd quarter', 9],
])('%d%s is also %d', (number, after, meant) => {
  expect(meantBy(number, after)).toContain(meant);
});

it.each<[number, string]>([
  [12, ' pm'],
  [5, ' am'],
  [7, ' days of it'],
  [3, ' orders'],
  [3, ' quarters'],
])('%d%s is not 1, and no hour or month', (number, after) => {
  const meant = meantBy(number, after);
  expect([1, 17, 24, 9].filter((one) => meant.includes(one))).toEqual([]);
});

it.each([
  ['3,5 mm und 1.250,50 €', '3.5 mm und 1250.50 €'],
  ['1,250 and 12,345.50', '1,250 and 12,345.50'],
  ['[3,5] and 3,5,7', '[3,5] and 3,5,7'],
  ['(3,5 mm)', '(3.5 mm)'],
])('makes points of decimal commas: %s', (text, plain) => {
  expect(withPoints(text)).toBe(plain);
});
