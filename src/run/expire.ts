/**
 * Waits that took too long: what the run goes on with instead of an answer.
 *
 * @module
 */
import type { RunEvent, RunView } from '../record/index.ts';
import type { RunLog } from './log.ts';
import { type Wait, waitsOf } from './waits.ts';

type Waiting = RunEvent<'suspend'>['waiting'];

/** Those of some waits that are older than `waitMs`. A call in doubt waits on: nobody may guess. */
export function overdue(view: RunView, waiting: Waiting, waitMs: number, now: number): Wait[] {
  if (!Number.isFinite(waitMs)) return [];
  return waitsOf(view, waiting).filter((wait) => wait.for !== 'doubt' && now - Date.parse(wait.since) >= waitMs);
}

/**
 * Ends each wait that is overdue: a call that nobody decided on is denied, one that was put off fails, a question is told that
 * nobody answered. What was posted has been taken in before.
 */
export function expire(log: RunLog, waiting: Waiting, waitMs: number, now: number): void {
  const reason = `Nobody answered within ${waitMs} ms (limit \`waitMs\`).`;
  for (const { for: what, id, tool, digest = '' } of overdue(log.view, waiting, waitMs, now)) {
    if (what === 'approval') {
      log.append<'approval'>({ kind: 'approval', by: 'loop', call: id, digest, verdict: 'deny', reason });
    } else if (what === 'later') {
      const error = { code: 'tool-timeout', message: `${tool ?? id}: ${reason}` };
      log.append<'call-result'>({ kind: 'call-result', by: 'loop', id, ok: false, error });
    } else log.append<'reply'>({ kind: 'reply', by: 'loop', to: id, parts: [{ text: reason }] });
  }
}

/** When the first of some waits is over by itself, ISO 8601; `undefined` where none ever is. */
export function expiryOf(view: RunView, waiting: Waiting, waitMs: number): string | undefined {
  if (!Number.isFinite(waitMs)) return undefined;
  const since = waitsOf(view, waiting).flatMap((wait) => (wait.for === 'doubt' ? [] : [Date.parse(wait.since)]));
  return since.length === 0 ? undefined : new Date(Math.min(...since) + waitMs).toISOString();
}
