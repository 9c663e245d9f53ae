/**
 * Numbers that a task names, and whether programs worked with them.
 *
 * @module
 */
import type { Finding } from '../record/index.ts';
import { currentTask, type History } from './history.ts';
import { numbersIn, numbersOf, percentagesIn, withoutComments } from './numbers.ts';

/** Numbers that the programs and calls of the current task worked with. One that was pruned, or never ran, left no result. */
export function usedNumbers({ decisions, programs }: History, further = ''): number[] {
  const ran = decisions.flatMap(({ seq }) => {
    const { code = '', observation, inSession } = programs.get(seq) ?? {};
    return observation === undefined || inSession === false ? [] : [code];
  });
  const called = decisions.flatMap(({ decision }) =>
    decision.kind === 'call' ? decision.calls.flatMap(({ args }) => numbersOf(args)) : [],
  );
  return [...called, ...numbersOfPrograms([...ran, further])];
}

/** A variable that is given a number, and nothing else. */
const GIVEN =
  /(?<![\w$.])(?:const|let|var)\s+([\p{L}_$][\p{L}\p{N}_$]*)(?:\s*:\s*number)?\s*=\s*[\d._]+\s*(?:;|(?=\n)|$)/gu;

/** Their numbers, but for those of variables that nothing reads. `2026-05-18` is a year, a month and a day, and no difference. */
function numbersOfPrograms(programs: readonly string[]): number[] {
  const code = programs.map(withoutComments).join('\n');
  const counts = new Map<string, number>();
  for (const [word] of code.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const read = code.replace(GIVEN, (whole, name: string) => ((counts.get(name) ?? 0) > 1 ? whole : ''));
  return numbersIn(read.replace(/(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)/g, '$1 $2 $3').replace(/["'`]/g, ' '));
}

/** A program that answers, and used a number that the task names as little as those before it. */
export function numberFindings(code: string, past: History): Finding[] {
  if (!/(?<![\w$.])answer\s*\(/.test(withoutComments(code))) return [];
  const task = currentTask(past);
  const unused = unusedNumber(task, usedNumbers(past, code));
  if (unused === undefined) return [];
  return [
    {
      rule: 'named-number-unused',
      severity: 'warn',
      message: `The task names ${unused}, and the program does not use it.`,
      remedy: remedyOf(task, unused),
    },
  ];
}

/**
 * A number that is asked for alone takes the place of another in the next program: all are named. What the task says is per
 * unit, and how many units there are, belong together: the product is named.
 */
export function remedyOf(task: string, unused: number): string {
  const product = perUnit(task, unused);
  if (product !== undefined) return product;
  return `Use all of ${[...new Set(countsIn(task))].join(', ')} in one calculation.`;
}

const AMOUNT = String.raw`(\d[\d,]*(?:\.\d+)?)`;

/** The unused number says how many units there are, or what is per unit: `200 units`, `120 credits per unit`. */
function perUnit(task: string, unused: number): string | undefined {
  for (const unit of new Set([...task.matchAll(/\bper (\p{L}{3,})/giu)].map(([, word = '']) => word.toLowerCase()))) {
    const find = (source: string) =>
      [...task.matchAll(new RegExp(source, 'giu'))].map(([, amount = '']) => Number(amount.replaceAll(',', '')));
    const counts = find(`${AMOUNT} (?:\\p{L}+ )?${unit}s\\b`);
    const prices = [
      ...find(`${AMOUNT}(?: \\p{L}+){1,3} per ${unit}\\b`),
      ...find(`\\bper ${unit} (?:is|was|of|are) ${AMOUNT}`),
    ];
    const [price] = prices.includes(unused) ? [unused] : prices;
    const [count] = counts.includes(unused) ? [unused] : counts;
    if (price === undefined || count === undefined || !(prices.includes(unused) || counts.includes(unused))) continue;
    return `${price} is per ${unit}, and there are ${count}: begin with ${price} * ${count}.`;
  }
  return undefined;
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

/** What a task gives as an example of an answer: `(e.g., 12.34)`, `such as 12.34`, `Example: '[1, 2]'`. */
export const EXAMPLE =
  /\((?:e\.\s?g\.|for example|such as)[^)]*\)|\b(?:e\.\s?g\.|for example|such as),?\s+\S+|\bexample:?\s*(["'“‘`])[^"'”’`\n]*["'”’`]/gi;

/** A phone number, which counts nothing: `(719)639-9091x6998`. */
const CALLED = /(?<![\p{L}\p{N}])[+(]?\d[\d() .x-]*(?:\)|\d[x-])\d[\dx-]{3,}/gu;

/** Numbers of a task that count something: no years, no 0 or 1, nothing quoted, no examples. */
function countsIn(text: string): number[] {
  const plain = text
    .replace(EXAMPLE, ' ')
    .replace(CALLED, ' ')
    .replace(/"[^"]*"|“[^”]*”|`[^`]*`/g, ' ');
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
