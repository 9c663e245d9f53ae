/**
 * Tables in plain text: cells with bars, tabs, semicolons or wide spaces between, the same number on every line.
 *
 * @module
 */
import type { Json } from '../../record/index.ts';
import { tableOf } from '../table.ts';

const SEPARATORS = [/\s*\|\s*/, /\t/, /\s*;\s*/, /\s{2,}/];
const LEAST_LINES = 3;
/** A rule below the header, or a frame: no row. */
const RULE = /^[\s|+:=-]+$/;

/** The table that a text is; nothing where its lines have not all the same number of cells. */
export function textTable(text: string): { rows: { [column: string]: Json }[]; notes: string[] } | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !RULE.test(line));
  if (lines.length < LEAST_LINES) return undefined;
  for (const separator of SEPARATORS) {
    const cells = lines.map((line) =>
      line
        .trim()
        .replace(/^\||\|$/g, '')
        .trim()
        .split(separator),
    );
    const start = cells.findIndex(({ length }) => length > 1);
    const width = cells[start]?.length ?? 0;
    // Lines above the first row are a title; below it each has as many cells.
    if (start < 0 || start > 2 || cells.length - start < LEAST_LINES) continue;
    if (cells.slice(start).some(({ length }) => length !== width)) continue;
    const { rows, notes } = tableOf(cells.slice(start));
    return { rows, notes: [...lines.slice(0, start), ...notes] };
  }
  return undefined;
}
