/**
 * Dates that a text names as people write them, beside their ISO form: data have theirs so, and a small model compares with what
 * it is shown.
 *
 * @module
 */
import { isoDate, MONTH, WRITTEN_DATES, YEAR } from './cell-dates.ts';

/** A date as a text has it, and as the data have theirs: `2026-06-21`, or `2026-06` for a month. */
export interface WrittenDate {
  text: string;
  iso: string;
}

const MOST = 6;
const DATES = WRITTEN_DATES.map((date) => new RegExp(`(?<![\\p{L}\\p{N}.])${date}(?![\\p{L}\\p{N}])`, 'giu'));
const MONTHS_OF_YEARS = new RegExp(
  `(?<![\\p{L}\\p{N}])(?<!\\d(?:st|nd|rd|th)?[ -])${MONTH}\\.?,? ${YEAR}(?![\\p{L}\\p{N}])`,
  'giu',
);

/**
 * The days and the months of a year that a text names, in its order; each once.
 *
 * @example
 * ```ts
 * writtenDates('Who joined by 21 June 2026, and who in March 2026?');
 * // [{ text: '21 June 2026', iso: '2026-06-21' }, { text: 'March 2026', iso: '2026-03' }]
 * ```
 */
export function writtenDates(text: string): WrittenDate[] {
  const found = new Map<string, WrittenDate & { place: number }>();
  for (const form of [...DATES, MONTHS_OF_YEARS]) {
    for (const { 0: written, index, groups } of text.matchAll(form)) {
      const iso = isoDate({ ...groups, day: groups?.day ?? '1' });
      if (iso === undefined) continue;
      found.set(written, { text: written, iso: groups?.day === undefined ? iso.slice(0, 7) : iso, place: index });
    }
  }
  const inOrder = [...found.values()].sort((one, other) => one.place - other.place);
  return inOrder.slice(0, MOST).map(({ text, iso }) => ({ text, iso }));
}
