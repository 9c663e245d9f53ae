/**
 * One SQL table as a world: a real SQLite database in memory, asked by `query` and changed by `execute`.
 *
 * Texts compare without case, as MySQL's usual collation has it: the benchmarks that this world is for were made with it.
 *
 * @module
 */
import { constants, DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { digestOf, isPoactError, type Json, OptionError } from '../../record/index.ts';
import { checkAct } from '../check-args.ts';
import type { ActKind, Seen, SnapshotEnvironment } from '../environment.ts';
import { refuse } from '../refuse.ts';

/** A table, with what stands in it at the start. */
export interface SqlTableOptions {
  name: string;
  /** All are texts. */
  columns: readonly string[];
  rows: readonly (readonly (string | null)[])[];
}

type Row = (string | null)[];

const MOST_ROWS = 1_000;
/** Rows that one statement may look at: some seconds. A statement cannot be stopped, and would hold up the whole process. */
const MOST_LOOKS = 1e8;
const SQL = { type: 'object', properties: { sql: { type: 'string' } }, required: ['sql'] };
const READS: ReadonlySet<number> = new Set([constants.SQLITE_SELECT, constants.SQLITE_READ, constants.SQLITE_FUNCTION]);
const CHANGES: ReadonlySet<number> = new Set([
  constants.SQLITE_INSERT,
  constants.SQLITE_UPDATE,
  constants.SQLITE_DELETE,
]);
const WRITES: ReadonlySet<number> = new Set([...READS, ...CHANGES]);
/** Columns that a description names. */
const MOST_NAMED = 40;

/** Names as a statement writes them: a model that reads them without their quotes leaves them out. */
const actsOf = ({ name, columns }: SqlTableOptions): { readonly [name: string]: ActKind } => ({
  query: {
    description: `Runs one SELECT (SQLite) and returns its rows, at most ${MOST_ROWS}. All columns are texts: CAST(x AS REAL) to compare or sort as numbers. Names with spaces need their quotes. Table: ${ticked(name)}. Columns: ${columns
      .slice(0, MOST_NAMED)
      .map(ticked)
      .join(', ')}${columns.length > MOST_NAMED ? ', …' : ''}.`,
    input: SQL,
    output: { type: 'array', items: { type: 'object', additionalProperties: {} } },
    effect: 'read',
  },
  execute: {
    description: `Runs one INSERT, UPDATE or DELETE (SQLite) and returns how many rows it changed. Table: ${ticked(name)}, with the columns that \`query\` has.`,
    input: SQL,
    output: { type: 'object', properties: { changed: { type: 'number' } }, required: ['changed'] },
    effect: 'reversible',
  },
});

/**
 * The world of one table. It has one task, whatever it is called, and no chance in it.
 *
 * @example
 * ```ts
 * import { sqlTable } from 'poact/environment';
 *
 * const world = sqlTable({ name: 'lamps', columns: ['name', 'eur'], rows: [['reading', '20']] });
 * await world.reset({ task: 'lamps', seed: 1 });
 * const { observation } = await world.act({ name: 'query', args: { sql: 'SELECT name FROM lamps' } });
 * ```
 */
export function sqlTable(options: SqlTableOptions): SnapshotEnvironment {
  return tableIn(options, undefined);
}

function tableIn(options: SqlTableOptions, from: readonly Row[] | undefined): SnapshotEnvironment {
  const { name, columns, rows } = options;
  const acts = actsOf(options);
  const table = quoted(name);
  const names = columns.map(quoted).join(', ');
  const database = new DatabaseSync(':memory:');
  database.exec(`CREATE TABLE ${table} (${columns.map((one) => `${quoted(one)} TEXT COLLATE NOCASE`).join(', ')})`);
  let begun = false;
  let shown = 0;
  /** The statement that was made ready last changes rows. */
  let changes = false;
  if (from !== undefined) fill(from);

  function fill(wanted: readonly (readonly SQLInputValue[])[]): void {
    allow(undefined);
    database.exec(`DELETE FROM ${table}`);
    const insert = database.prepare(`INSERT INTO ${table} (${names}) VALUES (${columns.map(() => '?').join(', ')})`);
    for (const row of wanted) insert.run(...row);
    begun = true;
  }
  function held(): Row[] {
    if (!begun) throw new OptionError('environment', 'the world needs a reset before anything else.');
    allow(READS);
    const all = database.prepare(`SELECT ${names} FROM ${table} ORDER BY _rowid_`);
    all.setReturnArrays(true);
    return all.all() as unknown as Row[];
  }
  /** What statements may do. */
  function allow(actions: ReadonlySet<number> | undefined): void {
    changes = false;
    const judge = (action: number) => {
      changes ||= CHANGES.has(action);
      return actions?.has(action) ? constants.SQLITE_OK : constants.SQLITE_DENY;
    };
    database.setAuthorizer(actions === undefined ? null : judge);
  }
  /** Loops within loops look at as many rows as the table has, to the power of their number. */
  function requireBounded(sql: string): void {
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
    const scans = plan.filter(({ detail }) => String(detail).startsWith('SCAN')).length;
    const size = Number(database.prepare(`SELECT count(*) AS size FROM ${table}`).get()?.size);
    if (size ** scans > MOST_LOOKS)
      refuse(`It would look at ${size} rows ${scans} times over. Join the table less often.`);
  }
  function see(observation: Json): Seen {
    shown += 1;
    return { observation, stateHash: digestOf(held()), id: shown, done: false };
  }

  return {
    name: 'sql-table',
    can: { deterministic: true, snapshot: 'native', fork: 'cheap', clock: 'fixed' },
    acts,
    async reset() {
      fill(rows);
      return see(lookOf(name, columns));
    },
    observe: async () => see(lookOf(name, columns)),
    async act(act) {
      held();
      const { effect } = checkAct(acts, act);
      const sql = String(act.args.sql);
      if (SEVERAL.test(sql.replace(QUOTED, ''))) refuse('One statement at a time.');
      allow(effect === 'read' ? READS : WRITES);
      try {
        requireBounded(sql);
        const statement = database.prepare(sql);
        // A SELECT would leave the number of rows that the statement before it changed.
        if (effect !== 'read' && !changes) refuse('This changes no row. To read rows, use query.');
        return see(effect === 'read' ? rowsOf(statement.iterate()) : { changed: Number(statement.run().changes) });
      } catch (problem) {
        if (isPoactError(problem)) throw problem;
        return refuse(reasonOf(problem, sql, effect === 'read', options));
      }
    },
    snapshot: async () => held(),
    restore: async (snapshot) => fill(snapshot as Row[]),
    fork: async () => tableIn(options, held()),
    async close() {
      if (database.isOpen) database.close();
    },
  };
}

const QUOTED = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]/g;
const SEVERAL = /;\s*\S/;
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
/** As MySQL quotes a name, and SQLite understands: a program can write it within any quotes of its own but templates. */
const ticked = (name: string) => `\`${name.replaceAll('`', '``')}\``;
const lookOf = (table: string, columns: readonly string[]): Json => ({ table, columns: [...columns] });

