import { expect, it } from 'vitest';
import type { DataVariable } from '../record/index.ts';
import { dataFindings } from './review-data.ts';
import { dateFindings } from './review-dates.ts';

const rentals: DataVariable = {
  name: 'rentals',
  type: '{ day: string; minutes: number }[]',
  shown: '{ day: string /* "2026-06-02" to "2026-07-14", in no order */; minutes: number }[]',
  doc: '',
  source: '',
};
const long: DataVariable = { ...rentals, shown: '{ day: string /* "2025-06-02" to "2026-07-14" */ }[]' };
const look = (task: string, code: string, used = [rentals]) =>
  dateFindings({ code, used, task, on: () => true }).map(({ rule, remedy }) => [rule, remedy]);

it.each([
  ['Which day in June had the most minutes?', [rentals], 'Keep the rows with `day.startsWith("2026-06")`.'],
  ['How many rentals in June?', [long], 'Keep the rows with `day.slice(5, 7) === "06"`.'],
  ['How many rentals came in June 2025?', [long], 'Keep the rows with `day.startsWith("2025-06")`.'],
])('tells of a month that a program leaves out: %s', (task, used, remedy) => {
  expect(look(task, 'answer(rentals.length)', used)).toEqual([['named-month-unused', remedy]]);
});

const orders: DataVariable = {
  ...rentals,
  name: 'orders',
  shown:
    '{ ordered: string /* "2026-04-02" to "2026-07-14" */; delivered: string /* "2026-04-09" to "2026-07-30" */; "Paid on": string /* "2025-04-09" to "2026-07-30" */ }[]',
};

it.each([
  ['How many orders were delivered in June?', 'answer(orders.length)', 'delivered.startsWith("2026-06")'],
  ['How many delivery days were there in June?', 'answer(orders.length)', 'delivered.startsWith("2026-06")'],
  ['How many ordered things were paid in June?', 'answer(orders.length)', 'row["Paid on"].slice(5, 7) === "06"'],
  ['How many came in June?', 'answer(orders.map((o) => o.delivered).length)', 'delivered.startsWith("2026-06")'],
  ['How many came in June?', 'answer(orders.length)', 'ordered.startsWith("2026-06")'],
])('takes the date that is meant: %s %s', (task, code, condition) => {
  expect(look(task, code, [orders])).toEqual([['named-month-unused', `Keep the rows with \`${condition}\`.`]]);
});

it.each([
  ['r.day.slice(5, 7) === r.day.slice(8, 10)', 1],
  ['Number(r.day.slice(5, 7)) === 5', 0],
  ['5 === parseInt(r.day.split("-")[1])', 0],
  ['[4, 5].includes(Number(r.day.substr(5, 2)))', 0],
  ['r.minutes === 5', 1],
])('knows May as a number where a date is taken apart: %s', (condition, found) => {
  expect(look('How many rentals in May?', `rentals.filter((r) => ${condition})`)).toHaveLength(found);
});

it.each([
  ['How many rentals in June?', 'rentals.filter((r) => r.day.startsWith("2026-06"))'],
  ['How many rentals in June?', 'rentals.filter((r) => r.day.split("-")[1] === "06")'],
  ['How many rentals in June?', 'rentals.filter((r) => new Date(r.day).getMonth() === 5)'],
  ['How many rentals from June to July?', 'rentals.filter((r) => r.day < "2026-08-01" && r.day >= "2026-06-01")'],
  ['How many rentals of Mr June?', 'rentals.length'],
  ['How many rentals?', 'rentals.length'],
])('is silent where the month is kept, or none is named: %s %s', (task, code) => {
  expect(look(task, code)).toEqual([]);
});

it.each([
  'How many rentals were there after 30 June 2026?',
  'On 30 June 2026, how many were running (begun by then, not over before that day)?',
  'How many rentals since 2026-06-30?',
])('tells that a span is more than its day: %s', (task) => {
  const rules = (code: string) => look(task, code).map(([rule]) => rule);
  expect(rules('rentals.filter((r) => r.day === "2026-06-30").length')).toEqual(['span-ignored']);
  expect(rules('rentals.filter((r) => r.day > "2026-06-30").length')).toEqual([]);
  expect(rules('rentals.filter((r) => r.day === "2026-06-01").length')).toEqual([]);
});

it.each([
  ['Which rental was the latest?', 'answer(rentals.sort((a, b) => b.minutes - a.minutes)[0])', true],
  ['Who was the last to rent?', 'answer(rentals.at(-1).minutes)', true],
  ['Which rental was the latest?', 'answer(rentals.sort((a, b) => (a.day < b.day ? 1 : -1))[0])', false],
  ['Which rental was the longest?', 'answer(rentals.sort((a, b) => b.minutes - a.minutes)[0])', false],
])('tells of a program that looks at no date for what was first or last: %s %s', (task, code, found) => {
  expect(look(task, code)).toEqual(found ? [['time-ignored', 'Compare `day`.']] : []);
});

it('looks for a day where the task asks for one', () => {
  expect(look('How many rentals on 30 June 2026?', 'rentals.filter((r) => r.day === "2026-06-30").length')).toEqual([]);
});

it('groups the rows of the month alone, and takes no month for a day', () => {
  const data = new Map([['rentals', rentals]]);
  const all = (task: string, code: string) =>
    dataFindings({ code, data, task, told: [], on: () => true }).map(({ rule, remedy }) => [rule, remedy]);
  expect(all('Which day of June has the highest total of minutes?', 'answer(rentals[0].day)')[0]).toEqual([
    'groups-not-added',
    'Rank the groups: `const ranked = Object.entries(Object.groupBy(rentals.filter((row) => row.day.startsWith("2026-06")), (row) => row.day)).map(([name, rows = []]) => ({ name, of: rows.reduce((sum, row) => sum + row.minutes, 0) })).sort((a, b) => b.of - a.of);` Then `ranked[0].name`.',
  ]);
  expect(all('How many in June?', 'answer(rentals.filter((one) => one.day === "2026-06").length)')).toEqual([
    ['text-unheld', 'Use `day.startsWith("2026-06")`.'],
  ]);
  expect(all('How many?', 'answer(rentals.filter((one) => one.day === "2026-06-03").length)')).not.toContainEqual([
    'text-unheld',
    expect.anything(),
  ]);
});
