/**
 * Rows of text cells made into rows of values: header, column names, and one kind of value a column.
 *
 * @module
 */
import type { Json } from '../record/index.ts';
import { dateReader } from './cell-dates.ts';
import { type ColumnHints, isNumber, namesVersion, numberReader, writesDecimalCommas } from './cell-numbers.ts';
import { count } from './describe.ts';
import { cut } from './inert.ts';

type Row = { [column: string]: Json };

/** A table as read. */
export interface Table {
  rows: Row[];
  notes: string[];
}

/** How rows of cells become rows of values. */
export interface TableRule {
  /** Rows above the first one that has values: a title, a header. */
  above: number;
  /** A row's values. A cell of another kind than its column keeps its text; a row that is wider adds columns of texts. */
  read(cells: readonly string[]): Row;
  /** What was changed while reading, for the doc; ask when all rows were read. */
  notes(): string[];
}

/** How the text cells of one column become values. */
interface CellReader {
  /** The value of a cell; nothing where the cell is of another kind than its column. */
  read(cell: string): Json | undefined;
  /** What was taken off, for the doc: "EUR removed". */
  note?: string;
}

const LONGEST_NAME = 60;
/** Lines of a title above a table, at most. */
const MOST_TITLES = 5;
/** Rows that decide whether the first one is a header. */
const HEADER_ROWS = 50;

const YEAR = /^(19|20)\d\d$/;
const ISO_DATE = /^\d{4}-\d\d-\d\d/;
const MISSING = new Set(['', 'na', 'n/a', 'null', 'none', 'nan', '-', '–', '—', '#n/a']);
const isMissing = (cell: string) => MISSING.has(cell.trim().toLowerCase());

/**
 * Makes a table of cells. The first row is a header unless it looks like the rows below it; lines above it that stand in
 * one cell are a title. A cell that is empty, or missing at the row's end, is `null`.
 */
export function tableOf(all: readonly (readonly string[])[], options: { header?: boolean } = {}): Table {
  if (all.length === 0) return { rows: [], notes: [] };
  const { above, read, notes } = tableRule(all, options);
  return { rows: all.slice(above).map(read), notes: notes() };
}

/** How to read a table, decided from its first rows, or from all of them. */
export function tableRule(some: readonly (readonly string[])[], { header }: { header?: boolean } = {}): TableRule {
  const titles = header === undefined ? titleRows(some) : 0;
  const cells = some.slice(titles);
  const headed = header ?? hasHeader(cells);
  const [first = []] = headed ? cells : [];
  const body = headed ? cells.slice(1) : cells;
  const names = columnNames(
    first,
    cells.reduce((most, row) => Math.max(most, row.length), 0),
  );
  const columns = names.map((_, at) => body.map((row) => row[at] ?? ''));
  const hasDecimalCommas = columns.some((column) => writesDecimalCommas(presentIn(column)));
  const readers = columns.map((column, at) =>
    cellReader(column, { hasDecimalCommas, isVersion: namesVersion(first[at] ?? '') }),
  );
  const notes = [
    ...(titles > 0 ? [titleOf(some.slice(0, titles))] : []),
    ...(headed ? [] : ['no header, columns are numbered']),
    ...readers.flatMap(({ note }, at) => (note === undefined ? [] : [`${names[at]}: ${note}`])),
    ...renamed(names, first),
  ];
  const odd = new Map<string, number>();
  const valueIn = (cell: string, at: number): Json => {
    const value = (readers[at] as CellReader).read(cell);
    if (value !== undefined) return value;
    odd.set(names[at] as string, (odd.get(names[at] as string) ?? 0) + 1);
    return cell.trim();
  };
  return {
    above: titles + (headed ? 1 : 0),
    read(row) {
      if (row.length > names.length) names.push(...columnNames(names, row.length).slice(names.length));
      while (readers.length < names.length) readers.push(TEXT);
      return Object.fromEntries(names.map((name, at) => [name, valueIn(row[at] ?? '', at)]));
    },
    notes: () => [
      ...notes,
      ...[...odd].map(([name, cells]) => `${name}: ${count(cells, 'cell')} of another kind, as text`),
    ],
  };
}

const titleOf = (rows: readonly (readonly string[])[]) => rows.map((row) => filledOf(row).join(', ')).join(' ');

/** How the file has the names that a program could not write. */
const renamed = (names: readonly string[], header: readonly string[]): string[] =>
  names.flatMap((name, at) => {
    const written = (header[at] ?? '').trim();
    const same = written === '' || written === name;
    return same ? [] : [`${name}: ${JSON.stringify(cut(written, LONGEST_NAME))} in the file`];
  });

/**
 * How many rows above a table of several columns are a title: those with text in one cell only, or, where a comma stood in them, with
 * fewer cells than the table has, and a row of names follows.
 */
function titleRows(cells: readonly (readonly string[])[]): number {
  const width = usualWidth(cells.slice(0, HEADER_ROWS));
  const whole = cells.slice(0, MOST_TITLES + 1).findIndex((row) => row.length >= width);
  if (whole > 0 && cells.length > whole + 2 && isHeader(cells[whole] ?? []) && hasHeader(cells.slice(whole)))
    return whole;
  const first = cells.slice(0, MOST_TITLES + 1).findIndex((row) => filledOf(row).length > 1);
  const below = cells.slice(first, HEADER_ROWS);
  const isTable = below.filter((row) => filledOf(row).length > 1).length > 0.8 * below.length;
  return first > 0 && below.length > 2 && isTable ? first : 0;
}

