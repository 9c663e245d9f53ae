/**
 * An object that has a record for each of many ids is a table: its keys are data, and become a column.
 *
 * @module
 */
import type { Json } from '../record/index.ts';

type Fields = { [name: string]: Json };

const LEAST_ROWS = 4;
/** Share of the fields that a record has, on average. */
const FILLED = 0.6;

/**
 * Rows of an object of like records, the key first.
 *
 * @returns nothing where the object is no such table
 * @example
 * ```ts
 * const stock = { P1: { pieces: 3 }, P2: { pieces: 0 }, P3: { pieces: 7 }, P4: { pieces: 1 } };
 * keyedRows(stock)?.rows[2]; // { id: 'P3', pieces: 7 }
 * ```
 */
export function keyedRows(value: Json): { rows: Fields[]; note: string } | undefined {
  if (!isFields(value)) return undefined;
  const keys = Object.keys(value);
  const records = Object.values(value);
  if (keys.length < LEAST_ROWS || !records.every(isFields)) return undefined;
  const names = new Set(records.flatMap((record) => Object.keys(record)));
  const filled = records.reduce((sum, record) => sum + Object.keys(record).length, 0);
  if (names.size === 0 || filled < FILLED * names.size * records.length) return undefined;
  const wanted = keys.every((key) => /\d/.test(key)) ? 'id' : 'name';
  const column = [wanted, 'key', 'entry'].find((name) => !names.has(name));
  if (column === undefined) return undefined;
  const rows = keys.map((key, at) => ({ [column]: key, ...(records[at] as Fields) }));
  return { rows, note: `${column}: the name of each entry in the file` };
}

const isFields = (value: Json): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
