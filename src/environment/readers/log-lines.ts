/**
 * Logs: rows with typed columns where the lines have a form that is known, else the lines.
 *
 * Known are JSON lines, the Common and the Combined Log Format of web servers; lines that begin with an ISO time, then a level, then a
 * message; and `key=value` pairs (logfmt), alone or behind the others. A line of another form keeps its text in `raw`.
 *
 * @module
 */
import type { Json } from '../../record/index.ts';
import type { Found } from '../data.ts';
import { monthNumber } from '../months.ts';
import { tableRule } from '../table.ts';
import { parse } from './json.ts';
import {
  type Column,
  columnsOf,
  learnTemplates,
  type Template,
  templateText,
  valuesOf,
  wordsOfTemplate,
} from './line-patterns.ts';
import { formOf, withForm } from './plain-text.ts';
import { decode } from './text.ts';

type Row = { [column: string]: Json };
/** Columns of one line, in the order in which they stand. */
type Line = Map<string, string>;

/** So many lines must have the form. */
const SHARE = 0.9;
const LEAST_LINES = 3;
const LOOKED_AT = 50;
const MOST_KEYS = 30;

/** How the lines of a log are read, decided on some of them. */
export interface LogRule {
  /** The lines it was decided on. */
  rows: Row[];
  /** A later line. */
  read(line: string): Row;
  /** What was changed while reading, for the doc; ask when all lines were read. */
  notes(): string[];
}

/** A log as rows; the lines alone where they have no form that is known. */
export function readLog(bytes: Uint8Array, title: string): Found[] {
  const lines = decode(bytes)
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
  const full = lines.filter((line) => line.trim() !== '');
  const rule = logRule(full);
  if (rule !== undefined) return [{ title, value: rule.rows, notes: rule.notes() }];
  const form = formOf(lines.join('\n'));
  return form === undefined ? [{ title, value: lines }] : withForm(lines.join('\n'), title, form);
}

/** The form of lines, none of them empty; nothing where they have none that is known. */
export function logRule(lines: readonly string[]): LogRule | undefined {
  const read = (line: string) => recordIn(line) ?? { [RAW]: line };
  if (haveForm(lines, recordIn, 1)) return { rows: lines.map(read), read, notes: () => [] };
  const readLine = [webServer, timed, systemLog, pairsAlone].find((one) => haveForm(lines, one, LEAST_LINES));
  return readLine && columnRule(lines, readLine);
}

/** Nearly all lines have the form. A look at the first ones spares reading a long log of another form. */
function haveForm(lines: readonly string[], read: (line: string) => unknown, least: number): boolean {
  const have = (some: readonly string[]) =>
    some.length >= least && some.filter((line) => read(line) !== undefined).length >= SHARE * some.length;
  return have(lines.slice(0, LOOKED_AT)) && have(lines);
}

/** JSON lines, as Docker and many libraries write them. */
function recordIn(line: string): Row | undefined {
  if (!line.trimStart().startsWith('{')) return undefined;
  try {
    return parse(line, '') as Row;
  } catch {
    return undefined;
  }
}

function columnRule(lines: readonly string[], readLine: (line: string) => Line | undefined): LogRule | undefined {
  const found = lines.map(readLine);
  const said = saidIn(found.filter((line) => line !== undefined));
  for (const line of found) if (line !== undefined) said.add(line);
  const columns = new Set(found.flatMap((line) => [...(line?.keys() ?? [])]));
  const filled = [...columns].filter((name) => found.some((line) => isFilled(line?.get(name))));
  if (filled.length < 2 || filled.length > MOST_KEYS) return undefined;
  const header = found.includes(undefined) ? [...filled, RAW] : filled;
  const cellsOf = (text: string, line: Line | undefined) =>
    header.map((name) =>
      line === undefined ? (name === RAW ? text : '') : (line.get(name)?.replace(/^-$/, '') ?? ''),
    );
  const cells = found.map((line, at) => cellsOf(lines[at] as string, line));
  const table = tableRule([header, ...cells], { header: true });
  const later = new Set<string>();
  let isCut = false;
  return {
    rows: cells.map(table.read),
    read(text) {
      const line = readLine(text);
      if (line !== undefined) said.add(line);
      const row = table.read(cellsOf(text, line));
      if (line === undefined) return header.includes(RAW) ? row : { ...row, [RAW]: text };
      for (const [name, value] of line) {
        if (header.includes(name) || !isFilled(value)) continue;
        if (later.size >= MOST_KEYS && !later.has(name)) {
          isCut = true;
          continue;
        }
        later.add(name);
        row[name] = value;
      }
      return row;
    },
    notes: () => [
      ...said.notes,
      ...table.notes(),
      ...(isCut ? [`keys after ${MOST_KEYS} later ones are left out`] : []),
    ],
  };
}

const isFilled = (text: string | undefined) => text !== undefined && text !== '' && text !== '-';

/**
 * What messages of one form say, as columns: `user` and `ms` of "login of ada took 12 ms"; and, where there are several forms, what
 * all of one form have in common: `event`, "login of took ms". `notes` are the forms.
 */
