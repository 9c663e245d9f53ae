import { expect, it } from 'vitest';
import { writtenDates } from './written-dates.ts';

it.each([
  ['How many joined by 21 June 2026?', [['21 June 2026', '2026-06-21']]],
  [
    'On March 5th, 2026, or on the 7th March 2026',
    [
      ['March 5th, 2026', '2026-03-05'],
      ['7th March 2026', '2026-03-07'],
    ],
  ],
  [
    'Sum of March 2026 and of Sept. 2025?',
    [
      ['March 2026', '2026-03'],
      ['Sept. 2025', '2025-09'],
    ],
  ],
  [
    'From 05.03.2026 to 31.03.2026.',
    [
      ['05.03.2026', '2026-03-05'],
      ['31.03.2026', '2026-03-31'],
    ],
  ],
  ['May 2026, and May 2026 again', [['May 2026', '2026-05']]],
  // No day of the calendar, no year, or in doubt which number is the day.
  ['On 31 April 2026, in March, on 5 March or 03/04/2026, or 2026-03-04', []],
  ['Dismay 2026, 1.05.03.2026', []],
])('reads the dates of %j', (task, dates) => {
  expect(writtenDates(task)).toEqual(dates.map(([text, iso]) => ({ text, iso })));
});
