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
  ['1e3', 1000],
  ['v2', undefined],
  ['12 of 13', undefined],
])('reads the number in %j as %s', (text, expected) => {
  expect(numberIn(text)).toBe(expected);
});
