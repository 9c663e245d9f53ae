/**
 * SQLite databases: each table a variable.
 *
 * @module
 */
import type { DatabaseSync } from 'node:sqlite';
import { DataError, type Json } from '../../record/index.ts';
import { type Found, type Lost, lostBy } from '../data.ts';

/** More rows than a view may give: a view can join everything with everything. */
const VIEW_ROWS = 1_000_000;

type Row = { [column: string]: Json };

/** A table or view of a database. Either may throw: a view of a table that is gone. */
export interface DatabaseTable {
  name: string;
  columns(): string[];
  rows(): Iterable<Row>;
}

/** Reads each table and view of a database. One that cannot be read is said to be lost. */
export async function readSqlite(path: string, title: string): Promise<(Found | Lost)[]> {
  const found: (Found | Lost)[] = [];
  for await (const { name, rows } of databaseTables(path, title)) {
    try {
      found.push({ title: name, value: [...rows()] });
    } catch (problem) {
      found.push(lostBy(problem, name));
    }
  }
  return found;
}

/**
 * Each table and view, in the order of their names. The file is opened for reading only, and closed when the last was asked for.
 *
 * @throws {DataError} it is no database.
 */
export async function* databaseTables(path: string, title: string): AsyncGenerator<DatabaseTable> {
  const { DatabaseSync } = await import('node:sqlite');
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const tables = schemaOf(database);
    for (const table of tables) yield table;
  } catch (problem) {
    throw new DataError(
      `${title} could not be read as a SQLite database: ${(problem as Error).message}.`,
      { file: title },
      problem,
    );
  } finally {
    database?.close();
  }
}

function schemaOf(database: DatabaseSync): DatabaseTable[] {
  const all = database
    .prepare(
      "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name",
    )
    .all();
  return all.map(({ name, type }) => {
    const select = `SELECT * FROM ${quoted(String(name))}`;
    return {
      name: String(name),
      columns: () =>
        database
          .prepare(select)
          .columns()
          .map((column) => fieldOf(column.name)),
      *rows() {
        if (type === 'view' && database.prepare(`${select} LIMIT 1 OFFSET ${VIEW_ROWS}`).get() !== undefined)
          throw new DataError(`The view gives more than ${VIEW_ROWS.toLocaleString('en-US')} rows.`);
        const query = database.prepare(select);
        query.setReadBigInts(true);
        for (const row of query.iterate()) yield rowOf(row);
      },
    };
  });
}

/** A name as SQL quotes it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** An object cannot have a field `__proto__` without more ado. */
const fieldOf = (column: string) => (column === '__proto__' ? 'proto' : column);

/** A row as JSON: whole numbers beyond what a number holds, and bytes, as text. */
const rowOf = (row: { [column: string]: unknown }): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [fieldOf(name), cellOf(value)]));

function cellOf(value: unknown): Json {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return (value as string | null) ?? null;
}
