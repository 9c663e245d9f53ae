/**
 * The end of a run's time, which stands still while a person is asked.
 *
 * @module
 */
import { BudgetError, CancelledError, type Clock } from '../record/index.ts';

export interface DeadlineParts {
  /** How long the run may be at work in all. @default Infinity */
  ms?: number | undefined;
  /** How long it was before. */
  spentMs: number;
  clock: Clock;
  /** Aborts it, too: that of the run around this one, or of a caller. */
  around?: AbortSignal | undefined;
  /** What it then aborts with. @default the reason of the other */
  because?: () => unknown;
  /** Time that stands still with this one: of the run around. */
  outer?: Pick<Deadline, 'pause'> | undefined;
  /** Hears how long time stood still. */
  waited?: ((ms: number) => void) | undefined;
}

export interface Deadline {
  signal: AbortSignal;
  /** Time stands still until all that was given back is called. */
  pause(): () => void;
  /** The run has ended: nothing is waited for any more. */
  over(): void;
}

/** A signal that aborts when the time is over, with a {@link BudgetError}, or when another one does, with its reason. */
export function deadline(parts: DeadlineParts): Deadline {
  const { ms = Number.POSITIVE_INFINITY, spentMs, clock, around, because, outer, waited } = parts;
  const own = new AbortController();
  const onAbort = () => own.abort(because?.() ?? around?.reason);
  if (around?.aborted) onAbort();
  around?.addEventListener('abort', onAbort, { once: true });
  let timer = new AbortController();
  let leftMs = ms - spentMs;
  let sinceMs = clock.now();
  let asked = 0;
  let isOver = false;
  const run = () => {
    sinceMs = clock.now();
    if (!Number.isFinite(ms) || isOver) return;
    const over = new BudgetError('ms', `It worked ${ms} ms and has no answer (limit \`ms\`).`, { used: ms, of: ms });
    timer = new AbortController();
    clock.sleep(Math.max(0, leftMs), timer.signal).then(
      () => own.abort(over),
      () => {},
    );
  };
  const stand = () => {
    timer.abort();
    const now = clock.now();
    leftMs -= now - sinceMs;
    sinceMs = now;
  };
  run();
  return {
    signal: own.signal,
    pause() {
      const goOn = outer?.pause();
      asked += 1;
      if (asked === 1) stand();
      return () => {
        asked -= 1;
        if (asked === 0) {
          waited?.(clock.now() - sinceMs);
          run();
        }
        goOn?.();
      };
    },
    over() {
      isOver = true;
      timer.abort();
      around?.removeEventListener('abort', onAbort);
    },
  };
}

/**
 * Asks a person. Time stands still meanwhile, and what ends the run ends the wait.
 *
 * @throws {CancelledError} the signal was aborted.
 */
export async function askPerson<T>(
  { signal, time }: { signal: AbortSignal; time: Pick<Deadline, 'pause'> },
  ask: () => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw new CancelledError();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(new CancelledError());
  signal.addEventListener('abort', onAbort, { once: true });
  const goOn = time.pause();
  try {
    return await Promise.race([Promise.try(ask), aborted]);
  } finally {
    goOn();
    signal.removeEventListener('abort', onAbort);
  }
}
