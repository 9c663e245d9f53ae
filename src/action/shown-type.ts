/**
 * A variable's type as one task needs it: the texts of a column are listed where the task asks about the column.
 *
 * @module
 */
import type { DataVariable } from '../record/index.ts';
import { wordsOf } from './rank.ts';

const TEXT = '"(?:[^"\\\\]|\\\\.)*"';
/** A field, and all the texts it holds. */
const LISTED = new RegExp(
  `([\\p{L}_$][\\p{L}\\p{N}_$]*|${TEXT})(\\??: string) \\/\\* (${TEXT})((?: \\| ${TEXT})+) \\*\\/`,
  'gu',
);

/**
 * The type without the texts of a column that the task does not ask about.
 *
 * @example
 * ```ts
 * const orders = { name: 'orders', source: '', doc: '', type: '', shown: '{ status: string /* "done" | "open" *\/ }[]' };
 * shownType(orders, 'How many orders?'); // '{ status: string }[]'
 * shownType(orders, 'Orders by status?'); // as it is
 * ```
 */
export function shownType({ type, shown = type, named = [] }: DataVariable, task: string): string {
  const words = new Set(wordsOf(task));
  const holders = new Set(named.map(({ at }) => at.split('.').at(-1)));
  return shown.replace(LISTED, (whole, field: string, kind: string) => {
    const name = field.startsWith('"') ? (JSON.parse(field) as string) : field;
    const isAsked = holders.has(name) || wordsOf(name).some((word) => words.has(word));
    return isAsked ? whole : `${field}${kind}`;
  });
}
