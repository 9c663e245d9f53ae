/**
 * How a run stands, read off its events.
 *
 * @module
 */
import { type RunEvent, type RunView, textOf } from '../record/index.ts';
import type { RunSummary } from './run.ts';

/** Longest text of a task in a listing, in characters. */
const TASK_CHARS = 200;

/** What an event makes of the run's status; `undefined` where it leaves it as it is. */
export function statusAfter(event: RunEvent): RunSummary['status'] | undefined {
  if (event.kind === 'run-end') return event.status;
  if (event.kind === 'suspend') return 'suspended';
  if (event.kind === 'run-start' || event.kind === 'task' || event.kind === 'resume' || event.kind === 'fork') {
    return 'running';
  }
  return undefined;
}

/** How a run stands. */
export function statusIn(view: RunView): RunSummary['status'] {
  for (let seq = view.length - 1; seq >= 0; seq--) {
    const status = statusAfter(view.at(seq) as RunEvent);
    if (status !== undefined) return status;
  }
  return 'running';
}

/** What some events change of a run's listing. */
export function summaryAfter(events: readonly RunEvent[]): Partial<RunSummary> {
  const change: Partial<RunSummary> = {};
  for (const event of events) {
    const status = statusAfter(event);
    if (status === undefined) continue;
    change.status = status;
    if (event.kind === 'run-start') {
      change.startedAt = event.at;
      change.model = event.model;
    }
    if (event.kind === 'task' && change.task === undefined) change.task = textOf(event.parts).slice(0, TASK_CHARS);
  }
  return change;
}

/** The listing after some events; the first task names the run. */
export function newSummary(before: Partial<RunSummary>, events: readonly RunEvent[]): Partial<RunSummary> {
  const change = summaryAfter(events);
  if (before.task !== undefined && before.task !== '') delete change.task;
  return change;
}

/** The first task, which names the run, stands among so many events. */
const HEAD_EVENTS = 16;

/** What is read of a run to fork it: from where on, and whether the fork shares the task that names the run. */
export function forkHead(place: number): { from: number; isNamed(shared: readonly RunEvent[]): boolean } {
  if (place > HEAD_EVENTS) return { from: place - 1, isNamed: () => true };
  return { from: 0, isNamed: (shared) => shared.some(({ kind }) => kind === 'task') };
}
