import { inspect } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, postgresServer } from '../../test/postgres-server.ts';
import type { RunEvent } from '../record/index.ts';
import { storePromises } from '../testing/index.ts';
import { postgresStore } from './postgres-store.ts';
import type { RunStore } from './run.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await postgresServer();
});
afterAll(() => server.remove());

let schemas = 0;
it.each(
  storePromises(() => {
    schemas += 1;
    const schema = `promise "${schemas}"`;
    const open = () => postgresStore(server.url, { schema });
    return {
      store: open(),
      other: open(),
      reopen: open,
      // The server's clock cannot be put forward; the leases are put back.
      async advance(ms) {
        const leases = `"${schema.replaceAll('"', '""')}".leases`;
        await server.query(`UPDATE ${leases} SET until = until - $1 * interval '1 ms'`, [ms]);
      },
    };
  }),
)('$title', ({ run }) => run());

const START = {
  kind: 'run-start',
  by: 'loop',
  version: 1,
  agent: '',
  model: 'm',
  policy: 'p',
  tools: {},
  seed: 1,
} as const;
const at = (run: string, seq: number, event: object = { kind: 'note', by: 'action', name: 'n', value: seq }) =>
  ({ seq, at: '2026-01-01T00:00:00.000Z', run, step: 0, ...(seq === 0 ? START : event) }) as unknown as RunEvent;
const begin = async (store: RunStore, run: string) => {
  const { fence } = await store.lease(run, 'me', 60_000);
  await store.append(run, [at(run, 0)], { expectedSeq: 0, fence });
  return fence;
};
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a server that goes away', () => {
  it('and comes back: nothing is lost, doubled, or missed by followers', async () => {
    const store = postgresStore(server.url, { schema: 'restart' });
    const fence = await begin(store, 'r');
    const seen: number[] = [];
    const following = (async () => {
      for await (const { seq } of store.follow('r', 0)) seen.push(seq);
    })();
    const most = 400;
    let posted = 0;
    const posting = (async () => {
      for (; posted < 100; posted++) {
        await store.post('r', { kind: 'message', text: String(posted) });
        await later(5);
      }
    })();
    const restarting = (async () => {
      for (const wait of [150, 300]) {
        await later(wait);
        await server.stop();
        await later(200);
        await server.start();
      }
    })();
    const taken: string[] = [];
    for (let seq = 1; seq < most; seq++) {
      for (const message of await store.drain('r', fence)) taken.push('text' in message ? message.text : '');
      await store.append('r', [at('r', seq)], { expectedSeq: seq, fence });
      await later(2);
    }
    await Promise.all([posting, restarting]);
    for (const message of await store.drain('r', fence)) taken.push('text' in message ? message.text : '');
    expect(await store.lease('r', 'me', 60_000)).toEqual({ fence });
    const end = { kind: 'run-end', by: 'loop', status: 'answered', why: '' };
    await store.append('r', [at('r', most, end)], { expectedSeq: most, fence });
    await following;
    expect(taken).toEqual(Array.from({ length: 100 }, (_, n) => String(n)));
    expect((await store.read('r')).map(({ seq }) => seq)).toEqual(Array.from({ length: most + 1 }, (_, seq) => seq));
    expect(seen).toEqual(Array.from({ length: most + 1 }, (_, seq) => seq));
    await store.close();
  });

  it('for good: a coded error in time, and the store works again when it is back', async () => {
    const store = postgresStore(server.url, { schema: 'away', reconnectMs: 300 });
    const fence = await begin(store, 'r');
    await server.stop();
    const gone = { code: 'store-failed', facts: { problem: 'unreachable' } };
    await expect(store.append('r', [at('r', 1)], { expectedSeq: 1, fence })).rejects.toMatchObject(gone);
    const error = await store.read('r').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject(gone);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/s3cret/);
    await expect(postgresStore(server.url).list()).rejects.toMatchObject(gone);
    await server.start();
    expect(await store.read('r')).toHaveLength(1);
    await store.append('r', [at('r', 1)], { expectedSeq: 1, fence });
    await store.close();
  });

  it('while the server still does what was asked: it is found to be done, once', async () => {
    const store = postgresStore(server.url, { schema: 'under way' });
    const fence = await begin(store, 'r');
    // As a server does that has not yet seen that its client is gone.
    const old = new pg.Client(server.url);
    await old.connect();
    await old.query('BEGIN');
    const text = 'INSERT INTO "under way".events SELECT id, 1, $1 FROM "under way".runs';
    await old.query(text, [JSON.stringify(at('r', 1))]);
    const append = store.append('r', [at('r', 1)], { expectedSeq: 1, fence });
    await later(100);
    await old.query('COMMIT');
    await old.end();
    await append;
    expect(await store.read('r')).toHaveLength(2);
    // Another content in that place is another matter.
    const other = async () => store.append('r', [at('r', 1), at('r', 2)], { expectedSeq: 1, fence });
    await expect(other()).rejects.toMatchObject({ code: 'run-busy' });
    await store.close();
  });

  it('by a crash: with durability full, what was committed is there', async () => {
    const store = postgresStore(server.url, { schema: 'crash', durability: 'full' });
    const fence = await begin(store, 'r');
    let length = 1;
    const crashing = later(200).then(async () => {
      await server.crash();
      const committed = length;
      await server.start();
      return committed;
    });
    for (; length < 300; length++) await store.append('r', [at('r', length)], { expectedSeq: length, fence });
    expect(await crashing).toBeGreaterThan(1);
    expect((await store.read('r')).map(({ seq }) => seq)).toEqual(Array.from({ length: 300 }, (_, seq) => seq));
    await store.close();
  });
});

