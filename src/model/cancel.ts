/**
 * What an aborted signal turns into.
 *
 * @module
 */
import { CancelledError } from '../record/index.ts';

/** @throws {CancelledError} the signal is aborted; where it carries a reason of its own (a timeout, say), that reason. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortReason(signal);
}

/** The error of an aborted signal: its own reason where it has one, else a {@link CancelledError}. */
export function abortReason(signal: AbortSignal): Error {
  const { reason } = signal;
  return reason instanceof Error && reason.name !== 'AbortError' ? reason : new CancelledError();
}

/** Settles with `work`, or rejects as soon as the signal aborts. The work itself goes on; its late failure is swallowed. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  throwIfAborted(signal);
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(abortReason(signal));
  signal.addEventListener('abort', onAbort, { once: true });
  work.catch(() => {});
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
