/**
 * Attempts that nobody made: the model could not be asked, which says nothing of the agent.
 *
 * @module
 */
import type { ErrorCode, RunEvent } from '../record/index.ts';
import type { Assertion } from './score.ts';

/** The model is not there, or does not let itself be asked. A prompt that is too long is the agent's own doing. */
const AWAY: ReadonlySet<string> = new Set<ErrorCode>([
  'model-unreachable',
  'model-rate-limited',
  'model-unauthorised',
  'model-unknown',
  'model-file-missing',
  'model-file-invalid',
  'model-download-failed',
  'model-not-recorded',
]);
/** How a model that throws errors of its own says that it was not reached. */
const UNREACHED = /ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|fetch failed|socket hang up|connection refused/i;

/** Why the model could not be asked, where the run ended with that. */
export function outageIn(events: readonly RunEvent[]): string | undefined {
  const end = events.findLast((event) => event.kind === 'run-end');
  if (end?.status !== 'failed' || end.error === undefined) return undefined;
  const { code, message } = end.error;
  if (AWAY.has(code)) return message;
  const isOfModel = events.some((event) => event.kind === 'model-call' && event.error?.message === message);
  return isOfModel && UNREACHED.test(message) ? message : undefined;
}

/** What is said of such an attempt. */
export const notAsked = (why: string): Assertion => ({
  name: 'model',
  verdict: 'unknown',
  reason: `The model could not be asked: ${why}`,
});
