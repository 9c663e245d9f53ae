/**
 * Tools for the rows of a SQLite database: read, insert, update and delete by key, each undone to the byte.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { type Json, lazily, ToolError, zod } from '../../record/index.ts';
import { type Tool, tool } from '../tool.ts';
import {
  type Cell,
  cellFrom,
  counterOf,
  deleteRow,
  inDatabase,
  insertRow,
  plain,
  quoted,
  type Row,
  type RowChange,
  restoreRow,
  rowAt,
  setRow,
  type TableFacts,
  tableFacts,
} from './sqlite-rows.ts';

/** What {@link sqliteRowTools} may be told. */
export interface SqliteRowOptions {
  /** Tables whose rows may be changed. @default all */
  tables?: readonly string[];
}

/** Most rows that are read at once. */
const ROWS = 1_000;

const schemas = lazily((z) => {
  const values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
  return {
    values,
    /** The row as it is now, or was; and what undo needs, in the log. */
    changed: z.object({ row: z.record(z.string(), z.json()), change: z.json() }),
  };
});

/**
 * `listTables`, `readRows`, `insertRow`, `updateRow` and `deleteRow` for the tables of a SQLite file. Undo puts back each
 * value with its storage class, the `rowid`, and the counter of an AUTOINCREMENT table; it leaves a row as it is that
 * somebody changed since, and says so (`tool-conflict`).
 *
 * @example
 * ```ts
 * const agent = createAgent({ model: 'local', tools: sqliteRowTools('shop.db', { tables: ['orders'] }) });
 * ```
 */
export function sqliteRowTools(
  path: string,
  { tables }: SqliteRowOptions = {},
): { listTables: Tool; readRows: Tool; insertRow: Tool; updateRow: Tool; deleteRow: Tool } {
  const z = zod();
  const { values, changed } = schemas();
  const allowed = tables && new Set(tables.map((name) => name.toLowerCase()));
  const within = <Value>(work: (db: DatabaseSync) => Value): Value => {
    if (existsSync(path)) return inDatabase(path, work);
    throw new ToolError('tool-refused', `${path} is not there.`, { path });
  };
  const factsOf = (db: DatabaseSync, table: string): TableFacts => {
    if (allowed === undefined || allowed.has(table.toLowerCase())) return tableFacts(db, table);
    throw new ToolError('tool-refused', `Rows of ${table} may not be changed: only those of ${tables?.join(', ')}.`, {
      table,
    });
  };
  const shipped = { effect: 'reversible', origin: 'shipped', idempotentUndo: true, output: changed } as const;
  const undo = (_args: unknown, { change }: { change: Json }) =>
    within((db) => restoreRow(db, change as unknown as RowChange));

  return {
    listTables: tool({
      description: 'Tables of the database, with columns and primary key',
      input: z.object({}),
      output: z.array(
        z.object({ table: z.string(), columns: z.record(z.string(), z.string()), key: z.array(z.string()) }),
      ),
      effect: 'read',
      origin: 'shipped',
      run: () => within((db) => listed(db)),
    }),
    readRows: tool({
      description: `Rows of a table, at most ${ROWS}, in the order of the key; where: values that columns must equal`,
      input: z.object({
        table: z.string(),
        where: values.optional(),
        limit: z.number().int().min(1).max(ROWS).optional(),
      }),
      output: z.array(z.record(z.string(), z.json())),
      effect: 'read',
      origin: 'shipped',
      run: ({ table, where = {}, limit = ROWS }) => within((db) => readRows(db, table, cells(where), limit)),
    }),
    insertRow: tool({
      ...shipped,
      description: 'Inserts one row',
      input: z.object({ table: z.string(), row: values }),
      run: ({ table, row }) =>
        within((db) => {
          const facts = factsOf(db, table);
          requireColumns(facts, row);
          const count = facts.counted ? { before: counterOf(db, facts) } : undefined;
          const key = insertRow(db, facts, { cells: cells(row) });
          const now = rowAt(db, facts, key);
          const counter = count && { counter: { ...count, now: counterOf(db, facts) as string } };
          return came({ table: facts.name, key, before: null, now, ...counter });
        }),
      undo,
      preview: ({ table, row }) => `+ ${table} ${JSON.stringify(row)}`,
    }),
    updateRow: tool({
      ...shipped,
      description: 'Sets columns of the one row with this primary key',
      input: z.object({ table: z.string(), key: values, set: values }),
      run: ({ table, key: given, set }) =>
        within((db) => {
          const facts = factsOf(db, table);
          requireColumns(facts, set);
          const moved = Object.keys(set).find((name) =>
            facts.key.some((one) => one.toLowerCase() === name.toLowerCase()),
          );
          if (moved !== undefined || Object.keys(set).length === 0) {
            const why =
              moved === undefined ? 'Nothing is set.' : `${moved} is of the key: delete the row and insert another.`;
            throw new ToolError('tool-refused', why, { table });
          }
          const { key, row: before } = found(db, facts, given);
          setRow(db, facts, key, cells(set));
          return came({ table: facts.name, key, before, now: rowAt(db, facts, key) });
        }),
      undo,
      preview: ({ table, key, set }) => `~ ${table} ${JSON.stringify(key)}: ${JSON.stringify(set)}`,
    }),
    deleteRow: tool({
      ...shipped,
      description: 'Deletes the one row with this primary key',
      input: z.object({ table: z.string(), key: values }),
      run: ({ table, key: given }) =>
        within((db) => {
          const facts = factsOf(db, table);
          const { key, row: before } = found(db, facts, given);
          deleteRow(db, facts, key);
          return came({ table: facts.name, key, before, now: null });
        }),
      undo,
      preview: ({ table, key }) => `- ${table} ${JSON.stringify(key)}`,
    }),
  };
}

