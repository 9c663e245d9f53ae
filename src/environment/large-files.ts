/**
 * Large files as rows that come one by one: what is read of them is never held as a whole.
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { DataError, type Json } from '../record/index.ts';
import { keyedRows } from './keyed-rows.ts';
import { csvPieces } from './readers/csv.ts';
import { parse } from './readers/json.ts';
import type { LogRule } from './readers/log-lines.ts';
import { databaseTables } from './readers/sqlite.ts';
import { decode, linesOf } from './readers/text.ts';
import { type TableRule, tableRule } from './table.ts';

/** Rows that decide the kinds of a large file's columns. */
const SAMPLE_ROWS = 2_000;

export type Row = { [column: string]: Json };

/** One table of a file. */
export interface LargeTable {
  /** What the name is made from. */
  title: string;
  /** They can be asked for once. */
  rows: AsyncIterable<Row> | Iterable<Row>;
  /** Its columns, where they are known without rows. */
  columns?(): string[];
  /** What was changed while reading, for the doc; ask when all rows have come. */
  notes?(): string[];
}

/**
 * The tables of a file, by its ending.
 *
 * @throws {DataError} it cannot be read as rows.
 */
export async function* tablesIn(path: string, file: string): AsyncIterable<LargeTable> {
  const extension = extname(path).toLowerCase();
  const title = basename(path);
  if (['.sqlite', '.sqlite3', '.db'].includes(extension)) {
    for await (const { name, rows, columns } of databaseTables(path, file))
      yield { title: name, rows: rows(), columns };
  } else if (['.csv', '.tsv', '.tab'].includes(extension)) yield csvTable(path, title);
  else if (['.jsonl', '.ndjson'].includes(extension)) yield { title, rows: jsonLineRows(path, file) };
  else if (extension === '.json') yield await jsonTable(path, file);
  else if (extension === '.xlsx') {
    const { readExcel } = await import('./readers/excel.ts');
    for (const { title: sheet, value, notes = [] } of await readExcel(await readFile(path), title))
      yield { title: sheet, rows: (value as Json[]).map(asRow), notes: () => notes };
  } else if (extension === '.log') {
    const { logRule } = await import('./readers/log-lines.ts');
    yield logTable(path, title, logRule);
  } else yield { title, rows: lineRows(path) };
}

/** A log: the first lines decide their form. */
function logTable(path: string, title: string, ruleOf: (lines: readonly string[]) => LogRule | undefined): LargeTable {
  let rule: LogRule | undefined;
  return { title, rows: rows(), notes: () => rule?.notes() ?? [] };

  async function* rows(): AsyncIterable<Row> {
    let sample: string[] | undefined = [];
    let line = 0;
    for await (const text of linesOf(path)) {
      line += 1;
      if (sample === undefined) {
        if (rule === undefined) yield { line, text };
        else if (text.trim() !== '') yield rule.read(text);
        continue;
      }
      sample.push(text);
      if (sample.length < SAMPLE_ROWS) continue;
      yield* begin(sample);
      sample = undefined;
    }
    if (sample !== undefined) yield* begin(sample);
  }

  function begin(sample: readonly string[]): Row[] {
    rule = ruleOf(sample.filter((text) => text.trim() !== ''));
    return rule?.rows ?? sample.map((text, at) => ({ line: at + 1, text }));
  }
}

/** A CSV file: the first rows decide header and kinds; a later cell of another kind stays a text. */
function csvTable(path: string, title: string): LargeTable {
  let rule: TableRule | undefined;
  const broken: string[] = [];
  return { title, rows: rows(), notes: () => [...(rule?.notes() ?? []), ...broken] };

  async function* rows(): AsyncIterable<Row> {
    let sample: string[][] = [];
    for await (const { cells, hasBrokenQuotes } of csvPieces(path, title)) {
      if (hasBrokenQuotes && broken.length === 0) broken.push('quotes are broken');
      if (rule === undefined) sample = [...sample, ...cells];
      else for (const row of cells) yield rule.read(row);
      if (rule !== undefined || sample.length < SAMPLE_ROWS) continue;
      yield* begin(sample);
      sample = [];
    }
    if (sample.length > 0) yield* begin(sample);
  }

  function begin(sample: readonly string[][]): Row[] {
    rule = tableRule(sample);
    return sample.slice(rule.above).map(rule.read);
  }
}

async function jsonTable(path: string, file: string): Promise<LargeTable> {
  const value = parse(decode(await readFile(path)), file);
  if (typeof value !== 'object' || value === null)
    throw new DataError(`${file} is too large to stand in the session, and is no list that could be a table.`);
  const { rows, notes } = rowsOf(value);
  return { title: basename(path), rows, notes: () => notes };
}

/** Any value as rows: a list, the one list of an object, its records of one form, its entries, the lines of a text. */
export function rowsOf(value: Json): { rows: Row[]; notes: string[] } {
  if (Array.isArray(value)) return { rows: value.map(asRow), notes: [] };
  if (typeof value !== 'object' || value === null) return { rows: String(value).split('\n').map(asRow), notes: [] };
  const [list, ...more] = Object.entries(value).filter(([, inner]) => Array.isArray(inner));
  if (list !== undefined && more.length === 0) {
    const others = Object.keys(value).filter((key) => key !== list[0]);
    return {
      rows: (list[1] as Json[]).map(asRow),
      notes: others.length === 0 ? [] : [`left out: ${others.join(', ')}`],
    };
  }
  const table = keyedRows(value);
  if (table !== undefined) return { rows: table.rows, notes: [table.note] };
  return { rows: Object.entries(value).map(([key, inner]) => ({ key, value: inner })), notes: ['a row for each key'] };
}

/** A value as a row: what is no record stands in a column of its own. */
const asRow = (value: Json): Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value };

async function* lineRows(path: string): AsyncIterable<Row> {
  let line = 0;
  for await (const text of linesOf(path)) {
    line += 1;
    yield { line, text };
  }
}

async function* jsonLineRows(path: string, title: string): AsyncIterable<Row> {
  let line = 0;
  for await (const text of linesOf(path)) {
    line += 1;
    if (text.trim() !== '') yield asRow(parse(text, title, line));
  }
}
