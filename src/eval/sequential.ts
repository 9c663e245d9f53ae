/**
 * Ending an experiment as soon as it is clear which of two arms is better, without paying for having looked after each task.
 *
 * @module
 */
import { OptionError } from '../record/index.ts';
import type { Cell } from './cell.ts';
import { pairsOf, successIn } from './pairs.ts';

export interface SequentialOptions {
  /** The arms that are compared. */
  first: string;
  second: string;
  /** How likely it may be to call arms different that are not, however often one looks. @default 0.05 */
  alpha?: number;
}

/**
 * A `stop` for an experiment: ends it when the tasks on which exactly one of the arms is better are too uneven for chance.
 *
 * @throws {OptionError} `alpha` is not between 0 and 1.
 * @example
 * ```ts
 * import { stopWhenClear } from 'poact/eval';
 *
 * const stop = stopWhenClear({ first: 'react', second: 'poact' });
 * ```
 */
export function stopWhenClear({ first, second, alpha = 0.05 }: SequentialOptions) {
  if (!(alpha > 0 && alpha < 1)) throw new OptionError('alpha', `expected a number between 0 and 1, got ${alpha}.`);
  return (cells: readonly Cell[]): string | undefined => {
    const pairs = pairsOf(cells, first, second);
    const gains = pairs.map((pair) => Math.sign(successIn(pair.second) - successIn(pair.first)));
    const gained = gains.filter((gain) => gain > 0).length;
    const lost = gains.filter((gain) => gain < 0).length;
    const p = anytimeP(gained, lost);
    if (p > alpha) return undefined;
    const better = gained > lost ? second : first;
    return `After ${pairs.length} tasks it is clear that ${better} is better: ${gained} gained, ${lost} lost by ${second} (p ≤ ${p.toPrecision(2)}).`;
  };
}

/**
 * A bound on how likely a split as uneven as this is by chance, at whatever number of pairs one stops to look: one over the
 * likelihood of the split where every chance of winning is as likely as any other, against a fair coin's (a test martingale;
 * Ville's inequality).
 */
export function anytimeP(gained: number, lost: number): number {
  const pairs = gained + lost;
  let logEvidence = pairs * Math.LN2 - Math.log(pairs + 1);
  for (let n = 1; n <= lost; n++) logEvidence -= Math.log(gained + n) - Math.log(n);
  return Math.min(1, Math.exp(-logEvidence));
}
