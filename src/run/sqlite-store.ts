/**
 * A store in one SQLite file, in WAL mode: several processes may use it at once.
 *
 * What is appended survives a killed process (`durability: 'process'`), or a power loss (`'full'`).
 *
 * A row of `events` has an event's place, time and step, and its other values as a JSON array; which fields these are, in
 * what order, with kind and author, is said once in `shapes`. So a row is short, and the file says itself how to read it.
 *
 * @module
 */
import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  type Clock,
  isPoactError,
  LOG_VERSION,
  LogError,
  OptionError,
  type RunEvent,
  requirePositive,
  StoreError,
  sha256,
  systemClock,
} from '../record/index.ts';
import { bells, followRun } from './follow.ts';
import type { InboxMessage, RunStore, RunSummary } from './run.ts';
import { busy, fenced, moved, requireFork, unknownRun } from './store-errors.ts';
import { newSummary } from './summary.ts';

export interface SqliteStoreOptions {
  /** What a commit survives: the end of the process, or also a power loss. @default 'process' */
  durability?: 'process' | 'full';
  /** How often followers look for what other processes appended, in milliseconds. @default 200 */
  pollMs?: number;
  /** Longest wait for another process's transaction, in milliseconds. @default 5_000 */
  busyMs?: number;
  /** Largest size of the file, in pages of 4 KiB; what does not fit is refused as on a full disk. @default Infinity */
  mostPages?: number;
  clock?: Clock;
}

/** Marks the file as ours: "poac". */
const APPLICATION_ID = 0x706f6163;
/** Version of the tables. */
const SCHEMA_VERSION = 1;

/** An event's `place` is its run's number times this, plus its `seq`. */
const PLACES = 2 ** 28;

const SCHEMA = `
CREATE TABLE runs (id INTEGER PRIMARY KEY, run TEXT NOT NULL UNIQUE, parent INTEGER, shared INTEGER NOT NULL DEFAULT 0,
  task TEXT NOT NULL, status TEXT NOT NULL, startedAt TEXT NOT NULL, model TEXT NOT NULL);
CREATE TABLE shapes (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, by TEXT NOT NULL, fields TEXT NOT NULL);
CREATE TABLE events (place INTEGER PRIMARY KEY, at NOT NULL, step INTEGER NOT NULL, shape INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE blobs (name TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE inbox (id INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX inboxByRun ON inbox (run, id);
CREATE TABLE leases (run TEXT PRIMARY KEY, holder TEXT NOT NULL, fence INTEGER NOT NULL, until INTEGER NOT NULL,
  host TEXT NOT NULL, pid INTEGER NOT NULL) WITHOUT ROWID;
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};`;

const STATEMENTS = {
  begin: 'BEGIN IMMEDIATE',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  fence: 'SELECT fence FROM leases WHERE run = ?',
  run: 'SELECT * FROM runs WHERE run = ?',
  runById: 'SELECT * FROM runs WHERE id = ?',
  newRun: 'INSERT INTO runs (run, parent, shared, task, status, startedAt, model) VALUES (?, ?, ?, ?, ?, ?, ?)',
  changeRun: 'UPDATE runs SET task = ?, status = ?, startedAt = ?, model = ? WHERE id = ?',
  lastPlace: 'SELECT max(place) AS place FROM events WHERE place >= ? AND place < ?',
  insert: 'INSERT INTO events (place, at, step, shape, body) VALUES (?, ?, ?, ?, ?)',
  read: 'SELECT place, at, step, shape, body FROM events WHERE place >= ? AND place < ? ORDER BY place',
  shapes: 'SELECT * FROM shapes WHERE id > ?',
  newShape: 'INSERT INTO shapes (kind, by, fields) VALUES (?, ?, ?)',
  list: 'SELECT * FROM runs WHERE ?1 IS NULL OR status = ?1 ORDER BY startedAt DESC, id DESC LIMIT ?2',
  putBlob: 'INSERT OR IGNORE INTO blobs (name, content) VALUES (?, ?)',
  getBlob: 'SELECT content FROM blobs WHERE name = ?',
  post: 'INSERT INTO inbox (run, body) VALUES (?, ?)',
  inbox: 'SELECT id, body FROM inbox WHERE run = ? AND id > ? ORDER BY id',
  taken: 'DELETE FROM inbox WHERE run = ? AND id <= ?',
  lease: 'SELECT * FROM leases WHERE run = ?',
  take: 'INSERT OR REPLACE INTO leases (run, holder, fence, until, host, pid) VALUES (?, ?, ?, ?, ?, ?)',
  release: "UPDATE leases SET until = 0, holder = '' WHERE run = ? AND fence = ?",
} as const;

