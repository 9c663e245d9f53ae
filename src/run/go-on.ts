/**
 * Going on with a run that is there: what its log is told, and what is read off it before.
 *
 * @module
 */
import { hostname } from 'node:os';
import type { RunView } from '../record/index.ts';
import type { RunHandlers } from './drive-run.ts';
import type { RunLog } from './log.ts';
import { statusIn } from './summary.ts';
import { waitingIn } from './waits.ts';

/** Says that a process goes on with the run, and how its agent differs from the one that the run began with. */
export function appendResume(log: RunLog, changed: string[]): void {
  const holder = `${hostname()}/${process.pid}`;
  log.append<'resume'>({ kind: 'resume', by: 'loop', process: holder, ...(changed.length > 0 && { changed }) });
}

/** Whether its turn has come to an end, which a further one or a `resume` opens again. */
export function hasEnded(view: RunView): boolean {
  const status = statusIn(view);
  return status !== 'running' && status !== 'suspended';
}

export const seedOf = ({ view }: Pick<RunLog, 'view'>) => view.last('run-start')?.seed ?? 1;

/** Nobody is there to be asked what the run waits for. */
export function nobodyToAsk(view: RunView, { onApproval, onQuestion }: RunHandlers): boolean {
  return !waitingIn(view).some(({ for: what }) =>
    what === 'approval' ? onApproval !== undefined : what === 'reply' && onQuestion !== undefined,
  );
}
