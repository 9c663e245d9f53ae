/**
 * What a doc comment says of a variable: where it comes from, how large it is, its first row, and what its columns hold.
 * Bounded, and inert: it quotes data from outside.
 *
 * @module
 */
import type { Json } from '../record/index.ts';
import { cut, inert } from './inert.ts';

const FIRST_CHARS = 200;
const COLUMNS_CHARS = 240;
const NOTES_CHARS = 160;
const SOURCE_CHARS = 80;
const STRING_CHARS = 40;
/** Distinct texts of a column that are listed, and how often each has to come, on average. */
const FEW = 8;
const OFTEN = 3;
/** A table shorter than this is seen from its first row and its size. */
const SHORT = 4;
/** Columns whose values are looked at. */
const COLUMNS = 40;

const DATE = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** One line on a value. */
export function describe(source: string, value: Json, notes: readonly string[] = []): string {
  const name = cut(source, SOURCE_CHARS);
  const said = notes.length > 0 ? ` ${cut(notes.join('; '), NOTES_CHARS)}.` : '';
  if (typeof value === 'string')
    return inert(`${name}, ${count(value.length, 'character')}. Begins: ${preview(value)}.${said}`);
  if (!Array.isArray(value)) return inert(`${name}. ${preview(value)}.${said}`);
  const first = value[0];
  if (first === undefined) return inert(`${name}, empty.${said}`);
  const table = isRow(first);
  const columns = table ? summary(value) : '';
  const unit = table ? 'row' : typeof first === 'string' ? 'line' : 'item';
  return inert(`${name}, ${count(value.length, unit)}. First: ${preview(first)}.${columns}${said}`);
}

/** Follows the columns of rows that come one by one. */
export function columnSummary(): { add(row: Json): void; text(): string } {
  const columns = new Map<string, Column>();
  let rows = 0;
  return {
    add(row) {
      rows += 1;
      if (!isRow(row)) return;
      for (const key in row) {
        let column = columns.get(key);
        if (column === undefined) {
          if (columns.size >= COLUMNS) continue;
          column = newColumn();
          columns.set(key, column);
        }
        look(column, row[key] as Json);
      }
    },
    text() {
      if (rows < SHORT) return '';
      const said = [...columns].map(([key, column]) => tell(key, column)).filter((text) => text !== undefined);
      return said.length === 0 ? '' : ` Values: ${asMuchAsFits(said, COLUMNS_CHARS)}.`;
    },
  };
}

function summary(rows: readonly Json[]): string {
  const columns = columnSummary();
  for (const row of rows) columns.add(row);
  return columns.text();
}

interface Column {
  numbers: number;
  low: number;
  high: number;
  texts: number;
  distinct: Set<string>;
  many: boolean;
  dates: boolean;
  first: string;
  last: string;
  others: number;
}

const newColumn = (): Column => ({
  numbers: 0,
  low: Number.POSITIVE_INFINITY,
  high: Number.NEGATIVE_INFINITY,
  texts: 0,
  distinct: new Set(),
  many: false,
  dates: true,
  first: '\uffff',
  last: '',
  others: 0,
});

function look(column: Column, value: Json): void {
  if (value === null) return;
  if (typeof value === 'number') {
    column.numbers += 1;
    column.low = Math.min(column.low, value);
    column.high = Math.max(column.high, value);
  } else if (typeof value === 'string') {
    column.texts += 1;
    if (!column.many) {
      column.distinct.add(value);
      column.many = column.distinct.size > FEW || value.length > STRING_CHARS;
      if (column.many) column.distinct.clear();
    }
    column.dates &&= DATE.test(value);
    if (column.dates) {
      if (value < column.first) column.first = value;
      if (value > column.last) column.last = value;
    }
  } else column.others += 1;
}

function tell(key: string, column: Column): string | undefined {
  if (column.others > 0 || (column.numbers > 0 && column.texts > 0)) return undefined;
  const name = cut(key, STRING_CHARS);
  if (column.numbers > 1) return `${name} ${column.low} to ${column.high}`;
  if (column.texts === 0) return undefined;
  if (column.dates) return `${name} ${column.first} to ${column.last} (text)`;
  if (column.many || column.texts < OFTEN * column.distinct.size) return undefined;
  return `${name} ${[...column.distinct]
    .sort()
    .map((text) => JSON.stringify(text))
    .join(' | ')}`;
}

/** As many as fit, and an ellipsis where some are left out. */
function asMuchAsFits(texts: readonly string[], chars: number): string {
  let line = '';
  for (const text of texts) {
    if (line.length + text.length > chars) return line === '' ? cut(text, chars) : `${line}, …`;
    line += line === '' ? text : `, ${text}`;
  }
  return line;
}

/**
 * The beginning of a value as JSON, long texts and lists shortened.
 *
 * @example
 * ```ts
 * preview({ name: 'Nord', tags: [1, 2, 3, 4, 5] }); // '{"name":"Nord","tags":[1,2,3,…]}'
 * ```
 */
export function preview(value: Json, chars: number = FIRST_CHARS): string {
  return cut(shorten(value, 0), chars);
}

function shorten(value: Json, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(cut(value, depth === 0 ? 2 * STRING_CHARS : STRING_CHARS));
  if (value === null || typeof value !== 'object') return String(value);
  if (depth > 4) return '…';
  if (Array.isArray(value)) {
    const shown = value.slice(0, 3).map((one) => shorten(one, depth + 1));
    return `[${[...shown, ...(value.length > 3 ? ['…'] : [])].join(',')}]`;
  }
  const parts: string[] = [];
  let length = 0;
  for (const key in value) {
    if (length > FIRST_CHARS) {
      parts.push('…');
      break;
    }
    const part = `${JSON.stringify(cut(key, STRING_CHARS))}:${shorten(value[key] as Json, depth + 1)}`;
    length += part.length;
    parts.push(part);
  }
  return `{${parts.join(',')}}`;
}

const isRow = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A number with its unit. */
export const count = (number: number, unit: string): string =>
  `${number.toLocaleString('en-US')} ${unit}${number === 1 ? '' : 's'}`;