describe('what a database refuses, in words', () => {
  const problem = (name: string) => ({ code: 'store-failed', facts: { problem: name } });

  it('an unreachable server, a wrong password, a missing database; never the password', async () => {
    const url = new URL(server.url);
    const wrong = (change: (url: URL) => void) => {
      const changed = new URL(url);
      change(changed);
      return postgresStore(String(changed), { reconnectMs: 2_000 });
    };
    const cases: [RunStore, string][] = [
      [wrong((to) => (to.port = '1')), 'unreachable'],
      [wrong((to) => (to.password = 'another-s3cret')), 'unauthorised'],
      [wrong((to) => (to.pathname = '/nowhere')), 'unopenable'],
    ];
    for (const [store, name] of cases) {
      const error = await store.list().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject(problem(name));
      expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/s3cret/);
      await store.close();
    }
    for (const given of ['postgres//me:s3cret@host', 'mysql://me:s3cret@host/x', '']) {
      expect(() => postgresStore(given)).toThrow(expect.objectContaining({ code: 'option-invalid' }));
      expect(() => postgresStore(given)).not.toThrow(/s3cret/);
    }
    expect(() => postgresStore(server.url, { schema: 'pg_mine' })).toThrow('Option `schema`');
  });

  it('a read-only database, and one that is full', async () => {
    const store = postgresStore(server.url, { schema: 'refuses' });
    const fence = await begin(store, 'r');
    await store.close();
    await server.query("CREATE ROLE reader LOGIN SUPERUSER PASSWORD 'reads'");
    await server.query('ALTER ROLE reader SET default_transaction_read_only = on');
    const reading = postgresStore(server.url.replace(/poact:[^@]+/, 'reader:reads'), { schema: 'refuses' });
    const append = reading.append('r', [at('r', 1)], { expectedSeq: 1, fence });
    await expect(append).rejects.toMatchObject(problem('read-only'));
    expect(await reading.read('r')).toHaveLength(1);
    await reading.close();
    // A disk that is full for one run's events: the others go on.
    await server.query(`CREATE FUNCTION refuses.no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$`);
    await server.query(`CREATE TRIGGER no_room BEFORE INSERT ON refuses.events FOR EACH ROW
      WHEN (new.body LIKE '%large%') EXECUTE FUNCTION refuses.no_room()`);
    const again = postgresStore(server.url, { schema: 'refuses' });
    const other = await begin(again, 'other');
    const large = at('r', 1, { kind: 'note', by: 'action', name: 'large', value: 1 });
    const [refused, written] = await Promise.allSettled([
      again.append('r', [large], { expectedSeq: 1, fence }),
      again.append('other', [at('other', 1)], { expectedSeq: 1, fence: other }),
    ]);
    expect(refused).toMatchObject({ status: 'rejected', reason: problem('full') });
    expect(written.status).toBe('fulfilled');
    expect(await again.read('r')).toHaveLength(1);
    await again.append('r', [at('r', 1)], { expectedSeq: 1, fence });
    await again.close();
  });

  it('tables that another transaction holds', async () => {
    const store = postgresStore(server.url, { schema: 'locked', busyMs: 50 });
    const fence = await begin(store, 'r');
    const other = new pg.Client(server.url);
    await other.connect();
    await other.query('BEGIN; LOCK TABLE locked.events IN ACCESS EXCLUSIVE MODE');
    const append = () => store.append('r', [at('r', 1)], { expectedSeq: 1, fence });
    await expect(append()).rejects.toMatchObject(problem('locked'));
    await other.query('ROLLBACK');
    await other.end();
    await append();
    expect(await store.read('r')).toHaveLength(2);
    await store.close();
  });

  it('another program’s schema, one of a newer version, and a damaged event', async () => {
    await server.query('CREATE SCHEMA theirs; CREATE TABLE theirs.events (id integer)');
    const theirs = postgresStore(server.url, { schema: 'theirs' });
    await expect(theirs.list()).rejects.toMatchObject(problem('foreign'));
    await theirs.close();
    const store = postgresStore(server.url, { schema: 'newer' });
    await begin(store, 'r');
    await server.query('UPDATE newer.events SET body = left(body, 20)');
    await expect(store.read('r')).rejects.toThrow('Event 0 of run r cannot be read');
    await store.close();
    await server.query('INSERT INTO newer.versions VALUES (99)');
    const older = postgresStore(server.url, { schema: 'newer' });
    await expect(older.list()).rejects.toMatchObject({ code: 'log-version' });
    await older.close();
  });
});

