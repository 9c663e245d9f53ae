/**
 * What every run store promises, as data: each runs them in its own test.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { type NewEvent, type RunEvent, sha256 } from '../record/index.ts';
import type { RunStore } from '../run/index.ts';
import type { ContractPromise } from './contract-promise.ts';

/** A store to test. */
export interface TestedStore {
  store: RunStore;
  /** The same store through another door, as another process has it; left out where there is none. */
  other?: RunStore;
  /** Lets the store's clock go on. */
  advance(ms: number): Promise<void> | void;
  /** Removes what was made. */
  remove?(): Promise<void> | void;
}

const AT = '2026-01-01T00:00:00.000Z';
const START: NewEvent<'run-start'> = {
  kind: 'run-start',
  by: 'loop',
  version: 1,
  agent: 'a',
  model: 'scripted/model',
  policy: 'react',
  tools: {},
  seed: 1,
};
const note = (value: number): NewEvent<'note'> => ({ kind: 'note', by: 'action', name: 'n', value });

/**
 * The promises of the `RunStore` contract. `make` gives a fresh store for each.
 *
 * @example
 * ```ts
 * const clock = fakeClock();
 * it.each(storePromises(() => ({ store: memoryStore({ clock }), advance: clock.advance })))('$title', ({ run }) => run());
 * ```
 */
export function storePromises(make: () => TestedStore | Promise<TestedStore>): ContractPromise[] {
  const promise = (title: string, check: (tested: TestedStore & { other: RunStore }) => Promise<void>) => ({
    title,
    async run() {
      const tested = await make();
      try {
        await check({ other: tested.store, ...tested });
      } finally {
        if (tested.other !== undefined) await tested.other.close();
        await tested.store.close();
        await tested.remove?.();
      }
    },
  });
  const placed = (run: string, from: number, ...events: NewEvent[]) =>
    events.map((event, at) => ({ seq: from + at, at: AT, run, step: 0, ...event }) as unknown as RunEvent);
  const begin = async (store: RunStore, run: string, ...more: NewEvent[]) => {
    const { fence } = await store.lease(run, 'me', 1_000);
    const task: NewEvent<'task'> = { kind: 'task', by: 'user', parts: [{ text: `Task of ${run}` }] };
    const events = placed(run, 0, START, task, ...more);
    await store.append(run, events, { expectedSeq: 0, fence });
    return { fence, events };
  };

  return [
    promise('reads back what was appended, equal and in order', async ({ store, other }) => {
      const odd: NewEvent[] = [
        {
          kind: 'note',
          by: 'someone, else',
          name: 'odd',
          value: { __proto__: null, a: [null, '\u2028"', 1e-9] } as never,
        },
        { kind: 'call-result', by: 'action', id: '1.1', ok: true, value: null },
        { kind: 'message', by: 'user', cause: 1, from: 'user', to: 'agent', parts: [] },
      ];
      const { events, fence } = await begin(store, 'r', ...odd);
      const later = placed('r', 5, note(1), note(2));
      await store.append('r', later, { expectedSeq: 5, fence });
      const all = JSON.parse(JSON.stringify([...events, ...later]));
      assert.deepEqual(JSON.parse(JSON.stringify(await store.read('r'))), all);
      assert.deepEqual(JSON.parse(JSON.stringify(await other.read('r', 4))), all.slice(4));
    }),
    promise('keeps times that are not written as its own clock writes them', async ({ store, other }) => {
      const { fence } = await begin(store, 'r');
      const event = { ...placed('r', 2, note(1))[0], at: '2026-01-01T00:00:00Z' } as RunEvent;
      await store.append('r', [event], { expectedSeq: 2, fence });
      assert.equal((await other.read('r', 2))[0]?.at, '2026-01-01T00:00:00Z');
    }),
    promise('appends all or nothing: a wrong place is refused, and nothing is kept', async ({ store }) => {
      const { fence, events } = await begin(store, 'r');
      for (const expectedSeq of [1, 3]) {
        const attempt = async () => store.append('r', placed('r', expectedSeq, note(1)), { expectedSeq, fence });
        await assert.rejects(attempt(), { code: 'run-busy' });
      }
      assert.equal((await store.read('r')).length, events.length);
    }),
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
      await other.append('r', placed('r', 2, note(2)), { expectedSeq: 2, fence: taken.fence });
      assert.equal((await store.read('r')).length, 3);
    }),
    promise('gives a released run to the next holder at once', async ({ store, other }) => {
      const { fence } = await begin(store, 'r');
      await store.release('r', fence);
      assert.ok((await other.lease('r', 'you', 1_000)).fence > 0);
    }),
    promise('says which run it does not hold', async ({ store }) => {
      await assert.rejects(store.read('nobody'), { code: 'run-unknown' });
      await assert.rejects(store.fork('nobody', 1, 'new'), { code: 'run-unknown' });
    }),
    promise('stores blobs by their content, alone and with events', async ({ store, other }) => {
      const name = await store.blobs.put('text');
      assert.equal(name, sha256('text'));
      const bytes = Uint8Array.from([0, 255, 7]);
      const { fence } = await store.lease('r', 'me', 1_000);
      const blobs = [{ name: sha256(bytes), content: bytes }];
      await store.append('r', placed('r', 0, START), { expectedSeq: 0, fence, blobs });
      assert.equal(new TextDecoder().decode(await other.blobs.get(name)), 'text');
      assert.deepEqual([...((await other.blobs.get(sha256(bytes))) ?? [])], [0, 255, 7]);
      assert.equal(await store.blobs.get(sha256('absent')), undefined);
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
    promise('lists runs, newest first, with task, model and status', async ({ store, other }) => {
      await begin(store, 'a');
      const { fence } = await begin(store, 'b');
      const end: NewEvent<'run-end'> = { kind: 'run-end', by: 'loop', status: 'answered', why: 'It has an answer.' };
      await store.append('b', placed('b', 2, end), { expectedSeq: 2, fence });
      const rows = await other.list();
      assert.deepEqual(rows.map(({ run }) => run).sort(), ['a', 'b']);
      const found = rows.find(({ run }) => run === 'b');
      assert.deepEqual(found, {
        run: 'b',
        task: 'Task of b',
        status: 'answered',
        startedAt: AT,
        events: 3,
        model: 'scripted/model',
      });
      assert.deepEqual(
        (await other.list({ status: 'running' })).map(({ run }) => run),
        ['a'],
      );
      assert.equal((await other.list({ limit: 1 })).length, 1);
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
}
