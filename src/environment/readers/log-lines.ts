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
import { tableOf } from '../table.ts';
import { parse } from './json.ts';
import { columnsOf, learnTemplates, templateText, valuesOf, wordsOfTemplate } from './line-patterns.ts';
import { formOf, withForm } from './plain-text.ts';
import { decode } from './text.ts';

/** Columns of one line, in the order in which they stand. */
type Line = Map<string, string>;

/** So many lines must have the form. */
const SHARE = 0.9;
const LEAST_LINES = 3;
const MOST_KEYS = 30;

/** A log as rows; the lines alone where they have no form that is known. */
export function readLog(bytes: Uint8Array, title: string): Found[] {
  const lines = decode(bytes)
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
  const full = lines.filter((line) => line.trim() !== '');
  const rows = jsonRows(full) ?? rowsOf(full);
  if (rows !== undefined) return [{ title, ...rows }];
  const form = formOf(lines.join('\n'));
  return form === undefined ? [{ title, value: lines }] : withForm(lines.join('\n'), title, form);
}

/** JSON lines, as Docker and many libraries write them. A line of another form keeps its text in `raw`. */
function jsonRows(lines: readonly string[]): Omit<Found, 'title'> | undefined {
  const some = lines.slice(0, 50);
  if (some.length === 0 || some.filter((line) => recordIn(line) !== undefined).length < SHARE * some.length)
    return undefined;
  const records = lines.map(recordIn);
  if (records.filter((record) => record !== undefined).length < SHARE * lines.length) return undefined;
  return { value: records.map((record, at) => record ?? { raw: lines[at] as string }) };
}

function recordIn(line: string): Json | undefined {
  if (!line.trimStart().startsWith('{')) return undefined;
  try {
    return parse(line, '');
  } catch {
    return undefined;
  }
}

function rowsOf(lines: readonly string[]): Omit<Found, 'title'> | undefined {
  if (lines.length < LEAST_LINES) return undefined;
  for (const read of [webServer, timed, systemLog, pairsAlone]) {
    // A look at the first lines spares reading a long log of another form.
    const some = lines.slice(0, 50);
    if (some.filter((line) => read(line) !== undefined).length < SHARE * some.length) continue;
    const parsed = lines.map(read);
    if (parsed.filter((line) => line !== undefined).length < SHARE * lines.length) continue;
    const said = addSaid(parsed.filter((line) => line !== undefined));
    const found = table(lines, parsed);
    return found === undefined ? undefined : { ...found, notes: [...said, ...(found.notes ?? [])] };
  }
  return undefined;
}

function table(lines: readonly string[], parsed: readonly (Line | undefined)[]): Omit<Found, 'title'> | undefined {
  const columns = new Set(parsed.flatMap((line) => [...(line?.keys() ?? [])]));
  const filled = [...columns].filter((name) => parsed.some((line) => !/^-?$/.test(line?.get(name) ?? '')));
  if (filled.length < 2 || filled.length > MOST_KEYS) return undefined;
  const odd = parsed.some((line) => line === undefined);
  const header = odd ? [...filled, 'raw'] : filled;
  const cells = parsed.map((line, at) => {
    const known = filled.map((name) => line?.get(name)?.replace(/^-$/, '') ?? '');
    return odd ? [...known, line === undefined ? (lines[at] as string) : ''] : known;
  });
  const { rows, notes } = tableOf([header, ...cells], { header: true });
  return { value: rows, notes };
}

/**
 * Adds what messages of one form say as columns: `user` and `ms` of "login of ada took 12 ms"; and, where there are several forms, what
 * all of one form have in common: `event`, "login of took ms". Gives the forms.
 */
function addSaid(lines: readonly Line[]): string[] {
  const forms: string[] = [];
  const events = new Map<Line, string>();
  const said = lines.filter((line) => line.has('message'));
  const messages = said.map((line) => line.get('message') as string);
  const left = new Set(said.keys());
  for (const template of learnTemplates(messages)) {
    const found = [...left].flatMap((at) => {
      const values = valuesOf(template, messages[at] as string);
      return values === undefined ? [] : [{ at, values }];
    });
    if (found.length < LEAST_LINES) continue;
    const columns = columnsOf(
      template,
      found.map(({ values }) => values),
    );
    for (const { at, values } of found) {
      left.delete(at);
      const line = said[at] as Line;
      for (const column of columns) if (!line.has(column.name)) line.set(column.name, values[column.at] as string);
      events.set(line, wordsOfTemplate(template));
    }
    if (columns.length > 0) forms.push(`message "${templateText(template, columns)}"`);
  }
  const free = !said.some((line) => line.has(EVENT));
  if (free && new Set(events.values()).size > 1) for (const [line, event] of events) line.set(EVENT, event);
  return forms;
}

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
