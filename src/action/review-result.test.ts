import { expect, it } from 'vitest';
import { resultFindings } from './review-result.ts';

const shown = '{ id: string; status: string /* "done" | "gone" | "open" */ }[]';
const orders = { name: 'orders', type: '{ id: string; status: string }[]', shown, doc: '', source: 'orders.csv' };

it.each([
  ['Which status is the most frequent?', ['done', 'open', 'gone'], ['answer-everything']],
  ['Which status is the most frequent?', ['done', 'open'], []],
  ['Name each status, sorted.', ['done', 'gone', 'open'], []],
])('doubts every text of a column where some are asked for: %s %j', (task, value, found) => {
  const data = new Map([['orders', orders]]);
  const result = { value, code: 'answer(orders)', data, schema: undefined, task };
  expect(resultFindings(result, () => true).map(({ rule }) => rule)).toEqual(found);
  expect(resultFindings(result, () => false)).toEqual([]);
});