type Given = { [column: string]: string | number | boolean | null };

const cells = (given: Given): [string, Cell][] =>
  Object.entries(given).map(([column, value]) => [column, cellFrom(value)]);

const came = (change: RowChange) => ({
  row: Object.fromEntries((change.now ?? change.before)?.cells.map(([column, cell]) => [column, plain(cell)]) ?? []),
  change: change as unknown as Json,
});

/** The row of a key that a program gave, and the key as it stands in the row. */
function found(db: DatabaseSync, facts: TableFacts, given: Given): { key: RowChange['key']; row: Row } {
  const { name: table } = facts;
  requireColumns(facts, given);
  const names = new Map(Object.keys(given).map((name) => [name.toLowerCase(), name]));
  const complete = facts.key.every((column) => (given[names.get(column.toLowerCase()) ?? ''] ?? null) !== null);
  if (!complete || names.size !== facts.key.length) {
    throw new ToolError(
      'tool-refused',
      `Give the whole primary key of ${table}, and nothing else: ${facts.key.join(', ')}.`,
      { table },
    );
  }
  const row = rowAt(db, facts, cells(given));
  if (row === null)
    throw new ToolError('tool-refused', `${table} has no row with ${JSON.stringify(given)}.`, { table });
  return { key: row.cells.filter(([column]) => facts.key.includes(column)), row };
}

function requireColumns({ name, columns }: TableFacts, given: Given): void {
  const known = new Set(columns.map((column) => column.name.toLowerCase()));
  const wrong = Object.keys(given).find((column) => !known.has(column.toLowerCase()));
  if (wrong === undefined) return;
  const there = columns.map((column) => column.name).join(', ');
  throw new ToolError('tool-refused', `${name} has no column ${wrong}. It has: ${there}.`, {
    table: name,
    column: wrong,
  });
}

function listed(db: DatabaseSync) {
  const names = db
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )
    .all();
  return names.map(({ name }) => {
    const columns = db.prepare('SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid').all(name as string);
    return {
      table: String(name),
      columns: Object.fromEntries(columns.map((column) => [String(column.name), String(column.type)])),
      key: columns.filter(({ pk }) => Number(pk) > 0).map((column) => String(column.name)),
    };
  });
}

function readRows(db: DatabaseSync, table: string, where: readonly [string, Cell][], limit: number) {
  const known = listed(db).find(({ table: name }) => name.toLowerCase() === table.toLowerCase());
  if (known === undefined) throw new ToolError('tool-refused', `${table} is no table of this database.`, { table });
  const columns = Object.keys(known.columns);
  requireColumns(
    { name: table, columns: columns.map((name) => ({ name, type: '' })), key: [], counted: false },
    Object.fromEntries(where.map(([name]) => [name, null])),
  );
  const tests = where.map(([column, cell]) => `${quoted(column)} ${cell === null ? 'IS' : '='} ?`);
  const query = db.prepare(
    `SELECT * FROM ${quoted(known.table)}${tests.length === 0 ? '' : ` WHERE ${tests.join(' AND ')}`}${known.key.length === 0 ? '' : ` ORDER BY ${known.key.map(quoted).join(', ')}`} LIMIT ${limit}`,
  );
  query.setReadBigInts(true);
  const given = where.map(([, cell]) => plain(cell) as string | number | null);
  return query
    .all(...given)
    .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, readable(value)])));
}

function readable(value: unknown): Json {
  if (typeof value === 'bigint') return plain({ int: String(value) });
  if (value instanceof Uint8Array) return { blob: Buffer.from(value).toString('hex') };
  return typeof value === 'number' ? plain({ real: String(value) }) : (value as string | null);
}