/** The number of cells that most rows have; 0 where no number is that of most. */
function usualWidth(cells: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>();
  for (const { length } of cells) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [[width, count] = [0, 0]] = [...counts].sort(([, one], [, other]) => other - one);
  return count > 0.6 * cells.length ? width : 0;
}

/** Names alone, all different. */
const isHeader = (row: readonly string[]): boolean =>
  new Set(filledOf(row)).size === row.length && !row.some((cell) => isValue(cell));

const filledOf = (row: readonly string[]) => row.map((cell) => cell.trim()).filter((cell) => cell !== '');

/** Whether the first row names the columns: its cells are texts, and where the rest of a column is of one kind, of another. */
function hasHeader(cells: readonly (readonly string[])[]): boolean {
  const [first = [], ...below] = cells.slice(0, HEADER_ROWS);
  if (below.length === 0) return first.every((cell) => !isValue(cell));
  let named = 0;
  let alike = 0;
  for (const [at, cell] of first.entries()) {
    const rest = below.map((row) => (row[at] ?? '').trim()).filter((other) => !isMissing(other));
    if (rest.length === 0) continue;
    if (rest.every(isValue)) {
      const differs = !isValue(cell) || (YEAR.test(cell.trim()) && !rest.every((other) => YEAR.test(other)));
      if (differs) named += 1;
      else alike += 1;
    } else if (cell.trim() !== '' && rest.includes(cell.trim())) alike += 0.5;
  }
  if (named === 0 && alike === 0) return true;
  return named >= alike;
}

/** A number, a date or a truth value: what seldom names a column. */
const isValue = (cell: string) =>
  isNumber(cell.trim()) ||
  ISO_DATE.test(cell.trim()) ||
  dateReader([cell.trim()]) !== undefined ||
  /^(true|false)$/i.test(cell.trim());

/**
 * Column names that a program can write after a dot: `cost centre` is `cost_centre`, `amount (EUR)` is `amount_EUR`. Empty and
 * repeated ones are numbered.
 */
function columnNames(header: readonly string[], width: number): string[] {
  const used = new Set<string>();
  return Array.from({ length: width }, (_, at) => {
    const base = identifierOf(header[at] ?? '') || `column${at + 1}`;
    let name = base;
    for (let more = 2; used.has(name); more++) name = `${base}_${more}`;
    used.add(name);
    return name;
  });
}

/** A name that begins with a digit (`2026`) stays as it is: programs write it in brackets. */
function identifierOf(header: string): string {
  const text = header.normalize('NFC').trim();
  // An object cannot have a field `__proto__` without more ado.
  if (text !== '__proto__' && text.length <= LONGEST_NAME && /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(text))
    return text;
  const plain = text
    .replace(/['’]/g, '')
    .replace(/[^\p{ID_Continue}$]+/gu, '_')
    .replace(/^_+|_+$/g, '');
  const name = [...plain].slice(0, LONGEST_NAME).join('');
  return name;
}

/**
 * How to read a column, decided from all its cells: truth values, numbers, dates, or text as it stands.
 * Numbers may have thousands separators, one currency, or a percent sign, if every cell agrees; dates that people write
 * become ISO dates.
 */
function cellReader(column: readonly string[], hints: ColumnHints): CellReader {
  const cells = column.map((cell) => cell.trim()).filter((cell) => cell !== '');
  if (cells.length > 0 && cells.every((cell) => truthOf(cell) !== undefined))
    return { read: (cell) => (cell.trim() === '' ? null : truthOf(cell.trim())) };
  const present = presentIn(cells);
  if (present.length === 0) return TEXT;
  const missing = missingNote(cells);
  const dateOf = dateReader(present);
  if (dateOf !== undefined) {
    const note = [`ISO dates, in the file ${present[0]}`, ...missing].join(', ');
    return { read: (cell) => (isMissing(cell) ? null : dateOf(cell.trim())), note };
  }
  if (missing.length > 0 && present.every((cell) => ISO_DATE.test(cell))) {
    return { read: (cell) => (isMissing(cell) ? null : cell.trim()), note: missing.join(', ') };
  }
  const numbers = numberReader(present, hints);
  if (numbers === undefined) return TEXT;
  const notes = [...(numbers.note === undefined ? [] : [numbers.note]), ...missing];
  return {
    read: (cell) => (isMissing(cell) ? null : numbers.read(cell.trim())),
    ...(notes.length > 0 ? { note: notes.join(', ') } : {}),
  };
}

const presentIn = (cells: readonly string[]) => cells.map((cell) => cell.trim()).filter((cell) => !isMissing(cell));

const TEXT: CellReader = { read: (cell) => (cell.trim() === '' ? null : cell.trim()) };

const truthOf = (cell: string) => (/^(?:true|false)$/i.test(cell) ? cell.toLowerCase() === 'true' : undefined);

/** How a column writes that there is nothing. */
function missingNote(cells: readonly string[]): string[] {
  const words = new Set(cells.filter(isMissing));
  return words.size === 0 ? [] : [`null where ${[...words].join(', ')}`];
}
