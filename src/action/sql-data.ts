/**
 * The run's rows as SQL tables: what a program asks with `sql('SELECT …')`, and how a prompt says what there is.
 *
 * @module
 */
import { openTables } from '../environment/index.ts';
import { DataError, type DataVariable, type Json } from '../record/index.ts';
import type { RunContext } from './action.ts';
import { history } from './history.ts';
import { readJson } from './read-blob.ts';

/** The word of programs that asks the data one query; a tool of this name takes its place. */
export const SQL_WORD = 'sql';
/** No tool takes the word. */
export const hasSqlWord = (tools: readonly { name: string }[]): boolean => !tools.some(({ name }) => name === SQL_WORD);
/** What a program has, for the check. */
export const SQL_DECLARATION = `declare function ${SQL_WORD}(query: string): Promise<{ [column: string]: any }[]>;`;

/** Longest reply to a query, in characters of its JSON: it stands in the log. */
const REPLY_CHARS = 64 * 1024;

const ROWS = /^\{ (.*) \}\[\]$/s;
const FIELD = /("(?:[^"\\]|\\.)*"|[\p{L}_$][\p{L}\p{N}_$]*)\??: ([^;]*?)(?: \/\* (.*?) \*\/)?(?:; |$)/gu;
const PLAIN_NAME = /^[A-Za-z_]\w*$/;

/**
 * A variable that is rows, as the table it can be asked as, with what is said of its columns; `undefined` for any other.
 *
 * @example
 * ```ts
 * rowsAsTable({ name: 'orders', type: '{ id: string; eur: number }[]', doc: '', source: 'orders.csv' });
 * // 'CREATE TABLE orders (\n  id TEXT,\n  eur REAL,\n);'
 * ```
 */
export function rowsAsTable({ name, type, shown = type }: DataVariable): string | undefined {
  const fields = ROWS.exec(shown)?.[1];
  if (fields === undefined) return undefined;
  const columns = [...fields.matchAll(FIELD)].map(([, field = '', kind = '', said]) => {
    const column = PLAIN_NAME.test(field) || field.startsWith('"') ? field : `"${field}"`;
    return `  ${column} ${columnType(kind)},${said === undefined ? '' : ` -- ${said}`}`;
  });
  return columns.length === 0 ? undefined : `CREATE TABLE ${name} (\n${columns.join('\n')}\n);`;
}

function columnType(kind: string): string {
  const plain = kind.replace(/ \| null$/, '');
  if (plain === 'number') return 'REAL';
  if (plain === 'boolean') return 'INTEGER';
  return /[[{]/.test(plain) ? 'JSON' : 'TEXT';
}

/**
 * Asks the run's rows. They are put into a temporary database when they are first asked for, which only reads.
 *
 * @throws {DataError} there are no rows, the query is wrong, or gives more than may stand in the log.
 */
export async function queryData(sql: Json, run: RunContext): Promise<Json[]> {
  if (typeof sql !== 'string') throw new DataError(`${SQL_WORD}(query) takes one SELECT as a text.`);
  const past = run.view.project(history);
  const tables = await run.hold(`sql ${past.tasks.length}`, async () => {
    const filling = await openTables();
    for (const variable of past.data.values()) {
      if (variable.blob === undefined || rowsAsTable(variable) === undefined) continue;
      const rows = await readJson(run, variable.blob);
      if (Array.isArray(rows) && rows.length > 0) filling.addValue({ ...variable, json: () => rows });
    }
    const value = await filling.done();
    return { value, close: () => void value?.close() };
  });
  if (tables === undefined) throw new DataError('There are no rows to ask.');
  const rows = await tables.query(sql, { signal: run.signal });
  if (JSON.stringify(rows).length <= REPLY_CHARS) return rows;
  throw new DataError(`The query gives more than ${REPLY_CHARS / 1024} KB. Aggregate, filter, or add LIMIT.`);
}
