/**
 * Judges what a program makes of the times that the task names: does it keep the month, and does it look for a span where the
 * task asks for one?
 *
 * @module
 */
import { escaped, monthNumber, writtenDates } from '../environment/index.ts';
import type { DataVariable, Finding } from '../record/index.ts';
import { wordsOf as stemsOf } from './rank.ts';
import type { RuleName } from './rules.ts';
import { areLike, columnsIn, fieldNamesIn, saidAs } from './task-columns.ts';

export interface DatesCase {
  /** Without comments, with what ran before it for the same task. */
  code: string;
  used: readonly DataVariable[];
  task: string;
  on(rule: RuleName): boolean;
}

export function dateFindings({ code, used, task, on }: DatesCase): Finding[] {
  return [
    ...(on('named-month-unused') ? unusedMonth(code, used, task) : []),
    ...(on('span-ignored') ? spanIgnored(code, used, task) : []),
    ...(on('time-ignored') ? timeIgnored(code, used, task) : []),
    ...(on('clock-ignored') ? clockIgnored(code, used, task) : []),
  ];
}

/** A month without a day: "in June", "the mails of May". */
const IN_MONTH = /\b(?:in|of|during|for|from|since|until|through|throughout) (\p{Lu}\p{Ll}{2,8})\b(?! \d)/gu;
const DATES = String.raw`string \/\* "(\d{4}-\d\d[^"]*)" to "(\d{4}-[^"]*)"(, in no order)?`;

/** A column of dates, the first and the last, and whether they rise or fall. */
export interface Span {
  field: string;
  first: string;
  last: string;
  isOrdered: boolean;
}

/** The columns of dates that a shown type tells. */
export const spansIn = (shown: string): Span[] =>
  columnsIn(shown, DATES).map(({ field, said: [first = '', last = '', noOrder] }) => ({
    field,
    first,
    last,
    isOrdered: noOrder === undefined,
  }));

const spansOf = (used: readonly DataVariable[]): Span[] => used.flatMap(({ shown = '' }) => spansIn(shown));

/** The task names a month, a table has dates, and no program has anything of the month. */
function unusedMonth(code: string, used: readonly DataVariable[], task: string): Finding[] {
  const missing = missingMonth(code, used, task);
  if (missing === undefined) return [];
  const message = `The task names ${missing.name}, and the program does not use it.`;
  const remedy = `Keep the rows with \`${missing.condition}\`.`;
  return [{ rule: 'named-month-unused', severity: 'warn', message, remedy }];
}

/** The condition that keeps the month's rows: `day.startsWith("2026-06")`, of the column of dates that is meant. */
export function missingMonth(
  code: string,
  used: readonly DataVariable[],
  task: string,
): { name: string; field: string; test: string; condition: string } | undefined {
  const months = monthsIn(task);
  const [month] = months;
  if (month === undefined || /getMonth|getUTCMonth|toLocale/.test(code)) return undefined;
  const span = spanMeant(spansOf(used), code, task.slice(0, Math.max(0, task.indexOf(month.name))));
  if (span === undefined || months.some((one) => isMentioned(code, one))) return undefined;
  const { field, first, last } = span;
  const [from, to] = [first.slice(0, 4), last.slice(0, 4)];
  const { name, number, year = from === to ? from : undefined } = month;
  const two = String(number).padStart(2, '0');
  const test = year === undefined ? `.slice(5, 7) === "${two}"` : `.startsWith("${year}-${two}")`;
  return { name, field, test, condition: `${saidAs(field)}${test}` };
}

/** Of several columns of dates, the one that is named last before the month: "delivered in June"; else one that the program has. */
function spanMeant(spans: readonly Span[], code: string, before: string): Span | undefined {
  const words = stemsOf(before);
  const placed = spans.map((span) => ({
    span,
    at: Math.max(...stemsOf(span.field).map((word) => words.findLastIndex((one) => areLike(one, word)))),
  }));
  const [named] = placed.filter(({ at }) => at >= 0).sort((one, other) => other.at - one.at);
  const names = fieldNamesIn(code);
  return named?.span ?? spans.find(({ field }) => names.has(field)) ?? spans[0];
}

interface Month {
  name: string;
  number: number;
  year?: string;
}

function monthsIn(task: string): Month[] {
  const dated = writtenDates(task).filter(({ iso }) => iso.length === 7);
  const bare = [...task.matchAll(IN_MONTH)].map(([, name = '']) => ({ name, number: monthNumber(name) }));
  return [
    ...dated.map(({ text, iso }) => ({ name: text, number: Number(iso.slice(5)), year: iso.slice(0, 4) })),
    ...bare.filter(({ number }) => number > 0),
  ];
}

