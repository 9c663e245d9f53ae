/**
 * Rows of SQLite tables, to the byte: read, changed by key, and put back as they were.
 *
 * A row is kept with the storage class of each value and with its `rowid`, so that what is put back equals what was there,
 * also where JSON could not say it. Tables are refused in which a change of one row changes others: those with triggers,
 * and those whose keys others follow (`ON DELETE CASCADE`).
 *
 * @module
 */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { isPoactError, type Json, ToolError } from '../../record/index.ts';

/** A value with its storage class: null and text as they are; integers and reals as text, bytes in hexadecimal. */
export type Cell = null | string | { int: string } | { real: string } | { blob: string } | { text: string };

/** A row as it stands in a table. */
export interface Row {
  /** Left out where the table has none. */
  rowid?: string;
  cells: [column: string, cell: Cell][];
}

/** What a change made of one row; `null`: no row. */
export interface RowChange {
  table: string;
  key: [column: string, cell: Cell][];
  before: Row | null;
  now: Row | null;
  /** The counter of an AUTOINCREMENT table. */
  counter?: { before: string | null; now: string };
}

/** A table, as far as changes need it. */
export interface TableFacts {
  name: string;
  /** Without generated ones. */
  columns: { name: string; type: string }[];
  key: string[];
  /** What its rowid is called, where it has one. */
  rowid?: string;
  counted: boolean;
}

/**
 * Does some work in one transaction of its own connection.
 *
 * @throws {ToolError} `tool-refused`: SQLite refused, and nothing was changed; `tool-failed`: it could not commit.
 */
export function inDatabase<Value>(path: string, work: (db: DatabaseSync) => Value): Value {
  // Loaded here, not at import: it costs time, and Node says on first use that it is new.
  const { DatabaseSync: Database } = process.getBuiltinModule('node:sqlite');
  let db: DatabaseSync | undefined;
  let value: Value;
  try {
    db = new Database(path, { timeout: 5_000 });
    db.exec('BEGIN IMMEDIATE');
    value = work(db);
  } catch (error) {
    // The transaction ends with its connection.
    db?.close();
    throw isPoactError(error) ? error : new ToolError('tool-refused', (error as Error).message, {}, error);
  }
  try {
    db.exec('COMMIT');
    return value;
  } finally {
    db.close();
  }
}

/** @throws {ToolError} `tool-refused`: there is no such table, or a change of its rows could not be undone. */
export function tableFacts(db: DatabaseSync, wanted: string): TableFacts {
  const found = db
    .prepare("SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main' AND name = ? COLLATE NOCASE")
    .get(wanted) as { name: string; type: string; wr: number } | undefined;
  const refuse = (why: string) => new ToolError('tool-refused', `${wanted} ${why}`, { table: wanted });
  if (found === undefined || found.name.startsWith('sqlite_')) throw refuse('is no table of this database.');
  const { name } = found;
  if (found.type !== 'table') throw refuse(`is a ${found.type}, and only rows of tables are changed.`);
  const columns = db
    .prepare('SELECT name, type, pk, hidden FROM pragma_table_xinfo(?) ORDER BY cid')
    .all(name) as unknown as { name: string; type: string; pk: number; hidden: number }[];
  const key = columns.filter(({ pk }) => pk > 0).sort((one, other) => one.pk - other.pk);
  if (key.length === 0) throw refuse('has no primary key: its rows cannot be told apart.');
  const trigger = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE")
    .get(name);
  if (trigger !== undefined) throw refuse(`has a trigger (${trigger.name}): what it changes could not be undone.`);
  const follower = db
    .prepare(
      `SELECT other.name FROM sqlite_schema AS other JOIN pragma_foreign_key_list(other.name) AS link
       WHERE other.type = 'table' AND link."table" = ? COLLATE NOCASE
       AND (link.on_delete NOT IN ('NO ACTION', 'RESTRICT') OR link.on_update NOT IN ('NO ACTION', 'RESTRICT'))`,
    )
    .get(name);
  if (follower !== undefined)
    throw refuse(`is followed by rows of ${follower.name}: what changes there could not be undone.`);
  const own = new Set(columns.map((column) => column.name.toLowerCase()));
  const rowid = found.wr === 0 ? ['rowid', '_rowid_', 'oid'].find((alias) => !own.has(alias)) : undefined;
  const counters = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").get() !== undefined;
  const sql = db.prepare("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?").get(name)?.sql;
  return {
    name,
    columns: columns.filter(({ hidden }) => hidden === 0).map((column) => ({ name: column.name, type: column.type })),
    key: key.map((column) => column.name),
    ...(rowid === undefined ? {} : { rowid }),
    counted: counters && /\bautoincrement\b/i.test(String(sql)),
  };
}

