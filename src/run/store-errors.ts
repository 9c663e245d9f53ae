/**
 * What stores refuse, with one wording.
 *
 * @module
 */
import { RunError } from '../record/index.ts';

/** @throws {RunError} the run cannot be forked at that place, or under that name. */
export function requireFork(run: string, seq: number, length: number, newRun: string, taken: boolean): void {
  if (taken) throw new RunError('run-busy', `There is a run ${newRun} already.`, { run: newRun });
  if (Number.isInteger(seq) && seq >= 1 && seq <= length) return;
  throw new RunError('run-unknown', `Run ${run} has ${length} events; it cannot be forked at ${seq}.`, {
    run,
    seq,
    length,
  });
}

export const unknownRun = (run: string) =>
  new RunError('run-unknown', `The store holds no run ${run}. \`poact runs\` lists those it holds.`, { run });

export const busy = (run: string, holder: string) =>
  new RunError('run-busy', `Run ${run} is held by ${holder}.`, { run, holder });

export const fenced = (run: string, fence: number, held: number) =>
  new RunError('run-busy', `Run ${run} was taken over by another holder.`, { run, fence, held });

export const moved = (run: string, expected: number, length: number) =>
  new RunError('run-busy', `Run ${run} has ${length} events, and ${expected} were expected: another wrote to it.`, {
    run,
    expected,
    length,
  });
