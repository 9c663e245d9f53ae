/**
 * Months by their English names.
 *
 * @module
 */

const NAMES = 'january february march april may june july august september october november december'.split(' ');

/**
 * The number of a month, from 1, by its name or at least the first three letters of it, in any case; 0 where it is none.
 *
 * @example
 * ```ts
 * monthNumber('Sept'); // 9
 * ```
 */
export function monthNumber(name: string): number {
  const text = name.toLowerCase();
  return text.length < 3 ? 0 : NAMES.findIndex((month) => month.startsWith(text)) + 1;
}
