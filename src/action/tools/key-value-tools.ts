/**
 * Tools for a store of JSON values by key, in a SQLite file; each change is undone to the byte.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type Json, lazily, makeFolder, ToolError, zod } from '../../record/index.ts';
import { type Tool, tool } from '../tool.ts';
import {
  type Cell,
  deleteRow,
  inDatabase,
  insertRow,
  type RowChange,
  restoreRow,
  rowAt,
  setRow,
  tableFacts,
} from './sqlite-rows.ts';

const TABLE = 'poact_values';
/** Most keys that are listed at once. */
const KEYS = 1_000;

const changedSchema = lazily((z) => z.object({ key: z.string(), before: z.json(), change: z.json() }));

/**
 * `getValue`, `setValue`, `deleteValue` and `listKeys`: values that outlive a run, in a file that is made where it is not
 * there. Undo leaves a value as it is that somebody changed since, and says so (`tool-conflict`).
 *
 * @example
 * ```ts
 * const agent = createAgent({ model: 'local', tools: keyValueTools('notes.db') });
 * ```
 */
export function keyValueTools(path: string): { getValue: Tool; setValue: Tool; deleteValue: Tool; listKeys: Tool } {
  const z = zod();
  const key = z.string().min(1);
  const read = { effect: 'read', origin: 'shipped' } as const;
  const shipped = { effect: 'reversible', origin: 'shipped', idempotentUndo: true, output: changedSchema() } as const;
  const within = <Value>(work: (db: DatabaseSync) => Value): Value => {
    makeFolder(dirname(path));
    return inDatabase(path, (db) => {
      db.exec(`CREATE TABLE IF NOT EXISTS ${TABLE} (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`);
      return work(db);
    });
  };
  /** Nothing is made where only something is looked up. */
  const reading = <Value>(none: Value, work: (db: DatabaseSync) => Value): Value =>
    existsSync(path) ? within(work) : none;
  const change = (named: string, now: string | undefined) =>
    within((db) => {
      const facts = tableFacts(db, TABLE);
      const at: RowChange['key'] = [['key', named]];
      const before = rowAt(db, facts, at);
      if (now === undefined) {
        if (before === null)
          throw new ToolError('tool-refused', `There is no value ${JSON.stringify(named)}.`, { key: named });
        deleteRow(db, facts, at);
      } else if (before === null) insertRow(db, facts, { cells: [...at, ['value', now]] });
      else setRow(db, facts, at, [['value', now]]);
      const made: RowChange = { table: TABLE, key: at, before, now: rowAt(db, facts, at) };
      return { key: named, before: valueIn(before?.cells), change: made as unknown as Json };
    });
  const undo = (_args: unknown, { change: made }: { change: Json }) =>
    within((db) => restoreRow(db, made as unknown as RowChange));

  return {
    getValue: tool({
      ...read,
      description: 'The value kept under a key; null where there is none',
      input: z.object({ key }),
      output: z.json(),
      run: ({ key: named }) =>
        reading(null as Json, (db) => valueIn(rowAt(db, tableFacts(db, TABLE), [['key', named]])?.cells)),
    }),
    listKeys: tool({
      ...read,
      description: `Keys that have a value, in order, at most ${KEYS}; after: those after this one`,
      input: z.object({ after: z.string().optional() }),
      output: z.array(z.string()),
      run: ({ after = '' }) =>
        reading([] as string[], (db) =>
          db
            .prepare(`SELECT key FROM ${TABLE} WHERE key > ? ORDER BY key LIMIT ${KEYS}`)
            .all(after)
            .map((row) => String(row.key)),
        ),
    }),
    setValue: tool({
      ...shipped,
      description: 'Keeps a JSON value under a key, in place of what was there',
      input: z.object({ key, value: z.json() }),
      run: ({ key: named, value }) => change(named, JSON.stringify(value)),
      undo,
      preview: ({ key: named, value }) => `${named} = ${JSON.stringify(value)}`,
    }),
    deleteValue: tool({
      ...shipped,
      description: 'Deletes the value of a key',
      input: z.object({ key }),
      run: ({ key: named }) => change(named, undefined),
      undo,
      preview: ({ key: named }) => `- ${named}`,
    }),
  };
}

function valueIn(cells: readonly (readonly [string, Cell])[] | undefined): Json {
  const text = cells?.find(([column]) => column === 'value')?.[1];
  return typeof text === 'string' ? (JSON.parse(text) as Json) : null;
}
