/**
 * A variable's type and doc as one task needs them: the texts of a column are listed where the task asks about the column, and
 * none of them stands in the first row as an example. A small model takes an example for a condition: of 61 programs that gave
 * a wrong answer to development questions 16 compared with an example, of 92 that gave the right one, 2.
 *
 * @module
 */
import type { DataVariable } from '../record/index.ts';
import { wordsOf } from './rank.ts';
import { textsIn } from './source-text.ts';

const TEXT = '"(?:[^"\\\\]|\\\\.)*"';
/** A field, and all the texts it holds. */
const LISTED = new RegExp(
  `([\\p{L}_$][\\p{L}\\p{N}_$]*|${TEXT})(\\??: string) \\/\\* (${TEXT})((?: \\| ${TEXT})+) \\*\\/`,
  'gu',
);

/** A field of a row, with its text. */
const FIRST_TEXT = new RegExp(`(${TEXT}):${TEXT}`, 'gu');

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
  return shown.replace(LISTED, (whole, field: string, kind: string, first: string, rest: string) => {
    const name = field.startsWith('"') ? (JSON.parse(field) as string) : field;
    const isAsked =
      holders.has(name) ||
      wordsOf(name).some((word) => words.has(word)) ||
      textsIn(`${first}${rest}`).some((text) => isSpokenOf(text, words));
    return isAsked ? whole : `${field}${kind}`;
  });
}

const SHARED_WORDS = 2;
const LONG_WORDS = 3;

/** A text of several words, some of which stand among others: "Cow kicked off the cups", of a cow that kicks them off. */
export function isSpokenOf(text: string, words: ReadonlySet<string>): boolean {
  const its = new Set(wordsOf(text));
  return its.size >= LONG_WORDS && [...its].filter((word) => words.has(word)).length >= SHARED_WORDS;
}

/**
 * The doc with a row in which the texts of columns that hold only a few are left out.
 *
 * @example
 * ```ts
 * const shown = '{ id: string; status: string /* "done" | "open" *\/ }[]';
 * const orders = { name: 'orders', source: '', doc: 'orders.csv, 9 rows. First: {"id":"A1","status":"open"}.', type: '', shown };
 * shownDoc(orders); // 'orders.csv, 9 rows. First: {"id":"A1","status":"…"}.'
 * ```
 */
export function shownDoc({ doc, shown = '' }: DataVariable): string {
  const listed = [...shown.matchAll(LISTED)].map(([, field = '']) => (field.startsWith('"') ? field : `"${field}"`));
  return doc.replace(FIRST_TEXT, (whole, field: string) => (listed.includes(field) ? `${field}:"…"` : whole));
}
