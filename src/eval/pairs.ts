/**
 * Cells of two arms, task by task.
 *
 * @module
 */
import type { Cell } from './cell.ts';
import { mean } from './stats.ts';

/** The cells of one task under two arms, with the same seeds. */
export interface TaskPair {
  first: readonly Cell[];
  second: readonly Cell[];
}

/** What is the same task: another version of a set asks or judges otherwise. */
export const taskKey = ({ set, version, task }: Cell): string => JSON.stringify([set, version, task]);

/** Tasks that both arms did, in the order of the cells; of each, the seeds that both did. */
export function pairsOf(cells: readonly Cell[], first: string, second: string): TaskPair[] {
  const pairs: TaskPair[] = [];
  for (const group of Map.groupBy(cells, taskKey).values()) {
    const under = (arm: string) => new Map(group.filter((cell) => cell.arm === arm).map((cell) => [cell.seed, cell]));
    const [one, other] = [under(first), under(second)];
    const seeds = [...one.keys()].filter((seed) => other.has(seed));
    if (seeds.length === 0) continue;
    pairs.push({
      first: seeds.map((seed) => one.get(seed) as Cell),
      second: seeds.map((seed) => other.get(seed) as Cell),
    });
  }
  return pairs;
}

/** Share of attempts at one task that succeeded. */
export const successIn = (cells: readonly Cell[]): number => mean(cells.map(({ success }) => Number(success)));