/** The row of a key; `null` where there is none. */
export function rowAt(db: DatabaseSync, facts: TableFacts, key: readonly (readonly [string, Cell])[]): Row | null {
  const { name, columns, rowid } = facts;
  const read = columns.flatMap(({ name: column }, at) => [
    `typeof(${quoted(column)}) AS t${at}`,
    `${quoted(column)} AS v${at}`,
  ]);
  if (rowid !== undefined) read.push(`${rowid} AS r`);
  const query = db.prepare(`SELECT ${read.join(', ')} FROM ${quoted(name)} WHERE ${matching(key)}`);
  query.setReadBigInts(true);
  const found = query.get(...key.map(([, cell]) => bound(cell)));
  if (found === undefined) return null;
  const cells = columns.map(({ name: column }, at): [string, Cell] => {
    const cell = cellOf(found[`t${at}`] as string, found[`v${at}`]);
    // What is no UTF-8 would not come back as it was.
    if (typeof cell !== 'string' || !cell.includes('\ufffd')) return [column, cell];
    const bytes = db.prepare(
      `SELECT hex(CAST(${quoted(column)} AS BLOB)) AS bytes FROM ${quoted(name)} WHERE ${matching(key)}`,
    );
    return [column, { text: String(bytes.get(...key.map(([, value]) => bound(value)))?.bytes) }];
  });
  return { ...(rowid === undefined ? {} : { rowid: String(found.r) }), cells };
}

/** Inserts a row, exactly; or what is given of one. Gives its key. */
export function insertRow(db: DatabaseSync, facts: TableFacts, { rowid, cells }: Row): [string, Cell][] {
  const names = cells.map(([column]) => quoted(column));
  const values = cells.map(([, cell]) => cell);
  if (rowid !== undefined && facts.rowid !== undefined) {
    names.unshift(facts.rowid);
    values.unshift({ int: rowid });
  }
  const into = names.length === 0 ? 'DEFAULT VALUES' : `(${names.join(', ')}) VALUES (${values.map(slot).join(', ')})`;
  const returning = facts.key.flatMap((column, at) => [
    `typeof(${quoted(column)}) AS t${at}`,
    `${quoted(column)} AS v${at}`,
  ]);
  // Over what the table says: a conflict replaces nothing.
  const insert = db.prepare(`INSERT OR ABORT INTO ${quoted(facts.name)} ${into} RETURNING ${returning.join(', ')}`);
  insert.setReadBigInts(true);
  const made = insert.get(...values.map(bound)) as { [name: string]: unknown };
  return facts.key.map((column, at) => [column, cellOf(made[`t${at}`] as string, made[`v${at}`])]);
}

/** Sets columns of the row of a key. */
export function setRow(db: DatabaseSync, { name }: TableFacts, key: RowChange['key'], cells: Row['cells']): void {
  const sets = cells.map(([column, cell]) => `${quoted(column)} = ${slot(cell)}`);
  const values = [...cells, ...key].map(([, cell]) => bound(cell));
  db.prepare(`UPDATE OR ABORT ${quoted(name)} SET ${sets.join(', ')} WHERE ${matching(key)}`).run(...values);
}

