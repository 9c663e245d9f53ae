/**
 * Kinds of files, and how rows become each. Those for reporting are others than those for development: nothing is tuned on
 * them.
 *
 * @module
 */
import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

export const KINDS = {
  development: [
    'csv',
    'tsv',
    'json',
    'markdown table',
    'access log',
    'settings text',
    'pipe table',
    'json by id',
    'wide csv',
    'continental tsv',
    'titled csv',
    'logfmt',
    'mails',
    'order sheet',
    'bullets',
    'sections',
    'syslog',
    'timetable',
    'ledger',
    'chat',
    'commit log',
    'diary',
  ],
  reporting: ['semicolon csv', 'jsonl', 'nested json', 'sqlite', 'service log', 'prose'],
} as const;

export type Half = keyof typeof KINDS;
export type Kind = (typeof KINDS)[Half][number];

export type Cell = string | number | null;
export type Row = { readonly [column: string]: Cell };

/** A file before it is on disk: text, or the tables of a SQLite database. */
export type MadeFile = { name: string; kind: Kind } & (
  | { text: string }
  | { tables: { [table: string]: readonly Row[] } }
);

/** Writes a file into a folder. */
export function writeMade(folder: string, file: MadeFile): void {
  const path = `${folder}/${file.name}`;
  if ('text' in file) writeFileSync(path, file.text);
  else writeDatabase(path, file.tables);
}

function writeDatabase(path: string, tables: { [table: string]: readonly Row[] }): void {
  const database = new DatabaseSync(path);
  for (const [table, rows] of Object.entries(tables)) {
    const columns = Object.keys(rows[0] ?? {});
    const types = columns.map(
      (column) => `"${column}" ${rows.some((row) => typeof row[column] === 'number') ? 'REAL' : 'TEXT'}`,
    );
    database.exec(`CREATE TABLE "${table}" (${types.map((type) => whole(type, rows)).join(', ')})`);
    const insert = database.prepare(`INSERT INTO "${table}" VALUES (${columns.map(() => '?').join(', ')})`);
    for (const row of rows) insert.run(...columns.map((column) => row[column] ?? null));
  }
  database.close();
}

/** A column of whole numbers is an INTEGER, so that ids do not come back as 1.0. */
function whole(type: string, rows: readonly Row[]): string {
  const column = /"(.+)" REAL$/.exec(type)?.[1];
  if (column === undefined) return type;
  return rows.every((row) => row[column] === null || Number.isInteger(row[column])) ? `"${column}" INTEGER` : type;
}

/** Rows with a separator between cells; an empty cell is a missing value. */
export function separated(rows: readonly Row[], separator: ',' | ';' | '\t'): string {
  const columns = Object.keys(rows[0] ?? {});
  const cell = (value: Cell | undefined) => {
    const text = value === null || value === undefined ? '' : String(value);
    return text.includes(separator) || text.includes('"') ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = rows.map((row) => columns.map((column) => cell(row[column])).join(separator));
  return `${[columns.join(separator), ...lines].join('\n')}\n`;
}

/** Rows as a table of Markdown. */
export function markdownTable(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) => line(columns.map((column) => String(row[column] ?? ''))));
  return [line(columns), line(columns.map(() => '---')), ...body].join('\n');
}

export const jsonText = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

export const jsonLines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
