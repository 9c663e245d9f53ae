/**
 * Markdown: each table a variable, named by the heading above it; what prose there is stays a text.
 *
 * @module
 */
import type { Found } from '../data.ts';
import { tableOf } from '../table.ts';
import { formOf, withForm } from './plain-text.ts';
import { decode } from './text.ts';

const RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

export function readMarkdown(bytes: Uint8Array, title: string): Found[] {
  const text = decode(bytes);
  const lines = text.split(/\r?\n/);
  const tables: Found[] = [];
  const prose: string[] = [];
  let heading = title;
  let fenced = false;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string;
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    const named = fenced ? null : /^\s{0,3}#{1,6}\s+(.+?)\s*#*\s*$/.exec(line);
    if (named?.[1] !== undefined) heading = named[1];
    const rule = lines[at + 1];
    if (!fenced && line.includes('|') && rule !== undefined && isRule(rule, line)) {
      const cells = [row(line)];
      for (at += 2; at < lines.length && (lines[at] as string).includes('|'); at++)
        cells.push(row(lines[at] as string));
      at -= 1;
      const { rows, notes } = tableOf(cells, { header: true });
      tables.push({ title: heading, value: rows, notes });
    } else if (named === null) prose.push(line);
  }
  const said = prose.join('\n').trim();
  if (tables.length === 0) return withForm(text, title, formOf(text));
  return said === '' ? tables : [...tables, { title: `${title.replace(/\.\w+$/, '')} text`, value: text }];
}

/** A rule has as many cells as the header above it: a bar in a line of prose above `---` makes no table. */
const isRule = (line: string, header: string): boolean =>
  line.includes('-') && RULE.test(line) && row(line).length === row(header).length;

/** The cells of a row; `\|` is a bar, and marks for emphasis and code around a whole cell are taken off. */
function row(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) =>
    cell
      .trim()
      .replaceAll('\\|', '|')
      .replace(/^(\*\*|__|`|\*|_)(.*)\1$/, '$2'),
  );
}
