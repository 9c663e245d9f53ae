/**
 * Numbers that a task names, and whether programs worked with them.
 *
 * @module
 */
import { onlyTells } from '../environment/index.ts';
import type { Finding } from '../record/index.ts';
import { currentTask, type History } from './history.ts';
import { numbersIn, numbersOf, withoutComments } from './numbers.ts';
import { countsIn } from './task-counts.ts';

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

const CHANGES_ROWS = /["'`]\s*(?:insert\s+into|update|delete\s+from)\b/i;

/** A program that answers, and used a number that the task names as little as those before it. */
export function numberFindings(code: string, past: History): Finding[] {
  // In a statement that changes rows they are values, and often in another form.
  if (CHANGES_ROWS.test(code) || onlyTells(currentTask(past))) return [];
  if (!/(?<![\w$.])answer\s*\(/.test(withoutComments(code))) return [];
  const found = unusedOf(past, usedNumbers(past, code));
  if (found === undefined) return [];
  const message = `The task names ${found.unused}, and the program does not use it.`;
  return [{ rule: 'named-number-unused', severity: 'warn', message, remedy: found.remedy }];
}

/** A number of the current task that is not among those used, and what to do with it. */
export function unusedOf(past: History, used: readonly number[]): { unused: number; remedy: string } | undefined {
  const task = currentTask(past);
  const rows = [...past.data.values()].flatMap((variable) => variable.rows ?? []);
  const unused = unusedNumber(task, used, rows);
  return unused === undefined ? undefined : { unused, remedy: remedyOf(task, unused, rows) };
}

/**
 * A number that is asked for alone takes the place of another in the next program: all are named. What the task says is per
 * unit, and how many units there are, belong together: the product is named.
 */
export function remedyOf(task: string, unused: number, rows?: readonly number[]): string {
  const product = perUnit(task, unused);
  if (product !== undefined) return product;
  const named = new Set(countsIn(task, rows).map(({ number }) => number));
  return `Use all of ${[...named].join(', ')} in one calculation.`;
}

const AMOUNT = String.raw`(?<![\d,])(\d[\d,]*(?:\.\d+)?)`;

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
export function unusedNumber(task: string, used: readonly number[], rows?: readonly number[]): number | undefined {
  const known = new Set(used);
  return countsIn(task, rows).find(({ forms }) => !forms().some((form) => known.has(form)))?.number;
}
