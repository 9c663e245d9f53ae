/**
 * Files too large for a session: imported row by row into a temporary SQLite database, and queried there.
 *
 * Queries run in a worker, over a connection that can only read this database, and end with it when they take too long.
 *
 * @module
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { CancelledError, DataError, type DataVariable, type Json } from '../record/index.ts';
import type { DataTables, LoadedVariable } from './data.ts';
import { count, preview } from './describe.ts';
import { cut, inert } from './inert.ts';
import { rowTyper } from './infer-type.ts';
import { parse } from './readers/json.ts';
import { quoted, rowOf } from './readers/sqlite.ts';
import { type CellReader, cellReader, columnNames, hasHeader } from './table.ts';

/** Rows that decide the kinds of a large file's columns. */
const SAMPLE_ROWS = 2_000;
/** SQLite's own limit is 2,000. */
const COLUMNS = 1_000;
const QUERY_MS = 30_000;
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './table-worker.ts' : './table-worker.js', import.meta.url);

type Row = { [column: string]: Json };

/** Tables while they are filled. */
export interface TableBuilder {
  /** Imports a file by its ending. @throws {DataError} it cannot be read as rows. */
  addFile(file: { path: string; title: string }, nameOf: (title: string) => string): Promise<void>;
  /** Imports a value that was read already. */
  addValue(variable: LoadedVariable): void;
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
    async addFile(file, nameOf) {
      const extension = extname(file.path).toLowerCase();
      if (['.sqlite', '.sqlite3', '.db'].includes(extension)) {
        for (const one of readDatabase(DatabaseSync, file.path)) {
          list.push(await fill(database, nameOf(one.name), `${file.title}: ${one.name}`, one.rows));
        }
        return;
      }
      const name = nameOf(basename(file.path));
      const rows = await rowsOf(extension, file.path, file.title);
      list.push(await fill(database, name, file.title, rows));
    },
    addValue(variable) {
      const value = variable.json();
      const rows = Array.isArray(value) ? value.map(asRow) : String(value).split('\n').map(asRow);
      list.push(fillNow(database, variable.name, variable.source, rows));
    },
    async done() {
      database.close();
      if (list.length > 0) return openQueries(path, folder, list);
      await rm(folder, { recursive: true, force: true });
      return undefined;
    },
  };
}

async function rowsOf(extension: string, path: string, title: string): Promise<AsyncIterable<Row>> {
  if (['.csv', '.tsv', '.tab'].includes(extension)) return csvRows(path, title);
  if (['.jsonl', '.ndjson'].includes(extension)) return jsonLineRows(path, title);
  if (['.txt', '.log', '.md', '.markdown'].includes(extension)) return lineRows(path);
  if (extension === '.json') {
    const { readFile } = await import('node:fs/promises');
    const value = parse(await readFile(path, 'utf8'), title);
    if (Array.isArray(value)) return each(value.map(asRow));
    const lists = Object.entries(value as Row).filter(([, inner]) => Array.isArray(inner));
    const [only] = lists;
    if (lists.length === 1 && only !== undefined) return each((only[1] as Json[]).map(asRow));
    throw new DataError(`${title} is too large to stand in the session, and is no list that could be a table.`);
  }
  if (extension === '.xlsx') {
    const { readFile } = await import('node:fs/promises');
    const { readExcel } = await import('./readers/excel.ts');
    const [sheet] = await readExcel(await readFile(path), basename(path));
    return each(((sheet?.value ?? []) as Json[]).map(asRow));
  }
  throw new DataError(`${title} is too large.`);
}

async function* each(rows: readonly Row[]): AsyncIterable<Row> {
  yield* rows;
}

const asRow = (value: Json): Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value };

async function* lineRows(path: string): AsyncIterable<Row> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    yield { line, text };
  }
}

async function* jsonLineRows(path: string, title: string): AsyncIterable<Row> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    if (text.trim() !== '') yield asRow(parse(text, title, line));
  }
}

/** Streams a CSV file: the first rows decide header and kinds; a later cell of another kind stays a text. */
async function* csvRows(path: string, title: string): AsyncIterable<Row> {
  let sample: string[][] | undefined = [];
  let make: ((cells: string[]) => Row) | undefined;
  for await (const rows of csvChunks(path, /\.(tsv|tab)$/i.test(title) ? '\t' : '')) {
    if (sample === undefined) {
      for (const cells of rows) yield (make as (cells: string[]) => Row)(cells);
      continue;
    }
    for (const cells of rows) sample.push(cells);
    if (sample.length < SAMPLE_ROWS) continue;
    const started = startCsv(sample);
    make = started.make;
    sample = undefined;
    yield* started.body.map(make);
  }
  if (sample !== undefined) {
    const { make: last, body } = startCsv(sample);
    yield* body.map(last);
  }
}

