import { expect, it } from 'vitest';
import { remedyOf, unusedNumber } from './task-numbers.ts';

it.each<[string, number, string]>([
  [
    'He exports 200 units of a mineral. The base price per unit is 120 credits. The tariff is 5 %.',
    200,
    '120 is per unit, and there are 200: begin with 120 * 200.',
  ],
  [
    'The trade is of 1,500 units at 250 credits per unit.',
    250,
    '250 is per unit, and there are 1500: begin with 250 * 1500.',
  ],
  [
    'Three rooms for 4 nights at 80 euros per night and 6 % tax.',
    4,
    '80 is per night, and there are 4: begin with 80 * 4.',
  ],
  ['Three rooms for 4 nights at 80 euros per night and 6 % tax.', 6, 'Use all of 4, 80, 6 in one calculation.'],
  ['Add 12 and 30.', 12, 'Use all of 12, 30 in one calculation.'],
])('says what to do with a number that was not used: %s', (task, unused, remedy) => {
  expect(remedyOf(task, unused)).toBe(remedy);
});

it('takes a number in any form a program may give it', () => {
  expect(unusedNumber('500 lamps at 7 % tax', [1.07, 500])).toBe(undefined);
  expect(unusedNumber('500 lamps at 7 % tax', [1.07])).toBe(500);
  expect(unusedNumber("Add 12 to 30. Example: 'Answer: [1000, 2000]'", [12, 30])).toBe(undefined);
  for (const phone of ['(719)639-9091x6998', '432-867-7360', '+1-972-434-3098x05009'])
    expect(unusedNumber(`Whose number is ${phone}?`, [])).toBe(undefined);
  expect(unusedNumber('Between 12-15 of (30) and 45', [12, 15])).toBe(30);
});