type Statements = { [Name in keyof typeof STATEMENTS]: StatementSync };

interface RunRow {
  id: number;
  run: string;
  parent: number | null;
  shared: number;
  task: string;
  status: RunSummary['status'];
  startedAt: string;
  model: string;
}

/**
 * Opens a store; the file and its folder are made where they are not there.
 *
 * @throws {StoreError} the file cannot be opened, is damaged, read-only, or another program's; each with what to do.
 * @throws {LogError} `log-version`: a newer version of this package made it.
 * @throws {OptionError} `path` is empty, or `durability` is unknown.
 * @example
 * ```ts
 * const store = sqliteStore('runs.db');
 * ```
 */
export function sqliteStore(path: string, options: SqliteStoreOptions = {}): RunStore {
  const { durability = 'process', pollMs = 200, busyMs = 5_000, mostPages = Number.POSITIVE_INFINITY } = options;
  const { clock = systemClock } = options;
  requirePositive({ pollMs, busyMs, mostPages });
  if (path === '') throw new OptionError('path', 'give the file that the runs are kept in.');
  if (durability !== 'process' && durability !== 'full') {
    throw new OptionError('durability', `expected 'process' or 'full', got ${JSON.stringify(durability)}.`);
  }
  const db = open(path, { durability, busyMs, mostPages });
  const sql = guarded(path, () => prepared(db));
  const doorbells = bells();
  const toMs = timeReader();
  const shapes = shapesOf(sql);
  /** Of runs this store has written to: what need not be asked again. */
  const known = new Map<string, { id: number; length: number; row: Pick<RunRow, 'task'> }>();
  const drained = new Map<string, { fence: number; upTo: number }>();

  const transaction = <T>(work: () => T): T =>
    guarded(path, () => {
      sql.begin.run();
      try {
        const result = work();
        sql.commit.run();
        return result;
      } catch (error) {
        if (db.isTransaction) sql.rollback.run();
        shapes.forget();
        throw error;
      }
    });

  const rowOf = (run: string): RunRow => {
    const row = sql.run.get(run) as RunRow | undefined;
    if (row === undefined) throw unknownRun(run);
    return row;
  };
  const lengthOf = ({ id, shared }: RunRow): number => {
    const { place } = sql.lastPlace.get(id * PLACES, (id + 1) * PLACES) as { place: number | null };
    return place === null ? shared : place - id * PLACES + 1;
  };
  const requireFence = (run: string, fence: number) => {
    const held = (sql.fence.get(run) as { fence: number } | undefined)?.fence ?? 0;
    if (held !== fence) throw fenced(run, fence, held);
  };
  const readRow = (row: RunRow, from: number, to: number): RunEvent[] => {
    const events: RunEvent[] = [];
    if (row.parent !== null && from < row.shared) {
      events.push(...readRow(sql.runById.get(row.parent) as unknown as RunRow, from, Math.min(to, row.shared)));
    }
    const own = row.id * PLACES;
    const rows = sql.read.all(own + from, own + Math.min(to, PLACES)) as unknown as EventRow[];
    for (const found of rows) events.push(toEvent(row.run, found.place - own, found, shapes.byId(found.shape)));
    return events;
  };
  const read = (run: string, from: number): RunEvent[] => guarded(path, () => readRow(rowOf(run), from, PLACES));
  const insert = (id: number, event: RunEvent) => {
    const { shape, values } = shapes.of(event);
    sql.insert.run(id * PLACES + event.seq, toMs(event.at), event.step, shape, JSON.stringify(values));
  };
  const putBlob = (name: string, content: string | Uint8Array) => sql.putBlob.run(name, content);

  return {
    append(run, events, { expectedSeq, fence, blobs = [] }) {
      transaction(() => {
        requireFence(run, fence);
        let entry = known.get(run);
        if (entry?.length !== expectedSeq) {
          const row = sql.run.get(run) as RunRow | undefined;
          const length = row === undefined ? 0 : lengthOf(row);
          if (length !== expectedSeq) throw moved(run, expectedSeq, length);
          entry = { id: row?.id ?? addRun(sql, run), length, row: { task: row?.task ?? '' } };
        }
        for (const { name, content } of blobs) putBlob(name, content);
        for (const event of events) insert(entry.id, event);
        const change = newSummary(entry.row, events);
        if (change.status !== undefined) entry.row = changeRun(sql, run, change);
        const taken = drained.get(run);
        if (taken?.fence === fence) sql.taken.run(run, taken.upTo);
        known.set(run, { ...entry, length: expectedSeq + events.length });
      });
      doorbells.ring(run);
    },
    async read(run, fromSeq = 0) {
      return read(run, fromSeq);
    },
    follow: (run, fromSeq, signal) =>
      followRun({ run, fromSeq, read: async (id, from) => read(id, from), bells: doorbells, pollMs, signal }),
    async list({ status, limit = -1 } = {}) {
      const most = Number.isFinite(limit) ? limit : -1;
      return guarded(path, () =>
        (sql.list.all(status ?? null, most) as unknown as RunRow[]).map((row) => {
          const { run, task, status: now, startedAt, model } = row;
          return { run, task, status: now, startedAt, events: lengthOf(row), model };
        }),
      );
    },
    async fork(run, seq, newRun) {
      transaction(() => {
        const row = rowOf(run);
        requireFork(run, seq, lengthOf(row), newRun, sql.run.get(newRun) !== undefined);
        const at = new Date(clock.now()).toISOString();
        const step = readRow(row, seq - 1, seq)[0]?.step ?? 0;
        const { lastInsertRowid } = sql.newRun.run(newRun, row.id, seq, row.task, 'running', at, row.model);
        const event: RunEvent = { seq, at, run: newRun, step, by: 'store', kind: 'fork', from: run, upTo: seq };
        insert(Number(lastInsertRowid), event);
      });
    },
    async post(run, message) {
      guarded(path, () => sql.post.run(run, JSON.stringify(message)));
      doorbells.ring(run);
    },
    async drain(run, fence) {
      return guarded(path, () => {
        const taken = drained.get(run);
        const rows = sql.inbox.all(run, taken?.fence === fence ? taken.upTo : 0) as { id: number; body: string }[];
        const last = rows.at(-1);
        if (last === undefined) return [];
        requireFence(run, fence);
        drained.set(run, { fence, upTo: last.id });
        return rows.map(({ body }) => JSON.parse(body) as InboxMessage);
      });
    },
    async lease(run, holder, ms) {
      return transaction(() => {
        const now = clock.now();
        const lease = sql.lease.get(run) as unknown as LeaseRow | undefined;
        const mine = lease?.holder === holder;
        if (lease !== undefined && !mine && lease.until > now && !isDead(lease)) throw busy(run, lease.holder);
        const fence = mine ? lease.fence : (lease?.fence ?? 0) + 1;
        sql.take.run(run, holder, fence, now + ms, hostname(), process.pid);
        return { fence };
      });
    },
    async release(run, fence) {
      guarded(path, () => sql.release.run(run, fence));
      drained.delete(run);
      known.delete(run);
    },
    blobs: {
      async put(content) {
        const name = sha256(content);
        guarded(path, () => putBlob(name, content));
        return name;
      },
      async get(name) {
        const row = guarded(path, () => sql.getBlob.get(name)) as { content: string | Uint8Array } | undefined;
        return typeof row?.content === 'string' ? new TextEncoder().encode(row.content) : row?.content;
      },
    },
    async close() {
      if (db.isOpen) guarded(path, () => db.close());
    },
  };
}

