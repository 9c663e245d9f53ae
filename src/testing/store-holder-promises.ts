/**
 * What stores promise to those who hold a run and those who write to it.
 *
 * @module
 */
import assert from 'node:assert/strict';
import type { InboxMessage, RunStore } from '../run/index.ts';
import { begin, note, ODD, placed, promise, START, type StorePromise } from './store-scene.ts';

export const HOLDER_PROMISES: readonly StorePromise[] = [
  promise('fences off a holder whose lease was taken over', async ({ store, other, advance }) => {
    const { fence } = await begin(store, 'r');
    await assert.rejects(other.lease('r', 'you', 1_000), { code: 'run-busy' });
    assert.deepEqual(await store.lease('r', 'me', 1_000), { fence });
    await advance(1_001);
    const taken = await other.lease('r', 'you', 1_000);
    assert.notEqual(taken.fence, fence);
    const late = async () => store.append('r', placed('r', 2, note(1)), { expectedSeq: 2, fence });
    await assert.rejects(late(), { code: 'run-busy' });
    await assert.rejects(store.lease('r', 'me', 1_000), { code: 'run-busy' });
    await assert.rejects(store.drain('r', fence), { code: 'run-busy' });
    await other.append('r', placed('r', 2, note(2)), { expectedSeq: 2, fence: taken.fence });
    assert.equal((await store.read('r')).length, 3);
  }),
  promise('gives a run to one of many who ask at once', async ({ store, other, advance }) => {
    for (const round of [1, 2]) {
      const asked = await Promise.allSettled(
        Array.from({ length: 8 }, (_, n) => (n % 2 === 0 ? store : other).lease('r', `${round}.${n}`, 1_000)),
      );
      const given = asked.filter((one) => one.status === 'fulfilled');
      assert.deepEqual(
        given.map(({ value }) => value.fence),
        [round],
      );
      for (const one of asked) if (one.status === 'rejected') assert.equal(one.reason.code, 'run-busy');
      await advance(1_001);
    }
  }),
  promise('gives each taker a higher fence, and lets one of two append', async ({ store, other, advance }) => {
    let length = 0;
    let last = 0;
    for (let n = 0; n < 6; n++) {
      const [mine, theirs] = n % 2 === 0 ? [store, other] : [other, store];
      const { fence } = await mine.lease('r', `holder ${n}`, 1_000);
      assert.ok(fence > last);
      const place = placed('r', length, length === 0 ? START : note(n));
      const stale = async () => theirs.append('r', placed('r', length, note(-1)), { expectedSeq: length, fence: last });
      const [written, refused] = await Promise.allSettled([
        (async () => mine.append('r', place, { expectedSeq: length, fence }))(),
        stale(),
      ]);
      assert.equal(written.status, 'fulfilled');
      assert.equal(refused.status === 'rejected' && refused.reason.code, 'run-busy');
      length += 1;
      last = fence;
      if (n % 3 === 0) await mine.release('r', fence);
      else await advance(1_001);
    }
    assert.equal((await store.read('r')).length, length);
  }),
  promise('keeps a lease that is renewed', async ({ store, other, advance }) => {
    const { fence } = await begin(store, 'r');
    for (let n = 0; n < 3; n++) {
      await advance(600);
      assert.deepEqual(await store.lease('r', 'me', 1_000), { fence });
      await assert.rejects(other.lease('r', 'you', 1_000), { code: 'run-busy' });
    }
    // A release with an old fence frees nothing.
    await other.release('r', fence - 1);
    await assert.rejects(other.lease('r', 'you', 1_000), { code: 'run-busy' });
  }),
  promise(
    'lists as interrupted what runs, is held by nobody, and is in no queue',
    async ({ store, other, advance }) => {
      const isInterrupted = async (run: string) => (await other.list()).find((one) => one.run === run)?.interrupted;
      const { fence } = await begin(store, 'r');
      assert.equal(await isInterrupted('r'), undefined);
      await store.release('r', fence);
      assert.equal(await isInterrupted('r'), true);
      const next = await store.lease('r', 'you', 1_000);
      assert.equal(await isInterrupted('r'), undefined);
      await advance(1_001);
      assert.equal(await isInterrupted('r'), true);
      // What has ended is not interrupted, and what a queue has goes on by itself.
      await store.append('r', placed('r', 2, { kind: 'run-end', by: 'loop', status: 'failed', why: 'x' }), {
        expectedSeq: 2,
        fence: next.fence,
      });
      assert.equal(await isInterrupted('r'), undefined);
      const queued = await begin(store, 'q');
      await store.enqueue('q', 'queue');
      await store.release('q', queued.fence);
      assert.equal(await isInterrupted('q'), undefined);
      await store.fork('r', 2, 'f');
      assert.equal(await isInterrupted('f'), true);
    },
  ),
  promise('gives a released run to the next holder at once', async ({ store, other }) => {
    const { fence } = await begin(store, 'r');
    await store.release('r', fence);
    assert.ok((await other.lease('r', 'you', 1_000)).fence > 0);
  }),
  promise('keeps what was posted until its taker has appended', async ({ store, other, advance }) => {
    await other.post('r', { kind: 'message', text: 'early' });
    const { fence } = await begin(store, 'r');
    await other.post('r', { kind: 'message', text: 'one' });
    const texts = async (from: RunStore, held: number) =>
      (await from.drain('r', held)).map((message) => ('text' in message ? message.text : ''));
    assert.ok((await texts(store, fence)).includes('one'));
    assert.deepEqual(await texts(store, fence), []);
    // It dies without an append: the next one takes them again.
    await advance(1_001);
    const next = await other.lease('r', 'you', 1_000);
    await store.post('r', { kind: 'message', text: 'two' });
    assert.deepEqual((await texts(other, next.fence)).slice(-2), ['one', 'two']);
    await assert.rejects(
      store.drain('r', fence).then((taken) => assert.equal(taken.length, 0)),
      { code: 'run-busy' },
    );
    await other.append('r', placed('r', 2, note(1)), { expectedSeq: 2, fence: next.fence });
    await advance(1_001);
    const third = await store.lease('r', 'me', 1_000);
    assert.deepEqual(await texts(store, third.fence), []);
  }),
  promise('never says of an append that nothing is posted where something is', async ({ store, other }) => {
    const { fence } = await begin(store, 'r');
    const append = async (seq: number) =>
      (await store.append('r', placed('r', seq, note(seq)), { expectedSeq: seq, fence }))?.posted;
    assert.notEqual(await append(2), true);
    await other.post('r', { kind: 'message', text: 'one' });
    assert.notEqual(await append(3), false);
    assert.equal((await store.drain('r', fence)).length, 1);
    await other.post('r', { kind: 'message', text: 'two' });
    assert.notEqual(await append(4), false);
    assert.equal((await store.drain('r', fence)).length, 1);
    assert.notEqual(await append(5), true);
  }),
  promise('hands out each message once, in the order each poster gave', async ({ store, other }) => {
    const { fence } = await begin(store, 'r');
    let length = 2;
    const taken: string[] = [];
    const take = async () => {
      for (const message of await store.drain('r', fence)) taken.push('text' in message ? message.text : '');
      await store.append('r', placed('r', length, note(length)), { expectedSeq: length, fence });
      length += 1;
    };
    const post = async (from: RunStore, name: string) => {
      for (let n = 0; n < 50; n++) await from.post('r', { kind: 'message', text: `${name} ${n}` });
    };
    const posting = Promise.all([post(store, 'a'), post(other, 'b'), post(other, 'c')]);
    for (let n = 0; n < 20; n++) await take();
    await posting;
    await take();
    assert.deepEqual(await other.posted('r'), []);
    for (const name of ['a', 'b', 'c']) {
      const own = taken.filter((text) => text.startsWith(name));
      assert.deepEqual(
        own,
        Array.from({ length: 50 }, (_, n) => `${name} ${n}`),
      );
    }
    assert.deepEqual(await store.drain('r', fence), []);
    // Another run's messages are its own.
    await other.post('q', { kind: 'message', text: 'for q' });
    assert.deepEqual(await store.drain('r', fence), []);
  }),
  promise('finds log, inbox, lease and blobs again when it is opened anew', async ({ store, reopen }) => {
    const { fence } = await begin(store, 'r', note(1));
    const messages: InboxMessage[] = [
      { kind: 'approval', call: '1.1', digest: 'd', verdict: 'edit', args: ODD },
      { kind: 'message', text: 'two' },
    ];
    for (const message of messages) await store.post('r', message);
    assert.deepEqual(await store.posted('r'), messages);
    const name = await store.blobs.put('kept');
    if (reopen === undefined) return;
    await store.close();
    const again = await reopen();
    try {
      assert.equal((await again.read('r')).length, 3);
      await assert.rejects(again.lease('r', 'you', 1_000), { code: 'run-busy' });
      assert.deepEqual(await again.lease('r', 'me', 1_000), { fence });
      assert.deepEqual(await again.drain('r', fence), messages);
      assert.equal(new TextDecoder().decode(await again.blobs.get(name)), 'kept');
    } finally {
      await again.close();
    }
  }),
];
