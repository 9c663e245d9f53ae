import { expect, it } from 'vitest';
import { tableOf } from './table.ts';

const rows = [
  ['EM-1', '2026-01-01', '262'],
  ['EM-2', '2026-01-01', '114'],
  ['EM-1', '2026-02-01', '301'],
];
const header = ['meter', 'read_on', 'kwh'];
const first = { meter: 'EM-1', read_on: '2026-01-01', kwh: 262 };

it.each([
  ['a line', [['Linden Court']]],
  ['a line with a comma', [['Linden Court', ' electricity']]],
  ['several lines', [['Linden Court', ' electricity'], ['Read on the first of each month']]],
])('takes %s above a table for its title', (_what, titles) => {
  const table = tableOf([...titles, header, ...rows]);
  expect(table.rows).toHaveLength(3);
  expect(table.rows[0]).toEqual(first);
  expect(table.notes[0]).toBe(titles.map((row) => row.map((cell) => cell.trim()).join(', ')).join(' '));
});

it.each([
  ['a header that lacks its last name', [['meter', 'read_on'], ...rows], 3, 'meter'],
  ['a row that is broken off', [header, rows[0] as string[], ['EM-9'], rows[1] as string[]], 3, 'meter'],
])('takes no title out of %s', (_what, cells, length, name) => {
  const table = tableOf(cells);
  expect(table.rows).toHaveLength(length);
  expect(Object.keys(table.rows[0] ?? {})[0]).toBe(name);
});

// 1.500 was read as 1.5, beside prices such as 3,99.
it('takes dots for thousands where another column has decimal commas', () => {
  const cells = [
    ['item', 'pieces', 'price', 'kg'],
    ['lamp', '1.500', '3,99', '1.5'],
    ['mug', '12.000', '2,5', '2'],
  ];
  expect(tableOf(cells).rows[0]).toEqual({ item: 'lamp', pieces: 1500, price: 3.99, kg: 1.5 });
  const without = cells.map(([item = '', pieces = '']) => [item, pieces]);
  expect(tableOf(without).rows[0]).toEqual({ item: 'lamp', pieces: 1.5 });
});

it('keeps versions apart, and reads prices as numbers', () => {
  const { rows: read } = tableOf([
    ['pkg', 'version', 'price'],
    ['a', '3.9', '3.9'],
    ['b', '3.10', '3.10'],
    ['c', '3.1', '3.1'],
  ]);
  expect(read[1]).toEqual({ pkg: 'b', version: '3.10', price: 3.1 });
});
