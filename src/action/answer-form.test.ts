import { expect, it } from 'vitest';
import type { Json, JsonSchema } from '../record/index.ts';
import { isEmptyValue, mendAnswer, numberIn } from './answer-form.ts';

const number = { type: 'number' };
const person = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'number' } },
  required: ['name', 'age'],
};

it.each<[JsonSchema, Json, Json]>([
  [number, 12, 12],
  [number, '12', 12],
  [number, '1,250.50 EUR', 1250.5],
  [number, '€ 7', 7],
  [number, { total: 5 }, 5],
  [number, [{ 'sum(n)': 5 }], 5],
  [number, [{ n: '5 EUR', of: 'Ulm' }], 5],
  [{ type: 'string' }, [{ city: 'Ulm', n: 7 }], 'Ulm'],
  [{ type: 'array', items: { type: 'string' } }, [{ city: 'Ulm' }, { city: 'Bonn' }], ['Ulm', 'Bonn']],
  [{ type: 'array', items: person }, [{ name: 'Ann', age: 3 }], [{ name: 'Ann', age: 3 }]],
  [{ type: 'string' }, 12, '12'],
  [{ type: 'boolean' }, 'Yes.', true],
  [{ enum: ['Red', 'Blue'] }, 'red', 'Red'],
  [{ type: 'array', items: number }, '[1, 2]', [1, 2]],
  [{ type: 'object', properties: { total: number }, required: ['total'] }, '12', { total: 12 }],
  [person, '{"name":"Ann","age":3}', { name: 'Ann', age: 3 }],
])('%j: %j is meant as %j', (schema, value, meant) => {
  expect(mendAnswer(schema, value)).toEqual({ value: meant });
});

const text = { type: 'string' };
const texts = { type: 'array', items: text };

it.each<[string, JsonSchema, Json, Json]>([
  ['List them; where there is none, ["none"].', texts, 'none', ['none']],
  ['List them; where there is none, ["none"].', texts, [], ['none']],
  ['List them. If nothing is found, answer "nobody".', texts, [], ['nobody']],
  ['List them.', texts, [], []],
  ['List them; where there is none, ["none"].', texts, ['Ann'], ['Ann']],
  ['Is it old? Answer yes or no.', text, true, 'yes'],
  ['Is it old? Answer "yes" or "no".', text, 'false', 'no'],
  ['Is it old? Answer yes or no.', { type: 'boolean' }, true, true],
  ['Is it old?', text, true, 'true'],
])('answers in the words that the task has for it: %s', (task, schema, value, meant) => {
  expect(mendAnswer(schema, value, task)).toEqual({ value: meant });
});

const members = [
  { id: 'M1', name: 'Ann', fee: 40 },
  { id: 'M2', name: 'Bo', fee: 35 },
];
const orders = [
  { order_no: 7, customer: 'Acme', city: 'Ulm', eur: 30 },
  { order_no: 9, customer: 'Nord', city: 'Bonn', eur: 50 },
];

// A list of names became ["M1", "M2"], and an amount the number of its row: the first column was taken.
it.each<[string, JsonSchema, Json, Json]>([
  ['Who pays less than 50?', texts, members, ['Ann', 'Bo']],
  ['Which ids pay less than 50?', texts, members, ['M1', 'M2']],
  ['What is the fee of M1?', number, members.slice(0, 1), 40],
  ['The highest price?', number, orders.slice(1), 50],
  ['Which order no is the highest?', number, orders.slice(1), 9],
  ['Which customers of the city Ulm and of Bonn?', texts, orders, ['Acme', 'Nord']],
  ['List the city of each customer.', texts, orders, ['Ulm', 'Bonn']],
  ['Which id is it?', text, [{ id: 'M1' }], 'M1'],
  ['Which week?', text, [{ week: 23, eur: 900 }], '23'],
  ['How much?', { type: 'object', properties: { total: number }, required: ['total'] }, orders.slice(1), { total: 50 }],
])('takes the column of rows that is asked for: %s', (task, schema, value, meant) => {
  expect(mendAnswer(schema, value, task)).toEqual({ value: meant });
});

it.each<[string, JsonSchema, Json]>([
  ['Who ordered?', texts, orders],
  ['Who ordered?', text, orders.slice(1)],
])('takes none where several may be meant, and names them: %s', (task, schema, value) => {
  const issue = 'the rows have `order_no`, `customer`, `city`, `eur`; answer with one of them';
  expect(mendAnswer(schema, value, task)).toEqual({ issue });
});

it.each<[JsonSchema, Json]>([
  [number, 'about twelve or 13'],
  [number, 'from 3 to 5'],
  [number, [1, 2]],
  [number, [{ n: 1 }, { n: 2 }]],
  [number, [{ n: null }]],
  [number, []],
  [{ type: 'integer' }, '1.5'],
  [person, { name: 'Ann' }],
  [{ enum: ['Red'] }, 'green'],
])('%j: %j is not what was asked for', (schema, value) => {
  expect(mendAnswer(schema, value)).toEqual({ issue: expect.any(String) });
});

it.each<[Json, boolean]>([
  ['', true],
  [' ', true],
  [{}, true],
  [[], true],
  [null, true],
  ['[object Promise]', true],
  ['NaN', true],
  ['undefined', true],
  [0, false],
  [false, false],
  ['no', false],
  [[0], false],
])('%j says nothing: %s', (value, empty) => {
  expect(isEmptyValue(value)).toBe(empty);
});

it.each([
  ['12.5%', 12.5],
  ['-3', -3],
  ['1.5 million', 1_500_000],
  ['€1.5m', 1_500_000],
  ['3k', 3_000],
  ['2 million euros', 2_000_000],
  ['5 m', 5],
  ['300 K', 300],
  ['3,5 mm', 3.5],
  ['12,345 EUR', 12_345],
  ['3 euros more', undefined],
  ['1e3', 1000],
  ['v2', undefined],
  ['12 of 13', undefined],
])('reads the number in %j as %s', (text, expected) => {
  expect(numberIn(text)).toBe(expected);
});