/** Deletes the row of a key. */
export function deleteRow(db: DatabaseSync, { name }: TableFacts, key: RowChange['key']): void {
  db.prepare(`DELETE FROM ${quoted(name)} WHERE ${matching(key)}`).run(...key.map(([, cell]) => bound(cell)));
}

/** The counter of an AUTOINCREMENT table. */
export function counterOf(db: DatabaseSync, { name }: TableFacts): string | null {
  const found = db.prepare('SELECT CAST(seq AS TEXT) AS seq FROM sqlite_sequence WHERE name = ?').get(name);
  return found === undefined ? null : String(found.seq);
}

/**
 * Puts a row back as it was before a change. Asked again, it does nothing.
 *
 * @throws {ToolError} `tool-conflict`: the row was changed since, or its place is taken; it is left as it is.
 */
export function restoreRow(db: DatabaseSync, { table, key, before, now, counter }: RowChange): void {
  const facts = tableFacts(db, table);
  const there = rowAt(db, facts, key);
  const row = `The row of ${table} with ${key.map(([column, cell]) => `${column} ${JSON.stringify(plain(cell))}`).join(', ')}`;
  if (!equal(there, before)) {
    if (!equal(there, now))
      throw new ToolError('tool-conflict', `${row} was changed since; it is left as it is.`, { table });
    try {
      if (before === null) deleteRow(db, facts, key);
      else if (there === null) insertRow(db, facts, before);
      else setRow(db, facts, key, before.cells);
    } catch (error) {
      const why = (error as Error).message;
      throw new ToolError('tool-conflict', `${row} cannot be put back: ${why}.`, { table }, error);
    }
  }
  if (counter === undefined || counterOf(db, facts) !== counter.now) return;
  if (counter.before === null) db.prepare('DELETE FROM sqlite_sequence WHERE name = ?').run(facts.name);
  else {
    const set = db.prepare('UPDATE sqlite_sequence SET seq = CAST(? AS INTEGER) WHERE name = ?');
    set.run(counter.before, facts.name);
  }
}

/** A value that a program gives, as SQLite takes it: numbers that are whole as integers, booleans as 0 and 1. */
export function cellFrom(value: string | number | boolean | null): Cell {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'boolean') return { int: value ? '1' : '0' };
  return Number.isSafeInteger(value) ? { int: String(value) } : { real: String(value) };
}

/** A cell as a program reads it. */
export function plain(cell: Cell): Json {
  if (cell === null || typeof cell === 'string') return cell;
  if ('int' in cell) return Number.isSafeInteger(Number(cell.int)) ? Number(cell.int) : cell.int;
  if ('real' in cell) return Number.isFinite(Number(cell.real)) ? Number(cell.real) : cell.real;
  return { ...cell };
}

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

const equal = (one: Row | null, other: Row | null) => JSON.stringify(one) === JSON.stringify(other);

const isBrokenText = (cell: Cell): cell is { text: string } =>
  cell !== null && typeof cell === 'object' && 'text' in cell;

const slot = (cell: Cell) => (isBrokenText(cell) ? 'CAST(? AS TEXT)' : '?');

const matching = (key: readonly (readonly [string, Cell])[]) =>
  key.map(([column, cell]) => `${quoted(column)} = ${slot(cell)}`).join(' AND ');

function cellOf(type: string, value: unknown): Cell {
  if (type === 'integer') return { int: String(value) };
  if (type === 'real') return { real: Object.is(value, -0) ? '-0' : String(value) };
  if (type === 'blob') return { blob: Buffer.from(value as Uint8Array).toString('hex') };
  return type === 'null' ? null : String(value);
}

function bound(cell: Cell): SQLInputValue {
  if (cell === null || typeof cell === 'string') return cell;
  if ('int' in cell) return BigInt(cell.int);
  return 'real' in cell ? Number(cell.real) : Buffer.from('blob' in cell ? cell.blob : cell.text, 'hex');
}
