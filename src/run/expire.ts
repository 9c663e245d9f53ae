/**
 * Waits that took too long: what the run goes on with instead of an answer.
 *
 * @module
 */
import type { RunEvent, RunView } from '../record/index.ts';
import type { RunLog } from './log.ts';
import { waitsIn, waitsOf } from './waits.ts';

/**
 * Ends each wait that is older than `waitMs`: a call that nobody decided on is denied, one that was put off fails, a question
 * is told that nobody answered. A call in doubt waits on: nobody may guess.
 *
 * @returns Whether one ended.
 */
export function expire(log: RunLog, waitMs: number, now: number): boolean {
  if (!Number.isFinite(waitMs)) return false;
  let ended = false;
  for (const { for: what, id, since, tool, digest = '' } of waitsIn(log.view)) {
    if (what === 'doubt' || now - Date.parse(since) < waitMs) continue;
    ended = true;
    const reason = `Nobody answered within ${waitMs} ms (limit \`waitMs\`).`;
    if (what === 'approval') {
      log.append<'approval'>({ kind: 'approval', by: 'loop', call: id, digest, verdict: 'deny', reason });
    } else if (what === 'later') {
      const error = { code: 'tool-timeout', message: `${tool ?? id}: ${reason}` };
      log.append<'call-result'>({ kind: 'call-result', by: 'loop', id, ok: false, error });
    } else log.append<'reply'>({ kind: 'reply', by: 'loop', to: id, parts: [{ text: reason }] });
  }
  return ended;
}

/** When the first of some waits is over by itself, ISO 8601; `undefined` where none ever is. */
export function expiryOf(view: RunView, waiting: RunEvent<'suspend'>['waiting'], waitMs: number): string | undefined {
  if (!Number.isFinite(waitMs)) return undefined;
  const since = waitsOf(view, waiting).flatMap((wait) => (wait.for === 'doubt' ? [] : [Date.parse(wait.since)]));
  return since.length === 0 ? undefined : new Date(Math.min(...since) + waitMs).toISOString();
}
