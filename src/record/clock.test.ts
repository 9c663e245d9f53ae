import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from './index.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const DAY_MS = 86_400_000;

it('wakes after the time', async () => {
  const woke = vi.fn();
  void systemClock.sleep(1000).then(woke);
  await vi.advanceTimersByTimeAsync(999);
  expect(woke).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(woke).toHaveBeenCalled();
});

// Node's timers hold 31 bits: a longer wait fired after one millisecond.
it('sleeps longer than a timer can', async () => {
  const woke = vi.fn();
  void systemClock.sleep(60 * DAY_MS).then(woke);
  await vi.advanceTimersByTimeAsync(59 * DAY_MS);
  expect(woke).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(DAY_MS);
  expect(woke).toHaveBeenCalled();
});

it('is woken by an abort, before and while it sleeps, and leaves no timer behind', async () => {
  const abort = new AbortController();
  const sleeping = expect(systemClock.sleep(1000, abort.signal)).rejects.toThrow('enough');
  abort.abort(new Error('enough'));
  await sleeping;
  await expect(systemClock.sleep(1000, abort.signal)).rejects.toThrow('enough');
  expect(vi.getTimerCount()).toBe(0);
});
