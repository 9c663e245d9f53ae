import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RunError, StoreError } from '../record/index.ts';
import { holdRun } from './hold.ts';

const away = () => Promise.reject(new StoreError('The disk is away.'));
const taken = () => Promise.reject(new RunError('run-busy', 'Another has it.'));

/** A store that says one thing after another to who renews, and what it was asked to release. */
function scene(...replies: (() => Promise<{ fence: number }>)[]) {
  const released: number[] = [];
  const lease = vi.fn(() => (replies.shift() ?? (() => Promise.resolve({ fence: 1 })))());
  const release = async (_run: string, fence: number) => void released.push(fence);
  return { released, lease, store: { lease, release } };
}

const mine = () => Promise.resolve({ fence: 1 });
const hold = (store: ReturnType<typeof scene>['store']) => holdRun({ store, run: 'r', holder: 'me', leaseMs: 30_000 });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

// One renewal that failed broke the run, although the lease was good for twenty seconds more.
it('is lost only when the lease has run out', async () => {
  const { store } = scene(mine, away, away, mine, away, away, away);
  const held = await hold(store);
  await vi.advanceTimersByTimeAsync(50_000);
  expect(held.lost).toBeUndefined();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(held.lost).toMatchObject({ error: { code: 'store-failed' } });
});

it('is lost at once when another has the run', async () => {
  const held = await hold(scene(mine, taken).store);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(held.lost).toMatchObject({ error: { code: 'run-busy' } });
});

it('gives back a lease that it got anew, after another had it', async () => {
  const { store, released } = scene(mine, () => Promise.resolve({ fence: 3 }));
  const held = await hold(store);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(held.lost).toMatchObject({ error: { code: 'run-busy' } });
  expect(released).toEqual([3]);
});

// The renewal arrived after the release, and kept the run from everybody for thirty seconds.
it('lets go only after a renewal that is under way', async () => {
  const slow = Promise.withResolvers<{ fence: number }>();
  const { store, released, lease } = scene(mine, () => slow.promise);
  const held = await hold(store);
  await vi.advanceTimersByTimeAsync(10_000);
  const gone = held.letGo(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(released).toEqual([]);
  slow.resolve({ fence: 1 });
  await gone;
  expect(released).toEqual([1]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(lease).toHaveBeenCalledTimes(2);
});
