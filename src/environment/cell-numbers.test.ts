import { expect, it } from 'vitest';
import { namesVersion, numberReader } from './cell-numbers.ts';

/** The numbers of a column; nothing where it stays a text. */
const numbersIn = (...cells: string[]) => {
  const reader = numberReader(cells);
  return reader && cells.map(reader.read);
};

it.each([
  ['a code of ISO 4217 before', ['EUR 12.50', 'EUR -3'], [12.5, -3]],
  ['a code of ISO 4217 behind', ['1,200 CHF', '3 CHF'], [1200, 3]],
  ['a sign', ['$5', '$ 6.50'], [5, 6.5]],
])('takes %s for a currency', (_what, cells, expected) => {
  expect(numbersIn(...cells)).toEqual(expected);
});

// Any three capitals were a currency: INV-1001 was read as minus 1001, in INV.
it.each([
  ['INV-1001', 'INV-1002'],
  ['LED-12', 'LED-15'],
  ['ORD1001', 'ORD1002'],
  ['ISO 9001', 'ISO 14001'],
  ['12 KWH', '13 KWH'],
  ['CAD1001', 'CAD1002'],
  ['USD-5', 'USD-6'],
  ['5EUR', '6EUR'],
])('leaves identifiers such as %s a text', (...cells) => {
  expect(numbersIn(...cells)).toBeUndefined();
});

it('gives no number for a cell that is written in another way', () => {
  expect(numberReader(['€5', '€6'])?.read('$7')).toBeUndefined();
  expect(numberReader(['5%', '6 %'])?.read('0.5')).toBeUndefined();
  expect(numberReader(['1,5', '2,5'])?.read('1.5')).toBeUndefined();
  expect(numberReader(['1.5', '2.5'])?.read('1,5')).toBeUndefined();
});

it.each([
  ['all with an exponent', ['12e3', '5e10'], [12_000, 5e10]],
  ['beside fractions', ['1', '2.5', '1e3'], [1, 2.5, 1_000]],
  ['with a sign', ['1', '1e-3'], [1, 0.001]],
  // Codes of letters and digits: 12e3 was read as 12000.
  ['among whole numbers', ['12e3', '3412', '5e10'], undefined],
])('reads numbers %s', (_what, cells, expected) => {
  expect(numbersIn(...cells)).toEqual(expected);
});

it.each([
  [['3.9', '3.10', '3.1'], undefined],
  [
    ['3.10', '3.11'],
    [3.1, 3.11],
  ],
  [
    ['3.9', '3.8'],
    [3.9, 3.8],
  ],
  [
    ['1.0', '2.0'],
    [1, 2],
  ],
])('keeps versions %j where numbers would take two for one', (cells, expected) => {
  const reader = numberReader(cells, { isVersion: true });
  expect(reader && cells.map(reader.read)).toEqual(expected);
  expect(numbersIn(...cells)).toBeDefined();
});

it.each(['version', 'pkgVersion', 'App version', 'min_version', 'Release', 'build no'])(
  'takes %j for versions',
  (name) => {
    expect(namesVersion(name)).toBe(true);
  },
);

it.each(['price', 'conversion', 'buildings', 'release_price', 'build_hours'])(
  'does not take %j for versions',
  (name) => {
    expect(namesVersion(name)).toBe(false);
  },
);
