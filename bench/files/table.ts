/**
 * The tables of the measurement of questions over files.
 *
 * @module
 */
import { bootstrapMean, type Cell, comparePaired, mean, median, type Paired, quantile } from '../../src/eval/index.ts';
import { figure, table } from '../rows.ts';
import type { Question } from './generate.ts';

/** What the tables need of an attempt: a rival has no log to read the rest from. */
export type Measured = Pick<
  Cell,
  'arm' | 'task' | 'success' | 'wrongWithoutWarning' | 'seconds' | 'modelCalls' | 'sent' | 'evaluated' | 'written'
>;

/**
 * Results an arm, each arm beside the one before it, and where the last arm is weak. Intervals are over templates: the seeds of one are
 * the same question over other data.
 */
export function filesTable(
  cells: readonly Measured[],
  arms: readonly string[],
  questions: readonly Question[],
): string {
  const byKey = new Map(cells.map((cell) => [`${cell.arm}\n${cell.task}`, cell]));
  const find = (arm: string, id: string) => byKey.get(`${arm}\n${id}`);
  const rows = arms.map((arm) => {
    const asked = questions.flatMap(({ id, template }) => {
      const cell = find(arm, id);
      return cell === undefined ? [] : [{ cell, template }];
    });
    const own = asked.map(({ cell }) => cell);
    const groups = asked.map(({ template }) => template);
    const shareOf = (holds: (cell: Measured) => boolean) => share(own.map(holds), groups);
    const seconds = own.map((cell) => cell.seconds);
    const per = (value: (cell: Measured) => number) => figure(mean(own.map(value)));
    return [
      arm,
      shareOf(({ success }) => success),
      shareOf(({ wrongWithoutWarning }) => wrongWithoutWarning),
      figure(median(seconds)),
      figure(quantile(seconds, 0.9)),
      per(({ modelCalls }) => modelCalls),
      per(({ sent }) => sent),
      per(({ evaluated }) => evaluated),
      per(({ written }) => written),
    ];
  });
  const parts = [table(HEAD, rows)];
  const pairs = arms.slice(1).map((arm, index) => {
    const before = arms[index] as string;
    const both = questions.flatMap(({ id, template }) => {
      const [one, two] = [find(before, id), find(arm, id)];
      return one === undefined || two === undefined ? [] : [{ one: one.success, two: two.success, template }];
    });
    const compared = comparePaired(
      both.map(({ one }) => one),
      both.map(({ two }) => two),
      { groups: both.map(({ template }) => template) },
    );
    return [`${arm} over ${before}`, ...pairedCells(compared)];
  });
  if (pairs.length > 0)
    parts.push('Paired, the same questions; p is of the sign test over templates:', table(PAIRED_HEAD, pairs));
  parts.push('Right answers, by template and by what a question needs:', breakdown(arms, questions, find));
  return parts.join('\n\n');
}

const HEAD = [
  'arm',
  'right (95 % over templates)',
  'wrong without a warning',
  'median s',
  'p90 s',
  'model calls',
  'tokens sent',
  'evaluated',
  'written',
] as const;

function breakdown(
  arms: readonly string[],
  questions: readonly Question[],
  find: (arm: string, id: string) => Measured | undefined,
): string {
  const groups = new Map<string, Question[]>();
  const put = (group: string, question: Question) => groups.set(group, [...(groups.get(group) ?? []), question]);
  for (const question of questions) put(question.template, question);
  for (const question of questions) for (const feature of question.features) put(`needs: ${feature}`, question);
  const body = [...groups].map(([group, asked]) => [
    group,
    ...arms.map((arm) => {
      const own = asked.flatMap(({ id }) => find(arm, id) ?? []);
      return `${own.filter(({ success }) => success).length} of ${own.length}`;
    }),
  ]);
  return table(['questions', ...arms], body);
}

const PAIRED_HEAD = ['comparison', 'pairs', 'gained', 'lost', 'difference, points', 'p'] as const;

/** 8 of 10, 80 % (49 to 94). */
function share(holds: readonly boolean[], groups: readonly string[]): string {
  const { value, low, high } = bootstrapMean(holds.map(Number), { groups });
  const percent = (part: number) => Math.round(100 * part);
  return `${holds.filter(Boolean).length} of ${holds.length}, ${percent(value)} % (${percent(low)} to ${percent(high)})`;
}

function pairedCells({ pairs, gained, lost, difference, p }: Paired): string[] {
  const points = (value: number) => `${value > 0 ? '+' : ''}${Math.round(100 * value)}`;
  const interval = `${points(difference.value)} (${points(difference.low)} to ${points(difference.high)})`;
  return [String(pairs), String(gained), String(lost), interval, p < 0.001 ? p.toPrecision(1) : p.toFixed(3)];
}
