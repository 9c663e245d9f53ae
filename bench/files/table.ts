/**
 * The tables of the measurement of questions over files.
 *
 * @module
 */

import { comparePaired, mean, median, quantile } from '../../src/eval/index.ts';
import type { Cell } from '../cells.ts';
import { PAIRED_HEAD, pairedCells, share } from '../m3tooleval/table.ts';
import { figure, table } from '../rows.ts';
import type { Question } from './generate.ts';

/** Results an arm, each arm beside the one before it, and where the last arm is weak. */
export function filesTable(cells: readonly Cell[], arms: readonly string[], questions: readonly Question[]): string {
  const byKey = new Map(cells.map((cell) => [`${cell.arm}\n${cell.task}`, cell]));
  const find = (arm: string, id: string) => byKey.get(`${arm}\n${id}`);
  const of = (arm: string) => questions.flatMap(({ id }) => find(arm, id) ?? []);
  const rows = arms.map((arm) => {
    const own = of(arm);
    const silent = own.filter((cell) => isSilentlyWrong(cell)).length;
    const seconds = own.map((cell) => cell.seconds);
    const per = (value: (cell: Cell) => number) => figure(mean(own.map(value)));
    return [
      arm,
      share(own.filter(({ right }) => right).length, own.length),
      share(silent, own.length),
      figure(median(seconds)),
      figure(quantile(seconds, 0.9)),
      per(({ modelCalls }) => modelCalls),
      per(({ sent }) => sent),
      per(({ evaluated = Number.NaN }) => evaluated),
      per(({ written }) => written),
    ];
  });
  const parts = [table(HEAD, rows)];
  const pairs = arms.slice(1).map((arm, index) => {
    const before = arms[index] as string;
    const both = questions.flatMap(({ id }) => {
      const [one, two] = [find(before, id), find(arm, id)];
      return one === undefined || two === undefined ? [] : [[one.right, two.right] as const];
    });
    const compared = comparePaired(
      both.map(([one]) => one),
      both.map(([, two]) => two),
    );
    return [`${arm} over ${before}`, ...pairedCells(compared)];
  });
  if (pairs.length > 0) parts.push('Paired, the same questions:', table(PAIRED_HEAD, pairs));
  parts.push('Right answers, by template and by what a question needs:', breakdown(arms, questions, find));
  return parts.join('\n\n');
}

const HEAD = [
  'arm',
  'right (95 % Wilson)',
  'wrong without a warning',
  'median s',
  'p90 s',
  'model calls',
  'tokens sent',
  'evaluated',
  'written',
] as const;

/** A wrong answer that was given as if it were right. No answer at all is no such thing: the user sees that. */
export function isSilentlyWrong({ right, status, warnings }: Cell): boolean {
  return !right && status === 'answered' && warnings.length === 0;
}

function breakdown(
  arms: readonly string[],
  questions: readonly Question[],
  find: (arm: string, id: string) => Cell | undefined,
): string {
  const groups = new Map<string, Question[]>();
  const put = (group: string, question: Question) => groups.set(group, [...(groups.get(group) ?? []), question]);
  for (const question of questions) put(question.template, question);
  for (const question of questions) for (const feature of question.features) put(`needs: ${feature}`, question);
  const body = [...groups].map(([group, asked]) => [
    group,
    ...arms.map((arm) => {
      const own = asked.flatMap(({ id }) => find(arm, id) ?? []);
      return `${own.filter(({ right }) => right).length} of ${own.length}`;
    }),
  ]);
  return table(['questions', ...arms], body);
}
