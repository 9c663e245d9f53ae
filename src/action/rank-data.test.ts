import { expect, it } from 'vitest';
import { dataFor } from './rank-data.ts';

const about = (name: string, type: string, doc = '') => ({ name, type, doc, source: `${name}.csv` });
const orders = about('orders', '{ customer: string; quantity: number }[]');
const staff = about(
  'staff',
  '{ name: string; salary: number }[]',
  'staff.csv, 9 rows. Values: team "Design" | "Sales".',
);
const rooms = about('rooms', 'string[]');
const all = [orders, staff, rooms];

it.each([
  ['by a column', 'Which customer has most orders?', [orders]],
  ['by a value that the doc names', 'Who earns most in the Design team?', [staff]],
  ['all where no word tells', 'What is 2 + 2?', all],
])('chooses data %s', (_title, task, expected) => {
  expect(dataFor(all, task)).toEqual(expected);
});

it('chooses nothing among few', () => {
  expect(dataFor([orders, staff], 'customer')).toEqual([orders, staff]);
});
