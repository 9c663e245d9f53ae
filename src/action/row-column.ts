/**
 * Which column of rows is meant, where values are asked for and rows were given.
 *
 * @module
 */
import type { Json } from '../record/index.ts';
import { wordsOf } from './rank.ts';

type Row = { [column: string]: Json };

/** The cells of the column that is meant, or the columns that it may be. */
export type Column = { cells: Json[] } | { columns: string[] };

/**
 * The one column that has what is asked for; ids and codes are set aside where others have it too. Where several have it, the one
 * that the task asks for by name. `read` gives a cell as what is asked for, `undefined` where it is nothing of the kind; the first
 * way of reading that any column allows counts.
 *
 * @example
 * ```ts
 * const text = (cell: Json) => (typeof cell === 'string' ? cell : undefined);
 * columnMeant([{ id: 'M1', name: 'Ann', fee: 40 }], [text], ''); // { cells: ['Ann'] }
 * ```
 */
export function columnMeant(
  value: Json,
  ways: readonly ((cell: Json) => Json | undefined)[],
  task: string,
): Column | undefined {
  const rows = rowsOf(value);
  if (rows === undefined) return undefined;
  const columns = Object.keys(rows[0] ?? {});
  for (const read of ways) {
    const fitting = columns.filter((column) => rows.every((row) => read(row[column] ?? null) !== undefined));
    if (fitting.length === 0) continue;
    const meant = pick(fitting, rows, task);
    return meant === undefined ? { columns } : { cells: rows.map((row) => read(row[meant] ?? null) ?? null) };
  }
  return undefined;
}

function rowsOf(value: Json): Row[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const isRow = (one: Json) => one !== null && typeof one === 'object' && !Array.isArray(one);
  return value.every(isRow) ? (value as Row[]) : undefined;
}

function pick(columns: string[], rows: readonly Row[], task: string): string | undefined {
  const asked = columns.filter((column) => isAsked(column, task));
  const others = columns.filter((column) => !isId(column, rows));
  const plain = others.length > 0 ? others : columns;
  const named = plain.filter((column) => isNamed(column, wordsOf(task)));
  return [asked, plain, named].find(({ length }) => length === 1)?.[0];
}

const ID_NAME = /(?:^|[\s_-])(?:ids?|uuid|no|nr|code|key|index|idx|row|record)$|[\s_-](?:number|num|nummer)$/i;
const ID_CAMEL = /\p{Ll}(?:Id|ID|No|Nr|Code|Key|Number)$/u;
const ID_CELL = /^\p{L}{0,4}[-_]?\d+$/u;

/** It tells rows apart: `id`, `orderNo`, cells like `M1`. */
const isId = (column: string, rows: readonly Row[]): boolean =>
  ID_NAME.test(column) ||
  ID_CAMEL.test(column) ||
  rows.every(({ [column]: cell }) => typeof cell === 'string' && ID_CELL.test(cell));

const ASKS =
  /\b(?:which|what|whose|list|give|name|return|find|show|answer(?: with)?)\s+(?:(?:is|are|was|were|me|all|only|just|out|the|of|different)\s+)*/giu;

/** The first words behind a question word are the column's: "Which customer …", "List the names of …". */
function isAsked(column: string, task: string): boolean {
  return [...task.matchAll(ASKS)].some(({ 0: asks, index }) => {
    const [next = ''] = /^\S+(?:\s+\S+)?/.exec(task.slice(index + asks.length)) ?? [];
    return isNamed(column, wordsOf(next));
  });
}

function isNamed(column: string, words: readonly string[]): boolean {
  const own = wordsOf(column);
  // Short words keep their plural: `ids`.
  return own.length > 0 && own.every((word) => words.includes(word) || words.includes(`${word}s`));
}