it('is made once by many who come at the same time', async () => {
  const stores = Array.from({ length: 6 }, () => postgresStore(server.url, { schema: 'at once' }));
  await Promise.all(stores.map((store, n) => begin(store, `run ${n}`)));
  expect(await stores[0]?.list()).toHaveLength(6);
  await Promise.all(stores.map((store) => store.close()));
  await expect(stores[0]?.list()).rejects.toMatchObject({ facts: { problem: 'closed' } });
});

it('commits what several runs append at a time, each by itself', async () => {
  const store = postgresStore(server.url, { schema: 'together' });
  const names = Array.from({ length: 16 }, (_, n) => `run ${n}`);
  const fences = await Promise.all(names.map((run) => begin(store, run)));
  const commits = async () =>
    Number(
      (await server.query('SELECT xact_commit AS n FROM pg_stat_database WHERE datname = current_database()'))[0]?.n,
    );
  const lots = 30;
  const before = await commits();
  await Promise.all(
    names.map(async (run, n) => {
      for (let seq = 1; seq <= lots; seq++) {
        const fence = (fences[n] ?? 0) + (n === 3 && seq === 10 ? 1 : 0);
        const append = store.append(run, [at(run, seq)], { expectedSeq: seq, fence });
        if (n !== 3 || seq < 10) await append;
        else return expect(append).rejects.toMatchObject({ code: 'run-busy' });
      }
    }),
  );
  expect((await store.read('run 3')).length).toBe(10);
  expect((await store.read('run 4')).length).toBe(lots + 1);
  await later(1_100);
  expect((await commits()) - before).toBeLessThan((16 * lots) / 2);
  await store.close();
});
