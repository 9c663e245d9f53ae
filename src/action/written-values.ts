/**
 * Values that a task names, beside the form in which it writes them.
 *
 * @module
 */
import { writtenDates } from '../environment/index.ts';

/** A number or a date as programs write it, and as the task does: `['64798', '64,798']`. */
export type WrittenValue = readonly [plain: string, written: string];

/** A number that stands for itself: no part of a date, a time, a score or a name. */
const NUMBER = /(?<![\p{L}\p{N}.,:/–-])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?(?![\p{L}\p{N}%]|[.,:/–-]\d)/gu;

/**
 * The numbers and dates of a task that it writes in another form than programs do, each by that form; none that it writes in two.
 *
 * @example
 * ```ts
 * writtenValues('On August 11, 2021 there were 64,798 people, 99.8% of all.');
 * // [['64798', '64,798'], ['99.8', '99.8%'], ['2021-08-11', 'August 11, 2021']]
 * ```
 */
export function writtenValues(task: string): WrittenValue[] {
  const dates = writtenDates(task);
  const rest = dates.reduce((text, date) => text.replaceAll(date.text, ' '), task);
  const forms = new Map<string, Set<string>>();
  const add = (plain: string, written: string) => forms.set(plain, (forms.get(plain) ?? new Set()).add(written));
  for (const [written] of rest.matchAll(NUMBER)) add(String(Number(written.replace(/[,%]/g, ''))), written);
  for (const { text, iso } of dates) add(iso, text);
  return [...forms].flatMap(([plain, [written = plain, ...others]]) =>
    others.length > 0 || written === plain ? [] : [[plain, written] as const],
  );
}
