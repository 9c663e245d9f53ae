/**
 * The tables of the M3ToolEval measurement.
 *
 * @module
 */

import { comparePaired, mean, median, type Paired, wilson } from '../../src/eval/index.ts';
import type { Cell } from '../cells.ts';
import { figure, table } from '../rows.ts';

interface Named {
  name: string;
}

interface M3Named {
  id: string;
  kind: string;
}

/** Success and costs an arm, then each arm beside `poact`, pair by pair. */
export function m3Table(cells: readonly Cell[], arms: readonly Named[], tasks: readonly M3Named[]): string {
  const families = [...new Set(tasks.map(({ kind }) => kind))];
  const of = (arm: string) =>
    tasks.flatMap((task) => cells.find((cell) => cell.arm === arm && cell.task === task.id) ?? []);
  const rows = arms.map(({ name }) => {
    const own = of(name);
    const per = (value: (cell: Cell) => number) => figure(mean(own.map(value)));
    return [
      name,
      share(own.filter(({ right }) => right).length, own.length),
      ...families.map((family) => {
        const part = own.filter((cell) => tasks.some(({ id, kind }) => id === cell.task && kind === family));
        return `${part.filter(({ right }) => right).length} of ${part.length}`;
      }),
      per(({ modelCalls }) => modelCalls),
      per(({ toolCalls }) => toolCalls),
      per(({ sent }) => sent),
      per(({ evaluated = Number.NaN }) => evaluated),
      per(({ written }) => written),
      figure(median(own.map(({ seconds }) => seconds))),
    ];
  });
  const head = ['arm', 'right (95 % Wilson)', ...families, ...PER_TASK];
  const summary = table(head, rows);
  const base = arms.find(({ name }) => name === 'poact');
  if (base === undefined || arms.length < 2) return summary;
  const others = arms.filter((arm) => arm !== base);
  const paired = others.map(({ name }) => {
    const both = tasks.flatMap((task) => {
      const find = (arm: string) => cells.find((cell) => cell.arm === arm && cell.task === task.id);
      const [one, two] = [find(name), find(base.name)];
      return one === undefined || two === undefined ? [] : [[one.right, two.right] as const];
    });
    const compared = comparePaired(
      both.map(([one]) => one),
      both.map(([, two]) => two),
    );
    return [`poact over ${name}`, ...pairedCells(compared)];
  });
  return `${summary}\n\nPaired, the same tasks: right under \`poact\` alone, under the other alone, the difference in points with its 95 % bootstrap interval, and McNemar's exact p.\n\n${table(PAIRED_HEAD, paired)}`;
}

export const PAIRED_HEAD = ['comparison', 'pairs', 'gained', 'lost', 'difference, points', 'p'] as const;
const PER_TASK = ['model calls', 'tool calls', 'tokens sent', 'evaluated', 'written', 'median s'] as const;

/** 8 of 10, 80 % (49 to 94). */
export function share(right: number, total: number): string {
  const { value, low, high } = wilson(right, total);
  const percent = (part: number) => Math.round(100 * part);
  return `${right} of ${total}, ${percent(value)} % (${percent(low)} to ${percent(high)})`;
}

export function pairedCells({ pairs, gained, lost, difference, p }: Paired): string[] {
  const points = (value: number) => `${value > 0 ? '+' : ''}${Math.round(100 * value)}`;
  const interval = `${points(difference.value)} (${points(difference.low)} to ${points(difference.high)})`;
  return [String(pairs), String(gained), String(lost), interval, p.toFixed(3)];
}
