import { expect, it } from 'vitest';
import { isRight, isRightRounded } from './score.ts';

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
  ['another case', 'engineering', 'Engineering'],
  ['a phone number in part', '296-500', '296-500-1338'],
])('refuses %s', (_what, answer, expected) => {
  expect(isRight(answer, expected)).toBe(false);
});

it('takes two decimals only where the task asks for them', () => {
  const asked = "Answer in the format of 'xx.xx' (e.g., 12.34).";
  expect(isRight('237.94', 237.942)).toBe(false);
  expect(isRightRounded('237.94', 237.942, asked)).toBe(true);
  expect(isRightRounded('237.9', 237.942, asked)).toBe(false);
  expect(isRightRounded('237.94', 237.942, 'Find it.')).toBe(false);
  expect(isRightRounded(undefined, 237.942, asked)).toBe(false);
});