function rowsOf(found: Iterable<{ [column: string]: unknown }>): Json[] {
  const rows: Json[] = [];
  for (const row of found) {
    if (rows.length === MOST_ROWS) refuse(`It gives more than ${MOST_ROWS} rows; aggregate, filter, or add LIMIT.`);
    rows.push({ ...row } as { [column: string]: Json });
  }
  return rows;
}

/** Why, and what to write instead where the statement names something in another way than the table does. */
function reasonOf(problem: unknown, sql: string, read: boolean, { name, columns }: SqlTableOptions): string {
  const why = problem instanceof Error ? problem.message : String(problem);
  if (why.startsWith('not authorized')) {
    return read ? 'Only SELECT is allowed: use execute to change rows.' : 'Only INSERT, UPDATE and DELETE are allowed.';
  }
  const bare = sql.replace(QUOTED, "''").toLowerCase();
  const unquoted = [name, ...columns].filter((one) => /\W/.test(one) && bare.includes(one.toLowerCase()));
  if (unquoted.length > 0) return `${why}. Quote these names: ${unquoted.map(ticked).join(', ')}.`;
  if (why.startsWith('no such table')) return `${why}. The table is ${ticked(name)}.`;
  if (why.startsWith('no such column')) {
    return `${why}. The columns are ${columns.map(ticked).join(', ')}; texts stand in single quotes.`;
  }
  return why;
}
