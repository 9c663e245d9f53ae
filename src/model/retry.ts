/**
 * Tries a model again when it failed in a way that may pass: not reached, or asked to wait.
 *
 * A reply that was already being heard is not begun again, or the listener would hear its beginning twice.
 *
 * @module
 */
import { setTimeout as sleepFor } from 'node:timers/promises';
import { isPoactError, type ModelError, requireNonNegative, requirePositive } from '../record/index.ts';
import { abortReason, throwIfAborted } from './cancel.ts';
import type { Model } from './model.ts';
import { wrap } from './wrap.ts';

/** How often, and how long between. */
export interface RetryOptions {
  /** Calls at most, the first one counted. @default 3 */
  times?: number;
  /** Wait before the second call, in milliseconds; doubled before each further one. What the provider asks for counts if it is longer. @default 500 */
  waitMs?: number;
  /** Longest wait, in milliseconds. A provider that asks for longer is not waited for. @default 30_000 */
  mostMs?: number;
  /** @default the system's timers */
  sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

/**
 * Builds a model that tries again.
 *
 * @throws {OptionError} `times` is not a whole number of at least 1, or a wait is negative.
 */
export function retry(model: Model, options: RetryOptions = {}): Model {
  const { times = 3, waitMs = 500, mostMs = 30_000, sleep = systemSleep } = options;
  requirePositive({ times });
  requireNonNegative({ waitMs, mostMs });
  return wrap(model, {
    async generate(request, on) {
      let heard = false;
      const listener = on && {
        delta(text: string) {
          heard = true;
          on.delta(text);
        },
      };
      for (let call = 1; ; call++) {
        try {
          return await model.generate(request, listener);
        } catch (problem) {
          const wait = Math.max(waitMs * 2 ** (call - 1), askedMs(problem));
          if (call >= times || heard || !isRetryable(problem) || askedMs(problem) > mostMs) throw problem;
          await sleep(Math.min(wait, mostMs), request.signal);
          throwIfAborted(request.signal);
        }
      }
    },
  });
}

const isRetryable = (problem: unknown): problem is ModelError =>
  isPoactError(problem) && 'retryable' in problem && problem.retryable === true;

const askedMs = (problem: unknown): number => {
  const asked = isPoactError(problem) ? problem.facts.retryAfterMs : undefined;
  return typeof asked === 'number' ? asked : 0;
};

async function systemSleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleepFor(ms, undefined, signal === undefined ? {} : { signal });
  } catch (problem) {
    throw signal?.aborted ? abortReason(signal) : problem;
  }
}
