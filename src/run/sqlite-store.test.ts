import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fakeClock, storePromises } from '../testing/index.ts';
import { sqliteStore } from './sqlite-store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'poact-store-'));
});
afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true });
});

it.each(
  storePromises(() => {
    const clock = fakeClock();
    const path = join(folder, 'runs.db');
    const options = { clock, pollMs: 5 };
    const open = () => sqliteStore(path, options);
    return { store: open(), other: open(), reopen: open, advance: clock.advance };
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
const first = (version = 1) =>
  ({ seq: 0, at: '2026-01-01T00:00:00.000Z', run: 'r', step: 0, ...START, version }) as const;

it('says what to do about a file that is no database, another program’s, or made by a newer version', () => {
  const path = join(folder, 'x.db');
  writeFileSync(path, 'A text that is no database, and long enough to have a header of its own.'.repeat(20));
  expect(() => sqliteStore(path)).toThrow('is not a SQLite database. Give another path.');
  const foreign = new DatabaseSync(join(folder, 'foreign.db'));
  foreign.exec('CREATE TABLE things (a)');
  foreign.close();
  expect(() => sqliteStore(join(folder, 'foreign.db'))).toThrow('is a database of another program');
  const newer = join(folder, 'newer.db');
  void sqliteStore(newer).close();
  const db = new DatabaseSync(newer);
  db.exec('PRAGMA user_version = 99');
  db.close();
  expect(() => sqliteStore(newer)).toThrow(expect.objectContaining({ code: 'log-version' }));
  expect(() => sqliteStore(folder)).toThrow('cannot be opened');
});

it('says that the disk is full, and keeps what was committed', async () => {
  const path = join(folder, 'runs.db');
  const limit = new DatabaseSync(path);
  limit.close();
  const store = sqliteStore(path);
  await store.append('r', [first()], { expectedSeq: 0, fence: 0 });
  await store.close();
  const full = sqliteStore(path, { mostPages: 16 });
  const big = { ...first(), seq: 1, kind: 'note', by: 'action', name: 'big', value: 'x'.repeat(1e6) } as const;
  await expect(async () => full.append('r', [big as never], { expectedSeq: 1, fence: 0 })).rejects.toMatchObject({
    code: 'store-failed',
    facts: { problem: 'full' },
  });
  expect(await full.read('r')).toHaveLength(1);
  await full.close();
});

it('says that another process holds the file', async () => {
  const path = join(folder, 'runs.db');
  const store = sqliteStore(path, { busyMs: 1 });
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  await expect(async () => store.append('r', [first()], { expectedSeq: 0, fence: 0 })).rejects.toThrow('is locked');
  other.exec('ROLLBACK');
  await store.append('r', [first()], { expectedSeq: 0, fence: 0 });
  other.close();
  await store.close();
});

it('names the event whose row is damaged, and refuses a log of a newer version', async () => {
  const path = join(folder, 'runs.db');
  const store = sqliteStore(path);
  await store.append('r', [first()], { expectedSeq: 0, fence: 0 });
  await store.append('n', [{ ...first(2), run: 'n' }], { expectedSeq: 0, fence: 0 });
  await expect(store.read('n')).rejects.toMatchObject({ code: 'log-version' });
  const db = new DatabaseSync(path);
  db.exec("UPDATE events SET body = '[1,'");
  db.close();
  await expect(store.read('r')).rejects.toThrow('Event 0 of run r cannot be read');
  await store.close();
});

it('takes over from a process of this machine that is no more, without waiting', async () => {
  const path = join(folder, 'runs.db');
  const store = sqliteStore(path);
  await store.lease('r', 'them', 60_000);
  const db = new DatabaseSync(path);
  db.exec('UPDATE leases SET pid = 2147483646');
  db.close();
  expect((await store.lease('r', 'me', 60_000)).fence).toBe(2);
  await store.close();
});
