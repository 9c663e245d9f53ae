/**
 * JSON, and JSON lines.
 *
 * @module
 */
import type { Json } from '../../record/index.ts';
import { DataError } from '../../record/index.ts';
import type { Found } from '../data.ts';
import { cut } from '../inert.ts';
import { keyedRows } from '../keyed-rows.ts';
import { decode } from './text.ts';

/** Only a text with so many digits in a row is worth looking at each of its numbers. */
const LONG_NUMBER = /\d{16}/;

export function readJson(bytes: Uint8Array, title: string): Found[] {
  const value = parse(decode(bytes), title);
  const table = keyedRows(value);
  return [table === undefined ? { title, value } : { title, value: table.rows, notes: [table.note] }];
}

export function readJsonLines(bytes: Uint8Array, title: string): Found[] {
  const value: Json[] = [];
  for (const [at, line] of decode(bytes).split(/\r?\n/).entries()) {
    if (line.trim() !== '') value.push(parse(line, title, at + 1));
  }
  return [{ title, value }];
}

/** A file, or one line of a JSON lines file. Whole numbers that a number cannot hold stay texts. */
export function parse(text: string, title: string, line?: number): Json {
  try {
    return LONG_NUMBER.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
  } catch (problem) {
    const why = problem instanceof Error ? cut(problem.message, 120) : 'unreadable';
    throw new DataError(
      `${title} is no valid JSON${line === undefined ? '' : `, line ${line}`}: ${why}.`,
      { file: title },
      problem,
    );
  }
}

function exactly(_key: string, value: Json, context?: { source?: string }): Json {
  const isExact = typeof value !== 'number' || Number.isSafeInteger(value);
  return isExact || !/^-?\d+$/.test(context?.source ?? '') ? value : (context?.source as string);
}
