import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

it.skipIf(!existsSync('/proc/self'))('refuses a place where nothing can be made', () => {
  expect(() => sqliteStore('/proc/poact-nowhere/deep/runs.db')).toThrow(
    expect.objectContaining({ code: 'store-failed', facts: expect.objectContaining({ problem: 'ENOENT' }) }),
  );
});

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

/** Permissions do not hold for root, which tests may run as; so it is somebody else for the time. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

it('says that the file cannot be written, and reads it all the same', async () => {
  const path = join(folder, 'runs.db');
  const store = sqliteStore(path);
  await store.append('r', [first()], { expectedSeq: 0, fence: 0 });
  // Somebody who may write has it open, so that there is what a reader needs.
  chmodSync(path, 0o444);
  chmodSync(`${path}-wal`, 0o444);
  chmodSync(`${path}-shm`, 0o444);
  chmodSync(folder, 0o555);
  const readOnly = { code: 'store-failed', facts: { problem: 'read-only' } };
  await asNobody(async () => {
    const reader = sqliteStore(path);
    expect(await reader.read('r')).toHaveLength(1);
    const more = { ...first(), seq: 1, kind: 'note', by: 'action', name: 'n', value: 1 } as never;
    await expect(async () => reader.append('r', [more], { expectedSeq: 1, fence: 0 })).rejects.toMatchObject(readOnly);
    await expect(reader.post('r', { kind: 'message', text: '' })).rejects.toMatchObject(readOnly);
    await expect(reader.lease('r', 'me', 1)).rejects.toMatchObject(readOnly);
    await reader.close();
    expect(() => sqliteStore(join(folder, 'new.db'))).toThrow('Check that the path is a file, and its permissions');
  });
  await store.close();
});

it('says that the file is damaged, and gives what is whole', async () => {
  const path = join(folder, 'runs.db');
  const store = sqliteStore(path);
  const note = (run: string, seq: number, value = 'x'.repeat(500)) =>
    ({ ...first(), run, seq, kind: 'note', by: 'action', name: 'n', value }) as never;
  await store.append('small', [{ ...first(), run: 'small' }], { expectedSeq: 0, fence: 0 });
  const many = Array.from({ length: 2_000 }, (_, n) => note('r', n + 1));
  await store.append('r', [first(), ...many], { expectedSeq: 0, fence: 0 });
  await store.close();
  const page = 4_096;
  const bytes = readFileSync(path);
  bytes.fill(0xa5, Math.floor(bytes.length / 2 / page) * page, Math.floor(bytes.length / 2 / page + 4) * page);
  writeFileSync(path, bytes);
  const damaged = sqliteStore(path);
  await expect(damaged.read('r')).rejects.toMatchObject({ code: 'store-failed', facts: { problem: 'corrupt' } });
  expect(await damaged.read('small')).toHaveLength(1);
  expect((await damaged.list()).map(({ run }) => run).sort()).toEqual(['r', 'small']);
  await damaged.close();
  // Cut off in the middle of a page, as by a copy that broke.
  writeFileSync(path, bytes.subarray(0, bytes.length / 3 + 100));
  const cut = async () => {
    const store = sqliteStore(path);
    await store.read('r').finally(() => store.close());
  };
  await expect(cut()).rejects.toMatchObject({ code: 'store-failed', facts: { problem: 'corrupt' } });
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
