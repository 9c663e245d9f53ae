/**
 * The end of a run's time.
 *
 * @module
 */
import { BudgetError, type Clock } from '../record/index.ts';

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
}

export interface Deadline {
  signal: AbortSignal;
  /** The run has ended: nothing is waited for any more. */
  over(): void;
}

/** A signal that aborts when the time is over, with a {@link BudgetError}, or when another one does, with its reason. */
export function deadline({ ms = Number.POSITIVE_INFINITY, spentMs, clock, around, because }: DeadlineParts): Deadline {
  const own = new AbortController();
  const onAbort = () => own.abort(because?.() ?? around?.reason);
  if (around?.aborted) onAbort();
  around?.addEventListener('abort', onAbort, { once: true });
  const timer = new AbortController();
  if (Number.isFinite(ms)) {
    const over = new BudgetError('ms', `It worked ${ms} ms and has no answer (limit \`ms\`).`, { used: ms, of: ms });
    clock.sleep(Math.max(0, ms - spentMs), timer.signal).then(
      () => own.abort(over),
      () => {},
    );
  }
  return {
    signal: own.signal,
    over() {
      timer.abort();
      around?.removeEventListener('abort', onAbort);
    },
  };
}
