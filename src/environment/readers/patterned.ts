/**
 * Texts whose lines follow a pattern, read as a table: a list of bullets, an order sheet, a log of sentences.
 *
 * A line that stands above others (a heading, `Order 31 for Ada`) gives its values to each line below it.
 *
 * @module
 */
import type { Json } from '../../record/index.ts';
import { tableOf } from '../table.ts';
import {
  type Column,
  columnsOf,
  learnTemplates,
  type Template,
  templateText,
  type Values,
  valuesOf,
} from './line-patterns.ts';

const LEAST_LINES = 3;
/** Longest text that is looked at, in lines. */
const MOST_LINES = 50_000;
/** Share of the lines that a pattern, or a pattern and its heads, must account for. */
const SHARE = 0.75;
const HEADING = /^\s{0,3}#{1,6}\s+(.+?)\s*#*\s*$/;
const BULLET = /^\s*(?:[-*•–]|\d{1,3}[.)])\s+/;

/** A table, and how its lines read. */
export interface Patterned {
  rows: { [column: string]: Json }[];
  notes: string[];
}

/** A line with what it was found to be. */
interface Line {
  heading?: string;
  template?: Template;
  values?: Values;
}

/** The table that the lines of a text are; nothing where they are no list of one form. */
export function patternedRows(text: string): Patterned | undefined {
  const all = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (all.length < LEAST_LINES || all.length > MOST_LINES) return undefined;
  const plain = all.filter((line) => !HEADING.test(line)).map((line) => line.replace(BULLET, ''));
  const templates = learnTemplates(plain).filter(({ lines }) => lines >= 2);
  const lines = all.map((line): Line => {
    const heading = HEADING.exec(line)?.[1];
    return heading === undefined ? matched(line.replace(BULLET, ''), templates) : { heading };
  });
  return tableOfLines(lines);
}

function matched(line: string, templates: readonly Template[]): Line {
  for (const template of templates) {
    const values = valuesOf(template, line);
    if (values !== undefined) return { template, values };
  }
  return {};
}

function tableOfLines(lines: readonly Line[]): Patterned | undefined {
  const plain = lines.filter(({ heading }) => heading === undefined).length;
  const linesOf = (template: Template) => lines.filter((line) => line.template === template);
  const byLines = [...new Set(lines.flatMap(({ template }) => template ?? []))]
    .filter((template) => linesOf(template).length >= 2)
    .sort((one, other) => linesOf(other).length - linesOf(one).length);
  const [most, next] = byLines;
  if (most === undefined) return undefined;
  const headed =
    next !== undefined && lines.find(({ template }) => template === most || template === next)?.template === next;
  const above = headed && isAbove(lines, next, most) ? next : undefined;
  const covered = linesOf(most).length + (above === undefined ? 0 : linesOf(above).length);
  if (linesOf(most).length < LEAST_LINES || covered < SHARE * plain) return undefined;
  return rowsOf(lines, most, above);
}

/** Whether one line of the first always has some of the second below it. */
function isAbove(lines: readonly Line[], above: Template, below: Template): boolean {
  const order = lines.flatMap(({ template }) => (template === above || template === below ? [template] : []));
  return order.every((template, at) => template !== above || order[at + 1] === below);
}

function rowsOf(lines: readonly Line[], item: Template, above: Template | undefined): Patterned | undefined {
  const valuesOfAll = (template: Template) =>
    lines.flatMap((line) => (line.template === template && line.values !== undefined ? [line.values] : []));
  const sections = lines.filter(({ heading }) => heading !== undefined).length > 1 ? ['section'] : [];
  const heads = above === undefined ? [] : columnsOf(above, valuesOfAll(above), sections);
  const taken = [...sections, ...heads.map(({ name }) => name)];
  const columns = columnsOf(item, valuesOfAll(item), taken);
  if (columns.length < 2) return undefined;

  const header = [...taken, ...columns.map(({ name }) => name)];
  const cells: string[][] = [];
  let section = '';
  let head: string[] = heads.map(() => '');
  for (const { heading, template, values } of lines) {
    if (heading !== undefined) section = heading;
    else if (template === above && values !== undefined && above !== undefined) head = pick(values, heads);
    else if (template === item && values !== undefined) {
      cells.push([...sections.map(() => section), ...head, ...pick(values, columns)]);
    }
  }
  const { rows, notes } = tableOf([header, ...cells], { header: true });
  const below = above === undefined ? '' : ` below "${templateText(above, heads)}"`;
  return { rows, notes: [`a row for each line "${templateText(item, columns)}"${below}`, ...notes] };
}

const pick = (values: Values, columns: readonly Column[]) => columns.map(({ at }) => values[at] ?? '');
