/**
 * Judges what a program makes of the times that the task names: does it keep the month, and does it look for a span where the
 * task asks for one?
 *
 * @module
 */
import { monthNumber, writtenDates } from '../environment/index.ts';
import type { DataVariable, Finding } from '../record/index.ts';
import type { RuleName } from './rules.ts';

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
    ...(on('span-ignored') ? spanIgnored(code, task) : []),
    ...(on('time-ignored') ? timeIgnored(code, used, task) : []),
    ...(on('clock-ignored') ? clockIgnored(code, used, task) : []),
  ];
}

/** A month without a day: "in June", "the mails of May". */
const IN_MONTH = /\b(?:in|of|during|for|from|since|until|through|throughout) (\p{Lu}\p{Ll}{2,8})\b(?! \d)/gu;
/** A column of dates, the first and the last. */
export const SPAN = /([\p{L}\p{N}_$]+)"?\??: string \/\* "(\d{4}-\d\d[^"]*)" to "(\d{4}-[^"]*)"/gu;

/** The task names a month, a table has dates, and no program has anything of the month. */
function unusedMonth(code: string, used: readonly DataVariable[], task: string): Finding[] {
  const missing = missingMonth(code, used, task);
  if (missing === undefined) return [];
  const message = `The task names ${missing.name}, and the program does not use it.`;
  const remedy = `Keep the rows with \`${missing.condition}\`.`;
  return [{ rule: 'named-month-unused', severity: 'warn', message, remedy }];
}

/** The condition that keeps the month's rows: `day.startsWith("2026-06")`. */
export function missingMonth(
  code: string,
  used: readonly DataVariable[],
  task: string,
): { name: string; condition: string } | undefined {
  const months = monthsIn(task);
  const [month] = months;
  const [column] = used.flatMap(({ shown = '' }) => [...shown.matchAll(SPAN)]);
  if (month === undefined || column === undefined || /getMonth|getUTCMonth|toLocale/.test(code)) return undefined;
  if (months.some((one) => isMentioned(code, one))) return undefined;
  const [, field = '', first = '', last = ''] = column;
  const [from, to] = [first.slice(0, 4), last.slice(0, 4)];
  const { name, number, year = from === to ? from : undefined } = month;
  const two = String(number).padStart(2, '0');
  const condition = year === undefined ? `${field}.slice(5, 7) === "${two}"` : `${field}.startsWith("${year}-${two}")`;
  return { name, condition };
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

/** `-06`, `"06"`, `'6'`, `June`. */
function isMentioned(code: string, { name, number }: Month): boolean {
  const [word = name] = name.split(/[ .,]/);
  return new RegExp(`-0?${number}\\b|["'\`]0?${number}["'\`]|\\b${word}`, 'i').test(code);
}

const MONTH_DAY = String.raw`(?:the )?(?:\d{4}-\d\d-\d\d|\d{1,2}(?:st|nd|rd|th)?[ .-]\p{L}{3,9}|\p{L}{3,9} \d{1,2})`;
/** Words for a span of time: of a day that is its end, and of what lasts. */
const SPANS = new RegExp(
  `\\b(?:after|before|since|until|till|by|from) ${MONTH_DAY}|\\b(?:by then|not (?:left|ended|over|returned|finished)|still (?:there|running|open|valid|active)|(?:was|were|is|are) (?:running|valid|active))\\b`,
  'iu',
);
const ON_DAY = /===?\s*["'`](\d{4}-\d\d-\d\d)["'`]|["'`](\d{4}-\d\d-\d\d)["'`]\s*===?/g;

/** A day is compared with for equality alone, and the task asks for what lies on one side of it. */
function spanIgnored(code: string, task: string): Finding[] {
  if (!SPANS.test(task) || /[<>]=?\s*["'`]\d{4}-|["'`]\d{4}-[\d-]*["'`]\s*[<>]|[<>]=? new Date|getTime/.test(code))
    return [];
  const named = new Set([...writtenDates(task).map(({ iso }) => iso), ...(task.match(/\d{4}-\d\d-\d\d/g) ?? [])]);
  const day = [...code.matchAll(ON_DAY)].map(([, one, other]) => one ?? other ?? '').find((one) => named.has(one));
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

/** The task asks what was first or last in time, a table says when, and the program does not look. */
function timeIgnored(code: string, used: readonly DataVariable[], task: string): Finding[] {
  const fields = used.flatMap(({ shown = '' }) => [...shown.matchAll(SPAN)].map(([, field = '']) => field));
  if (fields.length === 0 || !IN_TIME.test(task)) return [];
  const words = new Set(code.match(/[\p{L}\p{N}_$]+/gu));
  if (fields.some((field) => words.has(field))) return [];
  return [
    {
      rule: 'time-ignored',
      severity: 'warn',
      message: 'The task asks what was first or last in time, and the program looks at no date.',
      remedy: `Compare ${fields.map((field) => `\`${field}\``).join(' or ')}.`,
    },
  ];
}

/** A time of day: "before 8 a.m.", "after 17:30", "from 9 o'clock on". */
const CLOCK =
  /\b(?:before|after|until|till|since|from|by|past|between) (\d{1,2})(?::(\d\d)\b|\s*([ap])\.?m\b|\s*o['’]clock\b)(?:\s*([ap])\.?m\b)?/iu;
/** Looks at the time within a date. */
const LOOKS_AT_CLOCK = /(?:slice|substring)\(\s*1[0-3]\b|split\(\s*["'`][T ]["'`]|get(?:UTC)?Hours|["'`]T?\d\d:\d\d/;

/** The task names a time of day and no day, a table has dates with times, and the program looks at no time alone. */
function clockIgnored(code: string, used: readonly DataVariable[], task: string): Finding[] {
  const [, hours, minutes = '00', half, alsoHalf] = CLOCK.exec(task) ?? [];
  const fields = used.flatMap(({ shown = '' }) =>
    [...shown.matchAll(SPAN)].filter(([, , first = '']) => /[T ]\d\d:/.test(first)).map(([, field = '']) => field),
  );
  const words = new Set(code.match(/[\p{L}\p{N}_$]+/gu));
  const field = fields.find((one) => words.has(one)) ?? fields[0];
  if (hours === undefined || field === undefined || LOOKS_AT_CLOCK.test(code)) return [];
  const afternoon = (half ?? alsoHalf)?.toLowerCase() === 'p' && Number(hours) < 12 ? 12 : 0;
  const time = `${String(Number(hours) + afternoon).padStart(2, '0')}:${minutes}`;
  return [
    {
      rule: 'clock-ignored',
      severity: 'warn',
      message: `The task names a time of day, ${time}, and the program looks at no time within \`${field}\`.`,
      remedy: `Compare \`${field}.slice(11, 16)\` with "${time}".`,
    },
  ];
}
