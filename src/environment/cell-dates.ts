/**
 * Dates as people write them, read as ISO dates, which compare and sort as texts: only where a column leaves no doubt.
 *
 * @module
 */
import { monthNumber } from './months.ts';

export const MONTH =
  '(?<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const DAY = '(?<day>\\d{1,2})(?:st|nd|rd|th)?';
export const YEAR = '(?<year>\\d{4})';
const WEEKDAY = '(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?';
const TIME = '(?:,? (?:at )?(?<time>\\d{1,2}:\\d{2}(?::\\d{2})?))?';

/** `05.03.2026`, `5 March 2026`, `March 5, 2026`: each says which number is the day. */
export const WRITTEN_DATES = [
  `${DAY}\\.(?<month>\\d{1,2})\\.${YEAR}`,
  `${DAY}[ -]${MONTH}\\.?,?[ -]${YEAR}`,
  `${MONTH}\\.? ${DAY}, ${YEAR}`,
] as const;

const CLEAR = WRITTEN_DATES.map((date) => new RegExp(`^${WEEKDAY}${date}${TIME}$`, 'i'));
/** `03/05/2026`: the day is first or second, and only a day after the twelfth tells. */
const SLASHED = new RegExp(`^(?<first>\\d{1,2})[/-](?<second>\\d{1,2})[/-]${YEAR}${TIME}$`);

/**
 * How to read the dates of a column, all of one form.
 *
 * @param cells - those that are not missing; at least one
 * @returns nothing where they are no dates, or a doubt is left which number is the day
 */
export function dateReader(cells: readonly string[]): ((cell: string) => string | undefined) | undefined {
  const form = CLEAR.find((pattern) => pattern.test(cells[0] as string));
  const read = form === undefined ? slashedReader(cells) : (cell: string) => isoDate(form.exec(cell)?.groups);
  return read !== undefined && cells.every((cell) => read(cell) !== undefined) ? read : undefined;
}

function slashedReader(cells: readonly string[]) {
  const parts = cells.map((cell) => SLASHED.exec(cell)?.groups);
  const dayFirst = parts.some((part) => Number(part?.first) > 12);
  const dayLast = parts.some((part) => Number(part?.second) > 12);
  if (dayFirst === dayLast) return undefined;
  return (cell: string) => {
    const { first, second, ...rest } = SLASHED.exec(cell)?.groups ?? {};
    return isoDate({ ...rest, day: dayFirst ? first : second, month: dayFirst ? second : first });
  };
}

/** A day of the calendar as `2026-06-21`, with its time if it has one; nothing where there is no such day. */
export function isoDate(parts: { [part: string]: string | undefined } | undefined): string | undefined {
  const { day, month = '', year, time } = parts ?? {};
  const number = /^\d/.test(month) ? Number(month) : monthNumber(month);
  const iso = `${year}-${two(number)}-${two(day)}`;
  // The calendar has the day: 31 April is something else than a date.
  const at = Date.parse(`${iso}T00:00:00Z`);
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== iso) return undefined;
  return time === undefined ? iso : `${iso}T${time.padStart(time.length > 5 ? 8 : 5, '0')}`;
}

const two = (part: number | string | undefined) => String(part).padStart(2, '0');
