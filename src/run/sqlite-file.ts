/**
 * The file of a SQLite store: its tables, its statements, and what its failures mean.
 *
 * @module
 */
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isPoactError, LogError, makeFolder, StoreError } from '../record/index.ts';

/** Marks the file as ours: "poac". */
const APPLICATION_ID = 0x706f6163;

/** An event's `place` is its run's number times this, plus its `seq`. */
export const PLACES = 2 ** 28;

/** What makes each version of the tables out of the one before. */
const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE runs (id INTEGER PRIMARY KEY, run TEXT NOT NULL UNIQUE, parent INTEGER, shared INTEGER NOT NULL DEFAULT 0,
  task TEXT NOT NULL, status TEXT NOT NULL, startedAt TEXT NOT NULL, model TEXT NOT NULL);
CREATE TABLE shapes (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, by TEXT NOT NULL, fields TEXT NOT NULL);
CREATE TABLE events (place INTEGER PRIMARY KEY, at NOT NULL, step INTEGER NOT NULL, shape INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE blobs (name TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE inbox (id INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX inboxByRun ON inbox (run, id);
CREATE TABLE leases (run TEXT PRIMARY KEY, holder TEXT NOT NULL, fence INTEGER NOT NULL, until INTEGER NOT NULL,
  host TEXT NOT NULL, pid INTEGER NOT NULL) WITHOUT ROWID;
PRAGMA application_id = ${APPLICATION_ID};`,
  `
ALTER TABLE runs ADD COLUMN queue TEXT;
CREATE INDEX runsQueued ON runs (queue, id) WHERE queue IS NOT NULL AND status IN ('running', 'suspended');`,
];

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
  drain: `SELECT fence, id, body FROM leases LEFT JOIN inbox ON inbox.run = leases.run AND id > ?2
    WHERE leases.run = ?1 ORDER BY id`,
  inbox: 'SELECT id, body FROM inbox WHERE run = ? AND id > ? ORDER BY id',
  taken: 'DELETE FROM inbox WHERE run = ? AND id <= ?',
  lease: 'SELECT * FROM leases WHERE run = ?',
  take: 'INSERT OR REPLACE INTO leases (run, holder, fence, until, host, pid) VALUES (?, ?, ?, ?, ?, ?)',
  release: "UPDATE leases SET until = 0, holder = '' WHERE run = ? AND fence = ?",
  enqueue: 'UPDATE runs SET queue = ? WHERE run = ?',
  queued: `SELECT * FROM runs WHERE queue = ? AND status IN ('running', 'suspended') ORDER BY id`,
  dataVersion: 'PRAGMA data_version',
  anyPosted: `SELECT 1 FROM inbox WHERE run = ?1 UNION ALL SELECT 1 FROM inbox JOIN runs USING (run)
    WHERE run > ?1 || '.' AND run < ?1 || '/' AND status = 'suspended' LIMIT 1`,
} as const;

export type Statements = { [Name in keyof typeof STATEMENTS]: StatementSync };

interface Opened {
  durability: 'process' | 'full';
  busyMs: number;
  mostPages: number;
}

/** Opens the file, and makes the tables where there are none. */
export function openFile(path: string, { durability, busyMs, mostPages }: Opened): DatabaseSync {
  // Loaded here, not at import: it costs time, and Node says on first use that it is new.
  const { DatabaseSync: Database } = process.getBuiltinModule('node:sqlite');
  return guarded(path, () => {
    if (path !== ':memory:') makeFolder(dirname(path));
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
  const pragma = (name: string) => Number(db.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
  const isNew = () => db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.tables === 0;
  if (!isNew() && pragma('application_id') !== APPLICATION_ID) {
    throw new StoreError(`${path} is a database of another program. Give another path.`, { path, problem: 'foreign' });
  }
  if (pragma('user_version') < MIGRATIONS.length) {
    db.exec('BEGIN IMMEDIATE');
    // Another process may have done it in between.
    for (const made of MIGRATIONS.slice(pragma('user_version'))) db.exec(made);
    db.exec(`PRAGMA user_version = ${Math.max(pragma('user_version'), MIGRATIONS.length)}; COMMIT`);
  }
  const version = pragma('user_version');
  if (version > MIGRATIONS.length) {
    throw new LogError(
      'log-version',
      `${path} was made by a newer version of this package. Update it: npm install poact@latest`,
      { path, version, reads: MIGRATIONS.length },
    );
  }
}

export function prepared(db: DatabaseSync): Statements {
  const entries = Object.entries(STATEMENTS).map(([name, text]) => [name, db.prepare(text)]);
  return Object.fromEntries(entries) as Statements;
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

/** Does some work, and says in words what SQLite refused. */
export function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (isPoactError(error)) throw error;
    const { errcode, code, message } = error as { errcode?: number; code?: string; message: string };
    const [problem, remedy] = PROBLEMS[(errcode ?? 0) & 0xff] ?? [code ?? 'unknown', `failed: ${message}`];
    throw new StoreError(`The run store ${path} ${remedy}`, { path, problem }, error);
  }
}