/** Rows in the pieces that the parser gives. Its own stream of single rows takes ten times as long. */
async function* csvChunks(path: string, delimiter: string): AsyncIterable<string[][]> {
  const { default: papa } = await import('papaparse');
  const source = createReadStream(path, { encoding: await encodingOf(path), highWaterMark: 1024 * 1024 });
  let piece = Promise.withResolvers<{ rows: string[][]; next(): void } | undefined>();
  papa.parse<string[]>(source, {
    delimiter,
    skipEmptyLines: 'greedy',
    chunk: ({ data }, parser) => {
      parser.pause();
      piece.resolve({ rows: data, next: () => parser.resume() });
    },
    complete: () => piece.resolve(undefined),
    error: (problem) => piece.reject(problem),
  });
  try {
    for (let got = await piece.promise; got !== undefined; got = await piece.promise) {
      piece = Promise.withResolvers();
      yield got.rows;
      got.next();
    }
  } finally {
    source.destroy();
  }
}

/** By the mark, or by whether the beginning is UTF-8. */
async function encodingOf(path: string): Promise<BufferEncoding> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(64 * 1024));
    const start = buffer.subarray(0, bytesRead);
    if (start[0] === 0xff && start[1] === 0xfe) return 'utf16le';
    new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true });
    return 'utf8';
  } catch {
    return 'latin1';
  } finally {
    await file.close();
  }
}

function startCsv(sample: string[][]) {
  const first = (sample[0] ?? []).map((cell, at) => (at === 0 ? cell.replace(/^\ufeff/, '') : cell));
  const rows = [first, ...sample.slice(1)];
  const headed = hasHeader(rows);
  const body = headed ? rows.slice(1) : rows;
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const names = columnNames(headed ? first : [], width);
  const readers = names.map((_, at) => cellReader(body.map((row) => row[at] ?? '')));
  const make = (cells: string[]): Row =>
    Object.fromEntries(names.map((name, at) => [name, (readers[at] as CellReader).read(cells[at] ?? '')]));
  return { make, body };
}

function* readDatabase(
  Database: typeof DatabaseSync,
  path: string,
): Iterable<{ name: string; rows: AsyncIterable<Row> }> {
  const database = new Database(path, { readOnly: true });
  try {
    const names = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'")
      .all();
    for (const { name } of names) {
      const query = database.prepare(`SELECT * FROM ${quoted(String(name))}`);
      query.setReadBigInts(true);
      yield {
        name: String(name),
        rows: (async function* () {
          for (const row of query.iterate()) yield rowOf(row);
        })(),
      };
    }
  } finally {
    database.close();
  }
}

/** A table that takes rows, and learns their type as they come. Columns are those of the first row and any that come later. */
function filling(database: DatabaseSync, name: string, source: string) {
  const typer = rowTyper();
  const known: string[] = [];
  // SQLite takes `A` and `a` for one column.
  const lowered = new Set<string>();
  let insert: StatementSync | undefined;
  let first: Row | undefined;
  let rows = 0;
  database.exec('BEGIN');
  return {
    add(row: Row) {
      const fresh = Object.keys(row).filter((column) => !lowered.has(column) && !lowered.has(column.toLowerCase()));
      for (const column of fresh.slice(0, COLUMNS - known.length)) {
        database.exec(
          known.length === 0
            ? `CREATE TABLE ${quoted(name)} (${quoted(column)})`
            : `ALTER TABLE ${quoted(name)} ADD COLUMN ${quoted(column)}`,
        );
        known.push(column);
        lowered.add(column).add(column.toLowerCase());
        insert = undefined;
      }
      insert ??= database.prepare(
        `INSERT INTO ${quoted(name)} (${known.map(quoted).join(', ')}) VALUES (${known.map(() => '?').join(', ')})`,
      );
      insert.run(...known.map((column) => sqlValue(row[column])));
      const flat = Object.fromEntries(known.map((column) => [column, flatValue(row[column])]));
      first ??= flat;
      typer.add(flat);
      rows += 1;
    },
    end(): DataVariable {
      database.exec('COMMIT');
      if (first === undefined) throw new DataError(`${source} holds no rows.`);
      return {
        name,
        ...typer.types(),
        doc: inert(`${cut(source, 80)}, ${count(rows, 'row')}. First: ${preview(first)}.`),
        source,
        rows,
      };
    },
  };
}

async function fill(
  database: DatabaseSync,
  name: string,
  source: string,
  rows: AsyncIterable<Row>,
): Promise<DataVariable> {
  const table = filling(database, name, source);
  try {
    for await (const row of rows) table.add(row);
  } catch (problem) {
    database.exec('ROLLBACK');
    throw problem;
  }
  return table.end();
}

function fillNow(database: DatabaseSync, name: string, source: string, rows: readonly Row[]): DataVariable {
  const table = filling(database, name, source);
  for (const row of rows) table.add(row);
  return table.end();
}

/** SQLite has no truth values and no structures: 1 and 0, and JSON text. */
const flatValue = (value: Json | undefined): Json => {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'object' ? JSON.stringify(value) : value;
};
const sqlValue = (value: Json | undefined) => flatValue(value) as string | number | null;

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
