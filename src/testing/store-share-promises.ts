/**
 * What stores promise about forks and followers.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { type NewEvent, sha256 } from '../record/index.ts';
import { AT, begin, note, placed, promise, type StorePromise } from './store-scene.ts';

export const SHARE_PROMISES: readonly StorePromise[] = [
  promise('forks a run: the beginning is shared, the rest is apart', async ({ store, other }) => {
    const { events, fence } = await begin(store, 'r', note(1), note(2));
    await store.fork('r', 3, 'f');
    await store.append('r', placed('r', 4, note(3)), { expectedSeq: 4, fence });
    const forked = await other.read('f');
    assert.deepEqual(
      forked.slice(0, 3).map(({ kind }) => kind),
      events.slice(0, 3).map(({ kind }) => kind),
    );
    assert.deepEqual(
      { ...forked[3], at: AT },
      { seq: 3, at: AT, run: 'f', step: 0, by: 'store', kind: 'fork', from: 'r', upTo: 3 },
    );
    const lease = await other.lease('f', 'me', 1_000);
    await other.append('f', placed('f', 4, note(9)), { expectedSeq: 4, fence: lease.fence });
    await other.fork('f', 5, 'g');
    assert.deepEqual(
      (await store.read('g', 2)).map(({ kind, seq }) => `${seq} ${kind}`),
      ['2 note', '3 fork', '4 note', '5 fork'],
    );
    assert.equal((await store.read('r')).length, 5);
    await assert.rejects(store.fork('r', 99, 'h'), { code: 'run-unknown' });
    await assert.rejects(store.fork('r', 2, 'f'), { code: 'run-busy' });
  }),
  promise('keeps large blobs, one content once, shared by runs and forks', async ({ store, other }) => {
    const large = new Uint8Array(3_000_000).map((_, n) => n % 251);
    const name = sha256(large);
    const { fence } = await begin(store, 'r');
    await store.append('r', placed('r', 2, note(1)), { expectedSeq: 2, fence, blobs: [{ name, content: large }] });
    assert.equal(await other.blobs.put(large), name);
    const text = 'ü'.repeat(100_000);
    assert.equal(await store.blobs.put(text), await other.blobs.put(new TextEncoder().encode(text)));
    await store.fork('r', 3, 'f');
    assert.equal(sha256((await other.blobs.get(name)) ?? ''), name);
    const empty = await store.blobs.put('');
    assert.equal((await other.blobs.get(empty))?.length, 0);
  }),
  promise('names a fork by the first task that it has: its own, where it shares none', async ({ store, other }) => {
    await begin(store, 'r', note(1));
    await store.fork('r', 3, 'same');
    await store.fork('r', 1, 'other');
    const { fence } = await other.lease('other', 'me', 1_000);
    const task: NewEvent = { kind: 'task', by: 'user', parts: [{ text: 'Another task' }] };
    await other.append('other', placed('other', 2, task), { expectedSeq: 2, fence });
    await store.fork('other', 3, 'again');
    const named = Object.fromEntries((await other.list()).map(({ run, task }) => [run, task]));
    assert.equal(named.same, named.r);
    assert.deepEqual([named.other, named.again], ['Another task', 'Another task']);
  }),
  promise('forks forks, at any place, and each has a future of its own', async ({ store, other }) => {
    await begin(store, 'r', ...Array.from({ length: 8 }, (_, n) => note(n)));
    await store.fork('r', 6, 'a');
    await other.fork('a', 7, 'b');
    // Inside what b has from r, and at the very fork.
    await store.fork('b', 4, 'c');
    await store.fork('b', 8, 'd');
    const kinds = async (run: string, from = 0) =>
      (await other.read(run, from)).map(({ kind, seq }) => `${seq} ${kind}`);
    assert.deepEqual(await kinds('c'), ['0 run-start', '1 task', '2 note', '3 note', '4 fork']);
    assert.deepEqual(await kinds('d', 5), ['5 note', '6 fork', '7 fork', '8 fork']);
    const many = Array.from({ length: 20 }, (_, n) => `fork ${n}`);
    await Promise.all(many.map((run) => store.fork('r', 3, run)));
    for (const run of many) {
      const { fence } = await other.lease(run, run, 1_000);
      await other.append(run, placed(run, 4, note(run)), { expectedSeq: 4, fence });
    }
    for (const run of many) {
      assert.deepEqual(
        (await store.read(run, 4)).map((event) => 'value' in event && event.value),
        [run],
      );
    }
    assert.equal((await store.read('r')).length, 10);
    const own = new Set((await store.read('d')).map(({ run }) => run));
    assert.deepEqual([...own], ['r', 'a', 'b', 'd']);
    assert.equal((await store.list()).find(({ run }) => run === 'd')?.events, 9);
  }),
  promise('shows followers everything from any place, without a gap, as it comes', async ({ store, other }) => {
    const { fence } = await begin(store, 'r');
    const from = [0, 1, 2, 57, 200];
    const seen = from.map((): number[] => []);
    const following = from.map(async (place, n) => {
      const door = n % 2 === 0 ? other : store;
      for await (const { seq } of door.follow('r', place)) seen[n]?.push(seq);
    });
    for (let seq = 2; seq < 300; seq += 6) {
      await store.append('r', placed('r', seq, ...Array.from({ length: 6 }, () => note(seq))), {
        expectedSeq: seq,
        fence,
      });
      if (seq % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    // Who goes away takes nothing with it.
    for await (const { seq } of other.follow('r', 0)) if (seq === 10) break;
    const end: NewEvent<'run-end'> = { kind: 'run-end', by: 'loop', status: 'answered', why: '' };
    await store.append('r', placed('r', 302, end), { expectedSeq: 302, fence });
    await Promise.all(following);
    for (const [n, place] of from.entries()) {
      assert.deepEqual(
        seen[n],
        Array.from({ length: 303 - place }, (_, at) => place + at),
      );
    }
    // It has ended: what is there is given, and that is all.
    const late: number[] = [];
    for await (const { seq } of other.follow('r', 301)) late.push(seq);
    assert.deepEqual(late, [301, 302]);
    const unknown = async () => {
      for await (const _event of store.follow('nobody', 0)) assert.fail('There is no such run.');
    };
    await assert.rejects(unknown(), { code: 'run-unknown' });
  }),
  promise('lets others follow a run to its end', async ({ store, other }) => {
    const { fence } = await begin(store, 'r');
    const seen: string[] = [];
    const following = (async () => {
      for await (const { kind, seq } of other.follow('r', 1)) seen.push(`${seq} ${kind}`);
    })();
    await new Promise((resolve) => setImmediate(resolve));
    await store.append('r', placed('r', 2, note(1)), { expectedSeq: 2, fence });
    const end: NewEvent<'run-end'> = { kind: 'run-end', by: 'loop', status: 'stopped', why: 'Enough.' };
    await store.append('r', placed('r', 3, end), { expectedSeq: 3, fence });
    await following;
    assert.deepEqual(seen, ['1 task', '2 note', '3 run-end']);
  }),
  promise('ends a follower when its signal aborts', async ({ store }) => {
    await begin(store, 'r');
    const abort = new AbortController();
    for await (const _event of store.follow('r', 0, abort.signal)) abort.abort();
  }),
];
