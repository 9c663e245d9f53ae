import { expect, it } from 'vitest';
import { writtenValues } from './written-values.ts';

it('gives numbers and dates by the form that the task has for them', () => {
  expect(writtenValues('On August 11, 2021 there were 64,798 people, 99.8% of all, 7.400 each, in 8 rows.')).toEqual([
    ['64798', '64,798'],
    ['99.8', '99.8%'],
    ['7.4', '7.400'],
    ['2021-08-11', 'August 11, 2021'],
  ]);
});

it.each([
  ['written in two forms', 'From 7 % to 7%, that is 1,000 or 1000.'],
  ['written as programs do', 'There are 8 of 2021-08-11.'],
  ['a part of something else', 'Rows S4,000, 2:16.33, 27-20.500 and v1.50.'],
])('gives none that is %s', (_why, task) => {
  expect(writtenValues(task)).toEqual([]);
});