type Opened = Required<Pick<SqliteStoreOptions, 'durability' | 'busyMs' | 'mostPages'>>;

function open(path: string, { durability, busyMs, mostPages }: Opened): DatabaseSync {
  // Loaded here, not at import: it costs time, and Node says on first use that it is new.
  const { DatabaseSync: Database } = process.getBuiltinModule('node:sqlite');
  return guarded(path, () => {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
    const db = new Database(path, { timeout: busyMs });
    try {
      db.exec('PRAGMA journal_mode = WAL');
      db.exec(`PRAGMA synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'}`);
      if (Number.isFinite(mostPages)) db.exec(`PRAGMA max_page_count = ${mostPages}`);
      requireOurs(db, path);
    } catch (error) {
      db.close();
      throw error;
    }
    return db;
  });
}

function requireOurs(db: DatabaseSync, path: string): void {
  const isNew = () => db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.tables === 0;
  if (isNew()) {
    db.exec('BEGIN IMMEDIATE');
    // Another process may have made the tables in between.
    if (isNew()) db.exec(SCHEMA);
    db.exec('COMMIT');
  }
  const id = db.prepare('PRAGMA application_id').get()?.application_id;
  if (id !== APPLICATION_ID) {
    throw new StoreError(`${path} is a database of another program. Give another path.`, { path, problem: 'foreign' });
  }
  const version = db.prepare('PRAGMA user_version').get()?.user_version as number;
  if (version > SCHEMA_VERSION) {
    throw new LogError(
      'log-version',
      `${path} was made by a newer version of this package. Update it: npm install poact@latest`,
      { path, version, reads: SCHEMA_VERSION },
    );
  }
}