/** Takes a date apart: `day.slice(5, 7)`, `day.split("-")`. */
const TAKES_APART = /\.(?:slice|substring|substr)\(\s*5\b|\.split\(\s*["'`]-["'`]|\.match\(|\.exec\(/;

/** `-06`, `"06"`, `'6'`, `June`; or a number that the parts of a date are compared with. */
function isMentioned(code: string, { name, number }: Month): boolean {
  const [word = name] = name.split(/[ .,]/);
  if (new RegExp(`-0?${number}\\b|["'\`]0?${number}["'\`]|\\b${word}`, 'i').test(code)) return true;
  if (!TAKES_APART.test(code)) return false;
  const alone = `0?${number}(?![\\w.])`;
  return new RegExp(
    `(?:[=<>]=?|\\bcase)\\s*${alone}|(?<![\\w.])${alone}\\s*(?:[!=<>]=|[<>])|\\[(?:[\\d\\s]+,)*\\s*${alone}[\\s\\d,]*\\]\\.(?:includes|indexOf)`,
  ).test(code);
}

/**
 * Where a month, a quarter or a year of the task begins or ends: `day >= "2026-06-01" && day < "2026-07-01"`. That a declaration shows such a day,
 * too, is chance. Not one that is looked for itself.
 */
export function isBoundOfPeriod(text: string, code: string, task: string): boolean {
  const day = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(`${text.slice(0, 10)}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(day)) return false;
  const edges = [-1, 0, 1].map((days) => new Date(day + days * DAY_MS).toISOString().slice(0, 7));
  const isNamed = [...monthsIn(task), ...edgesOfPeriods(task)].some(({ number, year }) =>
    edges.some((edge) => Number(edge.slice(5)) === number && (year === undefined || edge.startsWith(year))),
  );
  const sought = escaped(text);
  const compared = new RegExp(`[<>]=?\\s*["'\`]${sought}["'\`]|["'\`]${sought}["'\`]\\s*[<>]`);
  return new Set(edges).size > 1 && isNamed && compared.test(code);
}

const QUARTER = /\b(?:(first|second|third|fourth|last|[1-4](?:st|nd|rd|th)) quarter|Q([1-4]))\b/giu;
const ORDINALS = ['first', 'second', 'third', 'fourth'];

/** The first and the last month of each quarter and each year that a task names. */
function edgesOfPeriods(task: string): Pick<Month, 'number' | 'year'>[] {
  const quarters = [...task.matchAll(QUARTER)].flatMap(([, said = '', number = said]) => {
    const quarter = Number.parseInt(number, 10) || ORDINALS.indexOf(number.toLowerCase()) + 1 || ORDINALS.length;
    return [{ number: 3 * quarter - 2 }, { number: 3 * quarter }];
  });
  const years = [...task.matchAll(/\b(?:19|20)\d\d\b/g)].flatMap(([year]) =>
    [1, 12].map((number) => ({ number, year })),
  );
  return [...quarters, ...years];
}

const DAY_MS = 86_400_000;

const MONTH_DAY = String.raw`(?:the )?(?:\d{4}-\d\d-\d\d|\d{1,2}(?:st|nd|rd|th)?[ .-]\p{L}{3,9}|\p{L}{3,9} \d{1,2})`;
/** Words for a span of time of which a day is the end, or that lasts over it. */
const SPANS = new RegExp(
  `\\b(?:after|before|since|until|till|by|from) ${MONTH_DAY}|\\b(?:by then|not (?:left|ended|over|returned|finished))\\b`,
  'iu',
);
/** Words for what lasts, where rows have a beginning and an end. */
const LASTS = /\b(?:still (?:there|running|open|valid|active)|(?:was|were|is|are) (?:running|valid|active))\b/i;
const DAY = String.raw`["'\x60](\d{4}-\d\d-\d\d)["'\x60]`;
const ON_DAY = new RegExp(String.raw`===?\s*${DAY}|${DAY}\s*===?|\.(?:startsWith|includes)\(\s*${DAY}\s*\)`, 'g');

/** A day is looked for alone, and the task asks for what lies on one side of it, or lasts over it. */
function spanIgnored(code: string, used: readonly DataVariable[], task: string): Finding[] {
  const isSpan = SPANS.test(task) || (LASTS.test(task) && spansOf(used).length > 1);
  if (!isSpan || /[<>]=?\s*["'`]\d{4}-|["'`]\d{4}-[\d-]*["'`]\s*[<>]|[<>]=? new Date|getTime/.test(code)) return [];
  const named = new Set([...writtenDates(task).map(({ iso }) => iso), ...(task.match(/\d{4}-\d\d-\d\d/g) ?? [])]);
  const days = [...code.matchAll(ON_DAY)].map(([, one, other, begun = '']) => one ?? other ?? begun);
  const day = days.find((one) => named.has(one));
  if (day === undefined) return [];
  return [
    {
      rule: 'span-ignored',
      severity: 'warn',
      message: `The task asks for a span of time, and the program looks for ${day} alone.`,
      remedy: 'Compare the dates with <, <=, > or >=: as texts they are in order.',
    },
  ];
}

/** Words for what is first or last in time. */
const IN_TIME = /\b(?:latest|earliest|newest|most recent(?:ly)?|(?:first|last) to \p{L}+)\b/iu;

/** Takes a row by its place, and compares none: where the rows are in order of time, that is the first or the last. */
const takesByPlace = (code: string): boolean =>
  /\.at\(\s*-?\d+\s*\)|\[\s*0\s*\]|\.length\s*-\s*1\s*\]|\.(?:pop|shift|findLast|find)\(/.test(code) &&
  !/\.(?:sort|toSorted|reduce)\(|Math\.|[^=]>|[<]/.test(code);

/** The task asks what was first or last in time, a table says when, and the program does not look. */
function timeIgnored(code: string, used: readonly DataVariable[], task: string): Finding[] {
  const spans = spansOf(used);
  if (spans.length === 0 || !IN_TIME.test(task)) return [];
  const names = fieldNamesIn(code);
  if (spans.some(({ field }) => names.has(field))) return [];
  if (spans.some(({ isOrdered }) => isOrdered) && takesByPlace(code)) return [];
  return [
    {
      rule: 'time-ignored',
      severity: 'warn',
      message: 'The task asks what was first or last in time, and the program looks at no date.',
      remedy: `Compare ${spans.map(({ field }) => `\`${saidAs(field)}\``).join(' or ')}.`,
    },
  ];
}

/** A time of day: "before 8 a.m.", "after 17:30", "from 9 o'clock on". */
const CLOCK =
  /\b(?:before|after|until|till|since|from|by|past|between) (\d{1,2})(?::(\d\d)\b|\s*([ap])\.?m\b|\s*o['’]clock\b)(?:\s*([ap])\.?m\b)?/iu;

/** The task names a time of day. */
export const namesClock = (task: string): boolean => CLOCK.test(task);

/** Looks at the time within a date. */
const LOOKS_AT_CLOCK =
  /(?:slice|substring|substr)\(\s*1[0-3]\b|split\(\s*["'`/][T ]["'`/]|get(?:UTC)?Hours|to(?:Locale)?TimeString|["'`][T ]?\d\d:\d\d|T\(?\\d/;
const MOMENT = /["'`](\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)/g;

/** The task names a time of day and no day, a table has dates with times, and the program looks at no time alone. */
function clockIgnored(code: string, used: readonly DataVariable[], task: string): Finding[] {
  const [, hours, minutes = '00', half, alsoHalf] = CLOCK.exec(task) ?? [];
  const fields = spansOf(used).flatMap(({ field, first }) => (/[T ]\d\d:/.test(first) ? [field] : []));
  const names = fieldNamesIn(code);
  const field = fields.find((one) => names.has(one)) ?? fields[0];
  if (hours === undefined || field === undefined || LOOKS_AT_CLOCK.test(code)) return [];
  const afternoon = (half ?? alsoHalf)?.toLowerCase() === 'p' && Number(hours) < 12 ? 12 : 0;
  const time = `${String(Number(hours) + afternoon).padStart(2, '0')}:${minutes}`;
  // "After 17:00 on 3 June 2026" is a moment, and may be compared with as a whole.
  const days = new Set([...writtenDates(task).map(({ iso }) => iso), ...(task.match(/\d{4}-\d\d-\d\d/g) ?? [])]);
  if ([...code.matchAll(MOMENT)].some(([, day = '', clock]) => days.has(day) && clock === time)) return [];
  return [
    {
      rule: 'clock-ignored',
      severity: 'warn',
      message: `The task names a time of day, ${time}, and the program looks at no time within \`${field}\`.`,
      remedy: `Compare \`${saidAs(field)}.slice(11, 16)\` with "${time}".`,
    },
  ];
}
