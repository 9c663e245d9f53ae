/**
 * Texts of records, one below the other, each with lines of `Key: value` at its top: mails, cards, addresses.
 *
 * What stands below a record's keys is its body; where the bodies follow a pattern, its values are columns too.
 *
 * @module
 */
import type { Json } from '../../record/index.ts';
import { tableOf } from '../table.ts';
import { columnsOf, learnTemplates, type Template, templateText, valuesOf } from './line-patterns.ts';

const LEAST_RECORDS = 3;
const MOST_KEYS = 20;
/** Share of the records that have a key, and share of the bodies that have a line of a pattern. */
const SHARE = 0.9;
const RULE = /^\s*(?:-{3,}|={3,}|\*{3,}|_{3,})\s*$/m;
const KEY = /^([\p{L}][\p{L}\p{N} _-]{0,40}):[ \t]+(\S.*)$/u;

interface TextRecord {
  keys: Map<string, string>;
  body: string[];
}

/** The table that the records of a text are; nothing where it is none. */
export function recordRows(text: string): { rows: { [column: string]: Json }[]; notes: string[] } | undefined {
  const parts = text.split(RULE.test(text) ? new RegExp(RULE.source, 'gm') : /\n\s*\n/);
  const records = parts.map((part) => recordOf(part.trim())).filter(({ keys, body }) => keys.size + body.length > 0);
  if (records.length < LEAST_RECORDS) return undefined;
  const names = [...new Set(records.flatMap(({ keys }) => [...keys.keys()]))];
  const common = names.filter((name) => records.filter(({ keys }) => keys.has(name)).length >= SHARE * records.length);
  if (common.length === 0 || names.length > MOST_KEYS || common.length + countBodies(records) < 2) return undefined;

  const said = sayings(records, names);
  const hasBody = countBodies(records) > 0;
  const header = [...names, ...said.names, ...(hasBody ? [bodyName(names)] : [])];
  const cells = records.map(({ keys, body }, at) => [
    ...names.map((name) => keys.get(name) ?? ''),
    ...said.names.map((_, column) => said.cells[at]?.[column] ?? ''),
    ...(hasBody ? [body.join('\n')] : []),
  ]);
  const { rows, notes } = tableOf([header, ...cells], { header: true });
  return { rows, notes: [...said.notes, ...notes] };
}

function recordOf(part: string): TextRecord {
  const lines = part.split(/\r?\n/);
  const end = lines.findIndex((line) => !KEY.test(line));
  const heads = end < 0 ? lines : lines.slice(0, end);
  const keys = new Map(heads.map((line) => KEY.exec(line)?.slice(1) as [string, string]));
  return { keys, body: (end < 0 ? [] : lines.slice(end)).filter((line) => line.trim() !== '') };
}

const countBodies = (records: readonly TextRecord[]) => (records.some(({ body }) => body.length > 0) ? 1 : 0);

const bodyName = (names: readonly string[]) => (names.includes('body') ? 'text' : 'body');

/** What the lines of the bodies say that all records have. */
function sayings(records: readonly TextRecord[], taken: readonly string[]) {
  const bodies = records.map(({ body }) => body);
  const names: string[] = [];
  const notes: string[] = [];
  const cells: string[][] = records.map(() => []);
  for (const template of learnTemplates(bodies.flat())) {
    const values = bodies.map((body) => firstOf(template, body));
    const found = values.filter((one) => one !== undefined);
    if (found.length < SHARE * records.length) continue;
    const columns = columnsOf(template, found, [...taken, ...names]);
    if (columns.length === 0) continue;
    names.push(...columns.map(({ name }) => name));
    notes.push(`from lines "${templateText(template, columns)}"`);
    for (const [at, row] of cells.entries()) row.push(...columns.map((column) => values[at]?.[column.at] ?? ''));
  }
  return { names, notes, cells };
}

function firstOf(template: Template, body: readonly string[]) {
  for (const line of body) {
    const values = valuesOf(template, line);
    if (values !== undefined) return values;
  }
  return undefined;
}
