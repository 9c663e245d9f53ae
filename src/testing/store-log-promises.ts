/**
 * What stores promise to keep: logs, blobs, listings.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { type NewEvent, type RunEvent, sha256 } from '../record/index.ts';
import type { RunStore } from '../run/index.ts';
import { AT, begin, note, ODD, placed, promise, START, type StorePromise } from './store-scene.ts';

export const LOG_PROMISES: readonly StorePromise[] = [
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
  promise('keeps values as they were written, to the byte', async ({ store, other }) => {
    const { events } = await begin(store, 'r/ü "1" %', note(ODD), note([ODD, ODD]));
    const values = (all: readonly RunEvent[]) => all.map((event) => JSON.stringify('value' in event && event.value));
    assert.deepEqual(values(await other.read('r/ü "1" %')), values(events));
  }),
  promise('lists a run whose task is an odd text', async ({ store, other }) => {
    const { fence } = await store.lease('r', 'me', 1_000);
    const text = `Odd: ${(ODD as { text: string }).text}`;
    const task: NewEvent<'task'> = { kind: 'task', by: 'user', parts: [{ text }] };
    await store.append('r', placed('r', 0, START, task), { expectedSeq: 0, fence });
    assert.deepEqual((await other.read('r', 1))[0], placed('r', 1, task)[0]);
    assert.ok((await other.list())[0]?.task.startsWith('Odd: line\nbreak'));
  }),
  promise('takes appends that are not waited for in the order they were given', async ({ store, other }) => {
    const { fence } = await begin(store, 'r');
    const places = Array.from({ length: 30 }, (_, n) => 2 + n);
    const append = async (seq: number) => store.append('r', placed('r', seq, note(seq)), { expectedSeq: seq, fence });
    await Promise.all(places.map(append));
    assert.deepEqual(
      (await other.read('r', 2)).map((event) => 'value' in event && event.value),
      places,
    );
  }),
  promise('keeps a thousand events, appended one by one and together', async ({ store, other }) => {
    const { fence } = await begin(store, 'r');
    const one = Array.from({ length: 1_000 }, (_, n) => placed('r', 2 + n, note(n)));
    for (const events of one) {
      await store.append('r', events, { expectedSeq: events[0]?.seq ?? 0, fence });
    }
    const more = Array.from({ length: 1_000 }, (_, n) => note(n));
    await store.append('r', placed('r', 1_002, ...more), { expectedSeq: 1_002, fence });
    const seqs = (await other.read('r', 900)).map(({ seq }) => seq);
    assert.deepEqual(
      seqs,
      Array.from({ length: 1_102 }, (_, n) => 900 + n),
    );
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
  promise('lists by status, newest first, as many as are asked for', async ({ store, other }) => {
    const ends = ['answered', 'stopped', 'failed', 'cancelled'] as const;
    const runs = [...ends, 'suspended', 'running'] as const;
    for (const [n, run] of runs.entries()) {
      const { fence } = await store.lease(run, 'me', 1_000);
      const events: NewEvent[] = [START];
      if (run === 'suspended') events.push({ kind: 'suspend', by: 'loop', waiting: [] });
      else if (run !== 'running') events.push({ kind: 'run-end', by: 'loop', status: run, why: '' });
      const at = new Date(Date.parse(AT) + n * 1_000).toISOString();
      const dated = placed(run, 0, ...events).map((event) => ({ ...event, at }) as RunEvent);
      await store.append(run, dated, { expectedSeq: 0, fence });
    }
    const names = async (filter: Parameters<RunStore['list']>[0]) => (await other.list(filter)).map(({ run }) => run);
    assert.deepEqual(await names({}), [...runs].reverse());
    assert.deepEqual(await names({ limit: 2 }), ['running', 'suspended']);
    for (const status of runs) assert.deepEqual(await names({ status }), [status]);
    assert.deepEqual(await names({ status: 'failed', limit: 0 }), []);
    // Who only asked for the lease, or was written to, is no run yet.
    await store.lease('nobody', 'me', 1_000);
    await store.post('nobody', { kind: 'message', text: 'hello' });
    assert.equal((await other.list()).length, runs.length);
    await assert.rejects(store.read('nobody'), { code: 'run-unknown' });
  }),
];
