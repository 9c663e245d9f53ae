/**
 * A clock that stands until it is told to go on.
 *
 * @module
 */
import type { Clock } from '../record/index.ts';

/** A clock in a test's hands. */
export interface FakeClock extends Clock {
  /** Lets time pass; whoever sleeps up to then wakes, in order. */
  advance(ms: number): Promise<void>;
  /** How many sleep. */
  readonly sleepers: number;
}

export interface FakeClockOptions {
  /** Milliseconds since 1970 at the beginning. @default 2026-01-01T00:00:00Z */
  now?: number;
  /** Nobody waits: a sleep moves the clock and resolves at once. @default false */
  auto?: boolean;
}

/**
 * Builds a fake clock.
 *
 * @example
 * ```ts
 * const clock = fakeClock();
 * const waited = clock.sleep(1_000);
 * await clock.advance(1_000);
 * await waited;
 * ```
 */
export function fakeClock({ now = Date.UTC(2026, 0, 1), auto = false }: FakeClockOptions = {}): FakeClock {
  let time = now;
  const sleepers = new Set<{ until: number; wake(): void }>();
  return {
    now: () => time,
    get sleepers() {
      return sleepers.size;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        if (auto) {
          time += ms;
          return resolve();
        }
        const sleeper = { until: time + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => sleepers.delete(sleeper) && reject(signal.reason), { once: true });
      }),
    async advance(ms) {
      const end = time + ms;
      for (;;) {
        const [next] = [...sleepers].filter(({ until }) => until <= end).sort((a, b) => a.until - b.until);
        if (next === undefined) break;
        time = Math.max(time, next.until);
        sleepers.delete(next);
        next.wake();
        await new Promise((resolve) => setImmediate(resolve));
      }
      time = end;
    },
  };
}