function prepared(db: DatabaseSync): Statements {
  const entries = Object.entries(STATEMENTS).map(([name, text]) => [name, db.prepare(text)]);
  return Object.fromEntries(entries) as Statements;
}

function addRun(sql: Statements, run: string): number {
  return Number(sql.newRun.run(run, null, 0, '', 'running', '', '').lastInsertRowid);
}

function changeRun(sql: Statements, run: string, change: Partial<RunSummary>): RunRow {
  const row = { ...(sql.run.get(run) as unknown as RunRow), ...change } as RunRow;
  sql.changeRun.run(row.task, row.status, row.startedAt, row.model, row.id);
  return row;
}

interface EventRow {
  place: number;
  at: number | string;
  step: number;
  shape: number;
  body: string;
}

/** What some events have in common: which fields they have, beside place, time and step. */
interface Shape {
  kind: string;
  by: string;
  fields: string[];
}

/** The shapes of a file; a new one is added when an event has it. */
function shapesOf(sql: Statements) {
  const ids = new Map<string, number>();
  const shapes = new Map<number, Shape>();
  const load = () => {
    for (const row of sql.shapes.all(shapes.size) as unknown as (Omit<Shape, 'fields'> & {
      id: number;
      fields: string;
    })[]) {
      const { id, kind, by } = row;
      const fields = JSON.parse(row.fields) as string[];
      shapes.set(id, { kind, by, fields });
      ids.set([kind, by, ...fields].join(SEPARATOR), id);
    }
  };
  return {
    /** What was read of them may have been rolled back. */
    forget() {
      ids.clear();
      shapes.clear();
    },
    byId(id: number): Shape {
      if (!shapes.has(id)) load();
      return shapes.get(id) ?? { kind: '', by: '', fields: [] };
    },
    /** Inside a transaction. */
    of(event: RunEvent): { shape: number; values: unknown[] } {
      let name = event.kind + SEPARATOR + event.by;
      const values: unknown[] = [];
      for (const field in event) {
        if (ENVELOPE.has(field)) continue;
        const value = event[field as keyof RunEvent] as unknown;
        if (value === undefined) continue;
        name += SEPARATOR + field;
        values.push(value);
      }
      let shape = ids.get(name);
      if (shape === undefined) {
        load();
        shape = ids.get(name) ?? add(name);
      }
      return { shape, values };
    },
  };

  /** Not kept in memory before it is read back: the transaction may yet fail. */
  function add(name: string): number {
    const [kind = '', by = '', ...fields] = name.split(SEPARATOR);
    return Number(sql.newShape.run(kind, by, JSON.stringify(fields)).lastInsertRowid);
  }
}

