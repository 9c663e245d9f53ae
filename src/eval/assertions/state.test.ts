import { expect, it } from 'vitest';
import type { Json } from '../../record/index.ts';
import { sameState } from './state.ts';

const before: Json = { orders: { a: { lamps: 3 }, b: { lamps: 1 } }, log: ['opened'] };
const expected: Json = { orders: { a: { lamps: 2 }, b: { lamps: 1 } }, log: ['opened', 'sold'] };
const verdicts = (after: Json, wanted: Json = expected) =>
  sameState({ before, after, expected: wanted }).map(({ verdict }) => verdict);

it.each<[string, Json, [string, string]]>([
  ['all as expected', expected, ['pass', 'pass']],
  ['nothing done', before, ['fail', 'pass']],
  ['half done', { orders: { a: { lamps: 2 }, b: { lamps: 1 } }, log: ['opened'] }, ['fail', 'pass']],
  ['more done', { orders: { a: { lamps: 2 }, b: { lamps: 0 } }, log: ['opened', 'sold'] }, ['pass', 'fail']],
  ['something made up', { ...(expected as object), extra: 1 }, ['pass', 'fail']],
  ['another order gone', { orders: { a: { lamps: 2 } }, log: ['opened', 'sold'] }, ['pass', 'fail']],
  ['the changed order gone', { orders: { b: { lamps: 1 } }, log: ['opened', 'sold'] }, ['fail', 'pass']],
  ['all gone', null, ['fail', 'pass']],
])('%s', (_title, after, wanted) => {
  expect(verdicts(after)).toEqual(wanted);
});

it('passes where nothing should change and nothing did', () => {
  expect(verdicts(before, before)).toEqual(['pass', 'pass']);
  expect(verdicts(expected, before)).toEqual(['pass', 'fail']);
});

it('names the places', () => {
  const [, rest] = sameState({ before, expected: before, after: expected });
  expect(rest?.reason).toBe(
    'Also changed: orders.a.lamps is 2, expected 3; log is ["opened","sold"], expected ["opened"].',
  );
});

it('does not mix up a member of every object with one of the state', () => {
  expect(sameState({ before: {}, expected: {}, after: { constructor: 1 } })[1]?.verdict).toBe('fail');
});
