/**
 * When a run that was left to workers could be gone on with.
 *
 * @module
 */
import type { RunEvent } from '../record/index.ts';
import type { RunSummary } from './run.ts';

/** What stores ring for all who wait for runs to become due; no run has this name. */
export const DUE = '';

/** Whether there is something to do for a run that nobody holds. `last` is its last event. */
export function couldGoOn(
  status: RunSummary['status'],
  isPosted: boolean,
  last: RunEvent | undefined,
  now: number,
): boolean {
  if (status !== 'suspended') return status === 'running';
  if (isPosted) return true;
  return last?.kind === 'suspend' && last.until !== undefined && Date.parse(last.until) <= now;
}
