/**
 * Finds the model's own line and column for a place in the script that the engine ran.
 *
 * @module
 */
import { SourceMap, type SourceMapPayload } from 'node:module';

/** A line and a column, both from 1. */
export interface Place {
  line: number;
  column: number;
}

/** From here to the end of the line, everything stands `by` columns further right in the script. */
export interface Shift extends Place {
  by: number;
}

/** What it takes to map one program's places. Most programs need nothing. */
export interface Positions {
  shifts?: Shift[];
  /** For programs whose types could not be stripped in place. */
  map?: SourceMapPayload;
}

/** The offset at which each line starts. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The place of an offset. */
export function placeAt(starts: readonly number[], offset: number): Place {
  const line = starts.findLastIndex((start) => start <= offset);
  return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
}

/** The place in the source of a place in the script. */
export function sourcePlace(place: Place, { shifts = [], map }: Positions): Place {
  let { line, column } = place;
  const before = shifts.filter((shift) => shift.line === line).sort((a, b) => a.column - b.column);
  for (const shift of before) {
    if (column > shift.column) column = Math.max(shift.column, column - shift.by);
  }
  if (map === undefined) return { line, column };
  const entry = new SourceMap(map).findEntry(line - 1, column - 1);
  if (!('originalLine' in entry)) return { line, column };
  line = entry.originalLine + 1;
  column = entry.originalColumn + 1;
  return { line, column };
}
