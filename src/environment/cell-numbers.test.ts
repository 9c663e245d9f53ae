import { expect, it } from 'vitest';
import { numberReader } from './cell-numbers.ts';

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
