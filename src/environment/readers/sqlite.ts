/**
 * SQLite databases: each table a variable.
 *
 * @module
 */
import { DataError, type Json } from '../../record/index.ts';
import type { Found } from '../data.ts';

/** Reads each table and view of a database. The file is opened for reading only. */
export async function readSqlite(path: string, title: string): Promise<Found[]> {
  const { DatabaseSync } = await import('node:sqlite');
  let database: InstanceType<typeof DatabaseSync> | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const names = database
      .prepare(
        "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name",
      )
      .all()
      .map(({ name }) => String(name));
    return names.map((name) => {
      const query = database!.prepare(`SELECT * FROM ${quoted(name)}`);
      query.setReadBigInts(true);
      return { title: name, value: query.all().map(rowOf) };
    });
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

/** A name as SQL quotes it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A row as JSON: whole numbers beyond what a number holds, and bytes, as text. */
export function rowOf(row: { [column: string]: unknown }): { [column: string]: Json } {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name === '__proto__' ? 'proto' : name, cellOf(value)]),
  );
}

function cellOf(value: unknown): Json {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return (value as string | null) ?? null;
}
