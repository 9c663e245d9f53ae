/**
 * What stores promise to workers.
 *
 * @module
 */
import assert from 'node:assert/strict';
import type { NewEvent } from '../record/index.ts';
import type { RunStore } from '../run/index.ts';
import { AT, begin, placed, promise, type StorePromise } from './store-scene.ts';

const END: NewEvent<'run-end'> = { kind: 'run-end', by: 'loop', status: 'answered', why: 'w', answer: 1 };
const waiting = (until?: string): NewEvent<'suspend'> => ({
  kind: 'suspend',
  by: 'loop',
  waiting: [{ for: 'approval', id: '1.1' }],
  ...(until !== undefined && { until }),
});

/** A run that nobody holds. */
async function left(store: RunStore, run: string, ...more: NewEvent[]): Promise<void> {
  const { fence } = await begin(store, run, ...more);
  await store.release(run, fence);
}

export const QUEUE_PROMISES: readonly StorePromise[] = [
  promise('names runs of a queue that nobody holds, oldest first', async ({ store, other, advance }) => {
    await left(store, 'a');
    await left(store, 'b');
    await left(store, 'c');
    await left(store, 'elsewhere');
    await left(store, 'nowhere');
    for (const run of ['c', 'b', 'a']) await other.enqueue(run, 'q');
    await store.enqueue('elsewhere', 'r');
    assert.deepEqual(await other.due('q'), ['a', 'b', 'c']);
    assert.deepEqual(await other.due('q', 2), ['a', 'b']);
    assert.deepEqual(await store.due('nothing'), []);
    await store.lease('b', 'me', 1_000);
    assert.deepEqual(await other.due('q'), ['a', 'c']);
    await advance(1_001);
    assert.deepEqual(await other.due('q'), ['a', 'b', 'c']);
    await other.enqueue('a', 'r');
    assert.deepEqual(await store.due('r'), ['a', 'elsewhere']);
  }),
  promise('names a run no more when it has ended, and again when it goes on', async ({ store, other }) => {
    await left(store, 'r', END);
    await store.enqueue('r', 'q');
    assert.deepEqual(await other.due('q'), []);
    const { fence } = await store.lease('r', 'me', 1_000);
    const task: NewEvent<'task'> = { kind: 'task', by: 'user', parts: [{ text: 'More' }] };
    await store.append('r', placed('r', 3, task), { expectedSeq: 3, fence });
    await store.release('r', fence);
    assert.deepEqual(await other.due('q'), ['r']);
  }),
  promise('names a suspended run when something was posted, or its wait is over', async ({ store, other }) => {
    await left(store, 'for ever', waiting());
    await left(store, 'long', waiting('2999-01-01T00:00:00.000Z'));
    await left(store, 'over', waiting(AT));
    for (const run of ['for ever', 'long', 'over']) await store.enqueue(run, 'q');
    assert.deepEqual(await other.due('q'), ['over']);
    await other.post('for ever', { kind: 'message', text: 'now' });
    assert.deepEqual(await store.due('q'), ['for ever', 'over']);
    const { fence } = await store.lease('for ever', 'me', 1_000);
    assert.equal((await store.drain('for ever', fence)).length, 1);
    await store.append('for ever', placed('for ever', 3, waiting()), { expectedSeq: 3, fence });
    await store.release('for ever', fence);
    assert.deepEqual(await other.due('q'), ['over']);
  }),
  promise('names a suspended run when something was posted to a suspended run within it', async ({ store, other }) => {
    await left(store, 'outer', waiting());
    await left(store, 'outer.2', waiting());
    await left(store, 'outer2', waiting());
    await left(store, 'outer.7', END);
    await store.enqueue('outer', 'q');
    for (const run of ['outer2', 'outer.7']) await other.post(run, { kind: 'message', text: 'now' });
    assert.deepEqual(await store.due('q'), []);
    await other.post('outer.2', { kind: 'message', text: 'now' });
    assert.deepEqual(await store.due('q'), ['outer']);
  }),
  promise('does not take a fork along into the queue', async ({ store }) => {
    await left(store, 'r');
    await store.enqueue('r', 'q');
    await store.fork('r', 2, 'f');
    assert.deepEqual(await store.due('q'), ['r']);
  }),
  promise('refuses to enqueue a run that is not there', async ({ store }) => {
    await assert.rejects(store.enqueue('r', 'q'), { code: 'run-unknown' });
  }),
  promise('tells when a run may have become due', async ({ store, other }) => {
    await left(store, 'r', waiting());
    const heard = (work: () => Promise<void>) =>
      new Promise<void>((resolve, reject) => {
        const silence = store.onDue(() => {
          silence();
          resolve();
        });
        // Where another process tells, somebody has to be listening first.
        setTimeout(() => work().catch(reject), 100);
      });
    await heard(() => other.enqueue('r', 'q'));
    await heard(() => other.post('r', { kind: 'message', text: 'now' }));
  }),
];
