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

/** One line of a JSON lines file. */
export function parse(text: string, title: string, line?: number): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (problem) {
    const why = problem instanceof Error ? cut(problem.message, 120) : 'unreadable';
    throw new DataError(
      `${title} is no valid JSON${line === undefined ? '' : `, line ${line}`}: ${why}.`,
      { file: title },
      problem,
    );
  }
}
