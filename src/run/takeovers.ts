/**
 * Runs that end whoever goes on with them: a worker takes such a run over, dies before it has written anything, and the next
 * one does the same.
 *
 * @module
 */
import { isPoactError, RunError, type RunEvent, type RunView, viewOf } from '../record/index.ts';
import { openChildren } from './children.ts';
import { endRun } from './end-run.ts';
import type { RunLog } from './log.ts';
import type { RunStore } from './run.ts';

/**
 * Ends a run that was taken over too often without a further event: `failed`, with `run-poisoned`.
 *
 * @param most Takeovers in a row, all of them in vain.
 * @returns Whether it did.
 */
export async function endPoisoned(log: RunLog, store: Pick<RunStore, 'read'>, most: number): Promise<boolean> {
  const { view } = log;
  const times = await inVain(view, store);
  if (times < most) return false;
  const last = view.at(view.length - 1 - lastTakeovers(view)) as RunEvent;
  const { run } = view;
  const message = `Run ${run} was taken over ${times} times in a row, and each time the process died before it wrote anything: look for what ended it, such as memory. Event ${last.seq} (${nameOf(last)}) is the last before that. Go on with: poact resume ${run}`;
  const error = new RunError('run-poisoned', message, { run, takeovers: times, seq: last.seq });
  endRun(log, { error, cancelled: false }, { waitMs: Number.POSITIVE_INFINITY });
  await log.commit();
  return true;
}

/** Takeovers at the end of a log after which nothing came; what a run within it wrote counts, too. */
async function inVain(view: RunView, store: Pick<RunStore, 'read'>): Promise<number> {
  let times = lastTakeovers(view);
  if (times === 0) return 0;
  for (const child of view.project(openChildren).keys()) {
    const within = await readIfThere(store, child);
    // One that waits, or has not begun, says nothing.
    if (within === undefined || within.at(within.length - 1)?.kind === 'suspend') continue;
    times = Math.min(times, await inVain(within, store));
  }
  return times;
}

/** Events at the end of a log that only say that somebody goes on with it. */
function lastTakeovers(view: RunView): number {
  let times = 0;
  while (view.at(view.length - 1 - times)?.kind === 'resume') times += 1;
  return times;
}

async function readIfThere(store: Pick<RunStore, 'read'>, run: string): Promise<RunView | undefined> {
  try {
    const events = await store.read(run);
    return events.length === 0 ? undefined : viewOf(run, events);
  } catch (error) {
    if (isPoactError(error) && error.code === 'run-unknown') return undefined;
    throw error;
  }
}

const nameOf = (event: RunEvent) => (event.kind === 'call' ? `the call ${event.id} of ${event.tool}` : event.kind);
