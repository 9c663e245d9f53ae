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
  ['by a column', 'Which customer has most orders?', { about: [orders], near: [], far: [staff, rooms] }],
  [
    'by a value that the doc names',
    'Who earns most in the Design team?',
    { about: [staff], near: [], far: [orders, rooms] },
  ],
  ['all where no word tells', 'What is 2 + 2?', { about: all, near: [], far: [] }],
])('chooses data %s', (_title, task, expected) => {
  expect(dataFor(all, task)).toEqual(expected);
});

it('keeps what shares a word near', () => {
  const { about, near } = dataFor(
    all,
    'What is the salary of the person whose name is first in staff, and which rooms?',
  );
  expect(about).toEqual([staff, rooms]);
  expect(near).toEqual([]);
  expect(dataFor(all, 'Orders of each customer by quantity, with the name').near).toEqual([staff]);
});

it('leaves a text that stands as rows too with its name', () => {
  const rows = { ...orders, source: 'orders.txt' };
  const text = { name: 'ordersText', type: 'string', doc: '', source: 'orders.txt: orders text' };
  expect(dataFor([rows, text], 'Which customer has most orders?').far).toEqual([text]);
  expect(dataFor([text], 'Which customer has most orders?').about).toEqual([text]);
});