/** Stands in no author's or field's name. */
const SEPARATOR = '\u0000';

const ENVELOPE = new Set(['seq', 'at', 'run', 'step', 'by', 'kind']);

function toEvent(run: string, seq: number, { at, step, body }: EventRow, { kind, by, fields }: Shape): RunEvent {
  const event: { [field: string]: unknown } = {
    seq,
    at: typeof at === 'number' ? new Date(at).toISOString() : at,
    run,
    step,
    by,
    kind,
  };
  let values: unknown[];
  try {
    values = JSON.parse(body) as unknown[];
  } catch (error) {
    throw damaged(run, seq, error);
  }
  if (kind === '' || values.length !== fields.length) throw damaged(run, seq);
  for (const [place, field] of fields.entries()) event[field] = values[place];
  if (kind === 'run-start' && (event.version as number) > LOG_VERSION) {
    throw new LogError(
      'log-version',
      `Run ${run} was written by a newer version of this package (log version ${event.version}, this one reads up to ${LOG_VERSION}). Update it: npm install poact@latest`,
      { run, version: event.version as number, reads: LOG_VERSION },
    );
  }
  return event as unknown as RunEvent;
}

const damaged = (run: string, seq: number, cause?: unknown) =>
  new LogError('log-invalid', `Event ${seq} of run ${run} cannot be read: its row is damaged.`, { run, seq }, cause);

/** A time as milliseconds where that says the same; events in a row often have the same time. */
function timeReader(): (at: string) => number | string {
  let lastAt = '';
  let last: number | string = '';
  return (at) => {
    if (at === lastAt) return last;
    const ms = Date.parse(at);
    lastAt = at;
    last = Number.isFinite(ms) && new Date(ms).toISOString() === at ? ms : at;
    return last;
  };
}

interface LeaseRow {
  holder: string;
  fence: number;
  until: number;
  host: string;
  pid: number;
}

/** A lease of a process of this machine that is no more. */
function isDead({ host, pid }: LeaseRow): boolean {
  if (host !== hostname() || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** What SQLite's result codes mean, and what to do. */
const PROBLEMS: { readonly [code: number]: readonly [problem: string, remedy: string] } = {
  5: ['locked', 'is locked by another process. Try again, or end the process that writes to it.'],
  6: ['locked', 'is locked by another part of this process. Try again.'],
  8: ['read-only', 'cannot be written. Check the permissions of the file and its folder.'],
  10: ['input-output', 'could not be read or written: the disk reports an error.'],
  11: ['corrupt', 'is damaged. Restore a copy, or recover what is left with: sqlite3 <file> .recover'],
  13: ['full', 'could not grow: the disk is full. Free some space, then resume the run.'],
  14: ['unopenable', 'cannot be opened. Check that the path is a file, and its permissions.'],
  26: ['foreign', 'is not a SQLite database. Give another path.'],
};

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (isPoactError(error)) throw error;
    const { errcode, code, message } = error as { errcode?: number; code?: string; message: string };
    const [problem, remedy] = PROBLEMS[(errcode ?? 0) & 0xff] ?? [code ?? 'unknown', `failed: ${message}`];
    throw new StoreError(`The run store ${path} ${remedy}`, { path, problem }, error);
  }
}
