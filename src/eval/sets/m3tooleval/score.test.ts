import { expect, it } from 'vitest';
import { isRight } from './score.ts';

it.each([
  [624, 624],
  ['624', 624],
  [' 624.0 ', 624],
  [237.94200000000004, 237.942],
  ['Engineering', 'Engineering'],
  [" 'Engineering' ", 'Engineering'],
  ['[36380, 48150, 68480]', [36380, 48150, 68480]],
  [
    ['36380.0', 48150, 68480],
    [36380, 48150, 68480],
  ],
  ['296-500-1338', '296-500-1338'],
  ["('A', 3)", ['A', 3]],
  ['{"T": 1, "A": 2}', { A: 2, T: 1 }],
  ['False', false],
  [false, false],
])('takes %j for %j', (answer, expected) => {
  expect(isRight(answer, expected)).toBe(true);
});

it.each([
  ['another number', 623, 624],
  ['nothing', undefined, 624],
  ['null', null, 624],
  ['empty text', '', 'Engineering'],
  ['empty text for a number', '', 0],
  ['an empty list', [], [1]],
  ['a list one short', [36380, 48150], [36380, 48150, 68480]],
  ['a list in another order', [48150, 36380, 68480], [36380, 48150, 68480]],
  ['a number for a list', 36380, [36380, 48150, 68480]],
  ['a sentence around it', 'The value is 624', 624],
  ['a list that does not close', '[36380, 48150', [36380, 48150]],
  ['an object', { value: 624 }, 624],
  ['true', true, 1],
  ['0 for false', 0, false],
  ['a member too many', { A: 2, T: 1, N: 0 }, { A: 2, T: 1 }],
  ['a list for an object', [2, 1], { 0: 2, 1: 1 }],
  ['an inherited name', { A: 2 }, { constructor: 2 }],
  ['another case', 'engineering', 'Engineering'],
  ['a phone number in part', '296-500', '296-500-1338'],
])('refuses %s', (_what, answer, expected) => {
  expect(isRight(answer, expected)).toBe(false);
});
