/**
 * Files too large for a session: imported row by row into a temporary SQLite database, and queried there.
 *
 * Queries run in a worker, over a connection that can only read this database, and end with it when they take too long.
 *
 * @module
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { CancelledError, DataError, type DataVariable, type Json } from '../record/index.ts';
import { type DataTables, type LoadedVariable, type Lost, lostBy } from './data.ts';
import { count, preview, sayNotes, sourceOf } from './describe.ts';
import { cut, inert } from './inert.ts';
import { rowTyper } from './infer-type.ts';
import { type LargeTable, type Row, rowsOf, tablesIn } from './large-files.ts';
import { quoted } from './readers/sqlite.ts';

/** SQLite's own limit is 2,000. */
const COLUMNS = 1_000;
const CUT = 'columns after the first 1,000 are left out';
const QUERY_MS = 30_000;
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './table-worker.ts' : './table-worker.js', import.meta.url);

/** Tables while they are filled. */
export interface TableBuilder {
  /** Imports a file by its ending; gives the tables that could not be read. @throws {DataError} it cannot be read as rows. */
  addFile(file: { path: string; title: string }, nameOf: (title: string) => string): Promise<Lost[]>;
  /** Imports a value that was read already, with what its doc says beside. */
  addValue(variable: LoadedVariable, notes?: readonly string[]): void;
  /** Ends the filling. */
  done(): Promise<DataTables | undefined>;
}

/** Opens an empty temporary database. */
export async function openTables(): Promise<TableBuilder> {
  const { DatabaseSync } = await import('node:sqlite');
  const folder = await mkdtemp(join(tmpdir(), 'poact-tables-'));
  const path = join(folder, 'tables.db');
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
  const list: DataVariable[] = [];

  return {
    async addFile({ path: file, title }, nameOf) {
      const lost: Lost[] = [];
      for await (const one of tablesIn(file, title)) {
        try {
          list.push(await fill(database, nameOf(one.title), sourceOf(title, one.title), one));
        } catch (problem) {
          lost.push(lostBy(problem, one.title));
        }
      }
      return lost;
    },
    addValue(variable, notes = []) {
      const { rows, notes: more } = rowsOf(variable.json());
      const table = filling(database, variable.name, variable.source);
      try {
        for (const row of rows) table.add(row);
      } catch (problem) {
        table.abandon();
        throw problem;
      }
      list.push(table.end([...notes, ...more]));
    },
    async done() {
      database.close();
      if (list.length > 0) return openQueries(path, folder, list);
      await rm(folder, { recursive: true, force: true });
      return undefined;
    },
  };
}

/** A table that takes rows, and learns their type as they come. Columns are those of the first row and any that come later. */
function filling(database: DatabaseSync, name: string, source: string) {
  const typer = rowTyper();
  /** The columns by the name that the rows have for them. */
  const columns = new Map<string, string>();
  let insert: StatementSync | undefined;
  let first: Row | undefined;
  let rows = 0;
  let isCut = false;
  database.exec('BEGIN');
  const addColumns = (keys: readonly string[]) => {
    const fresh = keys.filter((key) => !columns.has(key));
    const taken = fresh.slice(0, COLUMNS - columns.size);
    isCut ||= taken.length < fresh.length;
    for (const key of taken) {
      const column = freeColumn(key, [...columns.values()]);
      database.exec(
        columns.size === 0
          ? `CREATE TABLE ${quoted(name)} (${quoted(column)})`
          : `ALTER TABLE ${quoted(name)} ADD COLUMN ${quoted(column)}`,
      );
      columns.set(key, column);
      insert = undefined;
    }
  };
  const flatRow = (row: Row) =>
    Object.fromEntries([...columns].map(([key, column]) => [column, flatValue(row[key])] as const));
  return {
    addColumns,
    add(row: Row) {
      addColumns(Object.keys(row));
      // A table has a column, even where its first record is empty.
      if (columns.size === 0) addColumns(['value']);
      const names = [...columns.values()];
      insert ??= database.prepare(
        `INSERT INTO ${quoted(name)} (${names.map(quoted).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      );
      const flat = flatRow(row);
      insert.run(...names.map((column) => flat[column] as string | number | null));
      first ??= flat;
      typer.add(flat);
      rows += 1;
    },
    abandon: () => database.exec('ROLLBACK'),
    end(notes: readonly string[] = []): DataVariable {
      database.exec('COMMIT');
      if (columns.size === 0) throw new DataError(`${source} holds no rows.`);
      // A table without rows has columns all the same, of which nothing is known.
      if (first === undefined) typer.add(flatRow({}));
      const begins = first === undefined ? ', empty.' : `, ${count(rows, 'row')}. First: ${preview(first)}.`;
      return {
        name,
        ...typer.types(),
        doc: inert(`${cut(source, 80)}${begins}${sayNotes(isCut ? [...notes, CUT] : notes)}`),
        source,
        rows,
      };
    },
  };
}

/** SQLite takes `A` and `a` for one column. */
function freeColumn(name: string, taken: readonly string[]): string {
  const lowered = new Set(taken.map((one) => one.toLowerCase()));
  let free = name;
  for (let more = 2; lowered.has(free.toLowerCase()); more++) free = `${name}_${more}`;
  return free;
}

async function fill(
  database: DatabaseSync,
  name: string,
  source: string,
  { rows, columns, notes }: LargeTable,
): Promise<DataVariable> {
  const table = filling(database, name, source);
  try {
    table.addColumns(columns?.() ?? []);
    for await (const row of rows) table.add(row);
  } catch (problem) {
    table.abandon();
    throw problem;
  }
  return table.end(notes?.());
}

/** SQLite has no truth values and no structures: 1 and 0, and JSON text. */
const flatValue = (value: Json | undefined): Json => {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'object' ? JSON.stringify(value) : value;
};

/** What the worker answers. */
type Reply = { id: number; rows: Json[] } | { id: number; problem: string };

function openQueries(path: string, folder: string, list: readonly DataVariable[]): DataTables {
  let worker: Worker | undefined;
  let next = 0;
  const waiting = new Map<number, (reply: Reply) => void>();

  const start = () => {
    const started = new Worker(WORKER, { workerData: { path } });
    started.unref();
    started.on('message', (reply: Reply) => waiting.get(reply.id)?.(reply));
    started.on('error', (problem) => fail(problem.message));
    return started;
  };
  const fail = (problem: string) => {
    worker = undefined;
    for (const [id, tell] of waiting) tell({ id, problem });
  };

  return {
    list,
    async query(sql, { signal } = {}) {
      if (signal?.aborted) throw new CancelledError();
      worker ??= start();
      worker.ref();
      const id = next++;
      const reply = Promise.withResolvers<Reply>();
      waiting.set(id, reply.resolve);
      const stop = (problem: string) => {
        worker?.terminate();
        fail(problem);
      };
      const timer = setTimeout(
        () => stop(`The query took longer than ${QUERY_MS / 1_000} s. Ask for less: aggregate, or filter.`),
        QUERY_MS,
      );
      const abort = () => stop('Cancelled.');
      signal?.addEventListener('abort', abort, { once: true });
      worker.postMessage({ id, sql });
      const answer = await reply.promise.finally(() => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        waiting.delete(id);
        if (waiting.size === 0) worker?.unref();
      });
      if (signal?.aborted) throw new CancelledError();
      if ('problem' in answer) throw new DataError(answer.problem, { sql: cut(sql, 500) });
      return answer.rows;
    },
    async close() {
      await worker?.terminate();
      worker = undefined;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