function saidIn(lines: readonly Line[]): { add(line: Line): void; notes: string[] } {
  const messages = lines.flatMap((line) => line.get('message') ?? []);
  let left = messages;
  const forms: { template: Template; columns: readonly Column[]; event: string }[] = [];
  for (const template of learnTemplates(messages)) {
    const found = left.map((message) => valuesOf(template, message));
    const values = found.filter((one) => one !== undefined);
    if (values.length < LEAST_LINES) continue;
    left = left.filter((_, at) => found[at] === undefined);
    forms.push({ template, columns: columnsOf(template, values), event: wordsOfTemplate(template) });
  }
  const isFree = !lines.some((line) => line.has('message') && line.has(EVENT));
  const hasEvents = isFree && new Set(forms.map(({ event }) => event)).size > 1;
  return {
    notes: forms.flatMap(({ template, columns }) =>
      columns.length === 0 ? [] : [`message "${templateText(template, columns)}"`],
    ),
    add(line) {
      const message = line.get('message');
      if (message === undefined) return;
      for (const { template, columns, event } of forms) {
        const values = valuesOf(template, message);
        if (values === undefined) continue;
        for (const { name, at } of columns) if (!line.has(name)) line.set(name, values[at] as string);
        if (hasEvents) line.set(EVENT, event);
        return;
      }
    },
  };
}

const RAW = 'raw';
const EVENT = 'event';

const WEB =
  /^(\S+) (\S+) (\S+) \[([^\]]+)\] "(?:(\S+) (\S+)(?: (\S+))?|[^"]*)" (\d{3}) (\d+|-)(?: "([^"]*)" "([^"]*)")?\s*$/;
const WEB_COLUMNS = [
  'client',
  'ident',
  'user',
  'time',
  'method',
  'path',
  'protocol',
  'status',
  'bytes',
  'referrer',
  'userAgent',
];

function webServer(line: string): Line | undefined {
  const found = WEB.exec(line);
  if (found === null) return undefined;
  return new Map(
    WEB_COLUMNS.map((name, at) => {
      const text = found[at + 1] ?? '';
      return [name, name === 'time' ? isoTime(text) : text];
    }),
  );
}

/** `21/Mar/2026:10:35:39 +0000` as `2026-03-21T10:35:39+00:00`, which compares and sorts. */
function isoTime(text: string): string {
  const found = /^(\d{2})\/(\w{3})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{2})(\d{2})$/.exec(text);
  if (found === null) return text;
  const [, day, name = '', year, time, hours, minutes] = found;
  const month = monthNumber(name);
  return month === 0 ? text : `${year}-${String(month).padStart(2, '0')}-${day}T${time}${hours}:${minutes}`;
}

const TIMED = /^\[?(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)\]?[\s,|]+(.*)$/;
const LEVEL = /^\[?(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|SEVERE)\]?(?=[\s:|]|$)[\s:|-]*/i;
const SOURCE = /^\[([^\]\s]{1,60})\][\s:]*/;

function timed(line: string): Line | undefined {
  const [, time, rest = ''] = TIMED.exec(line) ?? [];
  if (time === undefined) return undefined;
  const columns: Line = new Map([['time', time]]);
  const level = LEVEL.exec(rest);
  if (level?.[1] !== undefined) columns.set('level', level[1]);
  let message = rest.slice(level?.[0].length ?? 0);
  const source = SOURCE.exec(message);
  if (source?.[1] !== undefined) {
    columns.set('source', source[1]);
    message = message.slice(source[0].length);
  }
  const pairs = pairsOf(message);
  columns.set('message', message.replace(TRAILING, '').trim());
  for (const [key, text] of pairs) if (!columns.has(key)) columns.set(key, text);
  return columns;
}

const SYSTEM = /^(?:<\d{1,3}>)?(\w{3}) ([ \d]\d) (\d{2}:\d{2}:\d{2}) (\S+) ([^\s:[]{1,60})(?:\[(\d+)\])?: (.*)$/;

/** syslog: a time without a year, host, program, its process, a message. */
function systemLog(line: string): Line | undefined {
  const [, name = '', day = '', time, host = '', program = '', pid = '', message = ''] = SYSTEM.exec(line) ?? [];
  const month = monthNumber(name);
  if (month === 0) return undefined;
  const at = `${String(month).padStart(2, '0')}-${day.trim().padStart(2, '0')} ${time}`;
  return new Map(Object.entries({ time: at, host, program, pid, message }));
}

const PAIR = /(?<=^|[\s,;])([A-Za-z_][\w.-]{0,40})=("(?:[^"\\]|\\.)*"|[^\s",;]*)/g;
/** Pairs at the end of a message, which are columns already. */
const TRAILING =
  /(?:[\s,;]+[A-Za-z_][\w.-]{0,40}=(?:"(?:[^"\\]|\\.)*"|[^\s",;]*))+[\s,;]*$|^(?:[A-Za-z_][\w.-]{0,40}=(?:"(?:[^"\\]|\\.)*"|[^\s",;]*)[\s,;]*)+$/;

function pairsOf(text: string): Line {
  return new Map([...text.matchAll(PAIR)].map(([, key = '', value = '']) => [key, unquoted(value)]));
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}

/** logfmt: nothing but pairs. */
function pairsAlone(line: string): Line | undefined {
  const pairs = pairsOf(line);
  return pairs.size >= 2 && line.replace(PAIR, '').trim() === '' ? pairs : undefined;
}
