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

it.each([
  [
    'Which status is the most frequent?',
    'open',
    "answer(orders.find((o) => o.status === 'open').status)",
    ['answer-written'],
  ],
  [
    'Which status is the most frequent?',
    ['open'],
    "answer([orders.find((o) => o.status === 'open').status])",
    ['answer-written'],
  ],
  ['Which status is the most frequent?', 'open', 'answer(mostOf(orders)) // "open"', []],
  ['Which is more frequent, open or gone?', 'open', "answer(count('open') > count('gone') ? 'open' : 'gone')", []],
  ['Which status is the most frequent?', 'open', "answer(mostOf(['done', 'gone', 'open']))", []],
  ['Which status is the most frequent?', 'A1', "answer(orders.find((o) => o.id === 'A1').id)", []],
])('doubts a text that the program has and the task has not: %s %j by %s', (task, value, code, found) => {
  const result = { value, code, data: new Map([['orders', orders]]), schema: undefined, task };
  expect(resultFindings(result, () => true).map(({ rule }) => rule)).toEqual(found);
});

it.each([
  [['Ann', 'Bo', 'Ann'], ['answer-repeats']],
  [['Ann', 'Bo'], []],
  [[3, 3], []],
  ['Ann Ann', []],
])('doubts a list that has a text again: %j', (value, found) => {
  const result = { value, code: 'answer(names)', data: new Map(), schema: undefined, task: 'Who has most?' };
  expect(resultFindings(result, () => true).map(({ rule }) => rule)).toEqual(found);
});

it.each([
  [
    'Which shop sells rugs at the lowest price?',
    'The shop with the lowest price for rugs is Atlas',
    ['answer-sentence'],
  ],
  ['Which shop sells rugs at the lowest price?', 'Atlas', []],
  ['Which shop sells rugs at the lowest price?', 'The Old Cobbler and Sons of Bergen', []],
  ['Which title has the most readers?', 'Which title has the most', []],
])('doubts a sentence that repeats the task: %s %j', (task, value, found) => {
  const data = new Map([['orders', orders]]);
  const result = { value, code: 'answer(orders)', data, schema: { type: 'string' }, task };
  expect(resultFindings(result, () => true).map(({ rule }) => rule)).toEqual(found);
});
