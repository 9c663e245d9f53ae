/**
 * Rows of text cells made into rows of values: header, column names, and one kind of value a column.
 *
 * @module
 */
import type { Json } from '../record/index.ts';
import { dateReader } from './cell-dates.ts';
import { numberOf, numberReader } from './cell-numbers.ts';
import { cut } from './inert.ts';

/** A table as read. */
export interface Table {
  rows: { [column: string]: Json }[];
  notes: string[];
}

/** How the text cells of one column become values. */
export interface CellReader {
  read(cell: string): Json;
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
export function tableOf(all: readonly (readonly string[])[], { header }: { header?: boolean } = {}): Table {
  const titles = header === undefined ? titleRows(all) : 0;
  const cells = all.slice(titles);
  const [first] = cells;
  if (first === undefined) return { rows: [], notes: [] };
  const headed = header ?? hasHeader(cells);
  const body = headed ? cells.slice(1) : cells;
  const width = body.reduce((most, row) => Math.max(most, row.length), first.length);
  const names = columnNames(headed ? first : [], width);
  const readers = names.map((_, at) => cellReader(body.map((row) => row[at] ?? '')));
  const renamed = names.flatMap((name, at) => {
    const written = headed ? (first[at] ?? '').trim() : '';
    return written === '' || written === name
      ? []
      : [`${name}: ${JSON.stringify(cut(written, LONGEST_NAME))} in the file`];
  });
  const notes = readers.flatMap(({ note }, at) => (note === undefined ? [] : [`${names[at]}: ${note}`]));
  notes.push(...renamed);
  if (!headed) notes.unshift('no header, columns are numbered');
  if (titles > 0)
    notes.unshift(
      all
        .slice(0, titles)
        .map((row) => filledOf(row).join(', '))
        .join(' '),
    );
  const rows = body.map((row) =>
    Object.fromEntries(names.map((name, at) => [name, (readers[at] as CellReader).read(row[at] ?? '')])),
  );
  return { rows, notes };
}

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
export function hasHeader(cells: readonly (readonly string[])[]): boolean {
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
  numberOf(cell.trim()) !== undefined ||
  ISO_DATE.test(cell.trim()) ||
  dateReader([cell.trim()]) !== undefined ||
  /^(true|false)$/i.test(cell.trim());

/**
 * Column names that a program can write after a dot: `cost centre` is `cost_centre`, `amount (EUR)` is `amount_EUR`. Empty and
 * repeated ones are numbered.
 */
export function columnNames(header: readonly string[], width: number): string[] {
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
export function cellReader(column: readonly string[]): CellReader {
  const cells = column.map((cell) => cell.trim()).filter((cell) => cell !== '');
  const text: CellReader = { read: (cell) => (cell.trim() === '' ? null : cell.trim()) };
  if (cells.length === 0) return text;
  if (cells.every((cell) => /^(true|false)$/i.test(cell))) {
    return { read: (cell) => (cell.trim() === '' ? null : cell.trim().toLowerCase() === 'true') };
  }
  const present = cells.filter((cell) => !isMissing(cell));
  if (present.length === 0) return text;
  const missing = missingNote(cells);
  const dateOf = dateReader(present);
  if (dateOf !== undefined) {
    const note = [`ISO dates, in the file ${present[0]}`, ...missing].join(', ');
    return { read: (cell) => dateOf(cell.trim()) ?? text.read(isMissing(cell) ? '' : cell), note };
  }
  if (missing.length > 0 && present.every((cell) => ISO_DATE.test(cell))) {
    return { read: (cell) => (isMissing(cell) ? null : cell.trim()), note: missing.join(', ') };
  }
  const numbers = numberReader(present);
  if (numbers === undefined) return text;
  const notes = [...(numbers.note === undefined ? [] : [numbers.note]), ...missing];
  return {
    read: (cell) => (isMissing(cell) ? null : (numbers.read(cell.trim()) ?? cell.trim())),
    ...(notes.length > 0 ? { note: notes.join(', ') } : {}),
  };
}

/** How a column writes that there is nothing. */
function missingNote(cells: readonly string[]): string[] {
  const words = new Set(cells.filter(isMissing));
  return words.size === 0 ? [] : [`null where ${[...words].join(', ')}`];
}
