/**
 * Numbers that a task names, and whether programs worked with them.
 *
 * @module
 */
import type { Finding } from '../record/index.ts';
import { type History, taskText } from './history.ts';
import { numbersIn, numbersOf, percentagesIn, withoutComments } from './numbers.ts';

/** Numbers in the programs and calls of the current task; `ran` leaves out programs that are only decided upon. */
export function usedNumbers({ decisions, programs }: History, ran = false): number[] {
  return decisions.flatMap(({ seq, decision }) => {
    const { code, observation } = programs.get(seq) ?? {};
    if (code !== undefined) return ran && observation === undefined ? [] : numbersOfProgram(code);
    return decision.kind === 'call' ? decision.calls.flatMap(({ args }) => numbersOf(args)) : [];
  });
}

/** `2026-05-18` is a year, a month and a day, and no difference. */
const numbersOfProgram = (code: string) =>
  numbersIn(
    withoutComments(code)
      .replace(/(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)/g, '$1 $2 $3')
      .replace(/["'`]/g, ' '),
  );

/** A program that answers, and used a number that the task names as little as those before it. */
export function numberFindings(code: string, past: History): Finding[] {
  if (!/(?<![\w$.])answer\s*\(/.test(withoutComments(code))) return [];
  const task = taskText({ ...past, tasks: past.tasks.slice(-1) });
  const unused = unusedNumber(task, [...usedNumbers(past, true), ...numbersOfProgram(code)]);
  if (unused === undefined) return [];
  return [
    {
      rule: 'named-number-unused',
      severity: 'warn',
      message: `The task names ${unused}, and the program does not use it.`,
      remedy: remedyOf(task),
    },
  ];
}

/** A number that is asked for alone takes the place of another in the next program: all are named. */
export function remedyOf(task: string): string {
  return `Use all of ${[...new Set(countsIn(task))].join(', ')} in one calculation.`;
}

/**
 * The first number of a task that is not among those used, in any form a program may give it.
 *
 * @example
 * ```ts
 * unusedNumber('Cost of 500 lamps at 7 % tax?', [1.07]); // 500
 * ```
 */
export function unusedNumber(task: string, used: readonly number[]): number | undefined {
  const known = new Set(used);
  const percentages = percentagesIn(task);
  return countsIn(task).find(
    (number) => !formsOf(number, percentages.includes(number)).some((form) => known.has(form)),
  );
}

/** What a task gives as an example of an answer: `(e.g., 12.34)`, `such as 12.34`. */
const EXAMPLE = /\((?:e\.\s?g\.|for example|such as)[^)]*\)|\b(?:e\.\s?g\.|for example|such as),?\s+\S+/gi;

/** Numbers of a task that count something: no years, no 0 or 1, nothing quoted, no examples. */
function countsIn(text: string): number[] {
  const plain = text.replace(EXAMPLE, ' ').replace(/"[^"]*"|“[^”]*”|`[^`]*`/g, ' ');
  return numbersIn(withoutLabels(plain)).filter((number) => {
    const isYear = Number.isInteger(number) && number >= 1900 && number <= 2100;
    return Math.abs(number) > 1 && !isYear;
  });
}

/** A text without the numbers of `Route 1`, `Route 2`: a word that is followed by 1 and by 2 counts things, and means no amount. */
function withoutLabels(text: string): string {
  const numbered = new Map<string, Set<number>>();
  const LABEL = /(\p{L}+)(\s+#?)(\d{1,2})(?![\d.,]*\d|\s*%)/gu;
  for (const [, word = '', , number] of text.matchAll(LABEL)) {
    const key = word.toLowerCase();
    numbered.set(key, (numbered.get(key) ?? new Set()).add(Number(number)));
  }
  return text.replace(LABEL, (whole, word: string, space: string) => {
    const its = numbered.get(word.toLowerCase());
    return its?.has(1) && its.has(2) ? `${word}${space}` : whole;
  });
}

/** How a program may write a number: itself, as a percentage's fraction or factor, in thousands or millions. */
function formsOf(number: number, isPercent: boolean): number[] {
  const forms = [number, number * 1_000, number * 1_000_000, number - 1, number + 1];
  if (isPercent) forms.push(number / 100, 1 + number / 100, 1 - number / 100);
  return forms.map((form) => Number(form.toPrecision(12)));
}
