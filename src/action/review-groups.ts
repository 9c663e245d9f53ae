/**
 * Judges how a program finds who has most in all, or the highest average: the rows of each are added up before any is compared. Small
 * models compare the rows; told how the groups are ranked, in the words of the data, they do it.
 *
 * @module
 */
import type { DataVariable, Finding } from '../record/index.ts';
import { wordsOf as stemsOf } from './rank.ts';
import { type DatesCase, missingMonth } from './review-dates.ts';
import { callsAnswer, namesIn, textsIn } from './source-text.ts';
import { accessTo, conditionOf, fieldsIn, isLeftOut, SHARE_FIELD } from './task-columns.ts';

/** A task that asks who has most in all: "the most hours", "the largest total of", "add up those of each day". */
const ADDED =
  /\b(?:most|fewest)\s+\p{L}+s\b|\bmost often\b|\b(?:highest|largest|greatest|lowest|smallest) (?:number|total|sum)\b|\badd(?:ed)? up\b.*\b(?:each|every|per)\b.*\b(?:most|least|fewest|highest|largest|lowest|smallest)\b/isu;
/** One that asks which of several has the highest average. */
const AVERAGED = /\bon average\b|\b(?:highest|largest|greatest|lowest|smallest) (?:average|mean)\b/i;
export const LEAST = /\b(?:fewest|least|lowest|smallest)\b/i;
const WHICH = /\b(?:which|who|whose|name the)\b/i;
/** What is asked for: "which room", "on which day", "the person with". */
const ASKED = /\b(?:which|what|who|name the)\s+(?:\p{L}+\s+)?(?:\p{L}+)/iu;
const PERSON = /\b(?:who|whose|person|people)\b/i;
/** Several may be the answer. */
const SHARED_PLACE = /\b(?:tied?|ties|share|equal|several|all (?:of them|\p{L}+s)|more than one)\b/iu;
/** A field that holds such a number. */
const ADDED_FIELD = /total|sum|count|number/i;
/** Something is kept for each of several: a map, an object by a field, the rows of one after another. */
const GROUPED =
  /groupBy|\bnew Map\b|\.set\(|\[[^\]\n]*\.[\p{L}_$][\w$]*\]|\[[a-z]\w*\]\s*(?:=|\+=|\?\?|\|\|)|\.filter\(\(?[\w$, {}]*\)?\s*=>[^;\n]*===?\s*[a-z]\w*(?:\.\w+)?\s*[),&|]/u;

export type GroupsCase = Omit<DatesCase, 'on'>;

/** What the most, or the highest average, is asked of is added up for each, unless the data hold it: the largest row is something else. */
export function groupsNotAdded(groups: GroupsCase): Finding[] {
  const { code, used, task } = groups;
  const averaged = isAveraged(task);
  const answers = callsAnswer(code);
  if (
    !answers ||
    GROUPED.test(code) ||
    used.some((table) => usesList(code, table)) ||
    !(averaged || ADDED.test(task)) ||
    /\bsingle\b/i.test(task)
  )
    return [];
  const holds = averaged ? SHARE_FIELD : ADDED_FIELD;
  if (used.some(({ type }) => fieldsIn(type).some((field) => holds.test(field)))) return [];
  const what = averaged ? 'highest average of several' : 'most in all';
  const message = `The task asks for the ${what}, and the program keeps nothing for each of them.`;
  const remedy = howToRank(groups) ?? 'First add up the rows of each, then compare.';
  return [{ rule: 'groups-not-added', severity: 'warn', message, remedy }];
}

/** Rows that hold lists are groups already: `school.pupils.length`, `for (const pupil of school.pupils)`. */
const usesList = (code: string, table: DataVariable): boolean =>
  listsIn(table).some(({ field }) => new RegExp(`\\.${field}\\b`).test(code));

/** The lists that each row of a table holds, with the type of what stands in them. */
function listsIn({ type }: DataVariable): { field: string; inner: string }[] {
  if (!/^\{.*\}\[\]$/s.test(type)) return [];
  return [...type.matchAll(/([\p{L}_$][\p{L}\p{N}_$]*)\??: (\{[^{}]*\}|string|number)\[\]/gu)].map(
    ([, field = '', inner = '']) => ({ field, inner }),
  );
}

/** How rows that hold lists are ranked: by how long the list is that the task names, or by what it adds up to. */
function rankedLists(table: DataVariable, task: string): string | undefined {
  const words = new Set(stemsOf(task));
  const list = listsIn(table).find(({ field }) => stemsOf(field).some((word) => words.has(word)));
  const outer = { ...table, type: table.type.replace(/\{[^{}]*\}\[\](?=[;\s])/g, 'any') };
  const by = groupField(outer, task);
  if (list === undefined || by === undefined) return undefined;
  const numbers = [...list.inner.matchAll(/([\p{L}_$][\p{L}\p{N}_$]*): number/gu)].map(([, field = '']) => field);
  const value = numbers.find((field) => stemsOf(field).some((word) => words.has(word)));
  const rows = `row.${list.field}`;
  const of = value === undefined ? `${rows}.length` : `${rows}.reduce((sum, one) => sum + one.${value}, 0)`;
  return `${table.name}.map((row) => ({ name: row${accessTo(by)}, of: ${of} }))`;
}

const isAveraged = (task: string) => AVERAGED.test(task) && WHICH.test(task);

/**
 * How what the task asks for is ranked, where it asks for the most, the fewest or the highest average of several: groups by the column that it
 * asks for, of the rows that its month and its texts keep; by their number, or by the sum or the mean of the column of numbers that it names.
 */
export function howToRank({ code, used, task }: GroupsCase): string | undefined {
  const averaged = isAveraged(task);
  if (!averaged && !ADDED.test(task)) return undefined;
  for (const table of used) {
    const lists = averaged ? undefined : rankedLists(table, task);
    if (lists !== undefined) return rankedText(`${lists}.sort((a, b) => ${orderOf(task)})`, task);
    const by = groupField(table, task);
    if (by === undefined) continue;
    const value = valueField(table, task, averaged, by);
    if (averaged && value === undefined) continue;
    const conditions = conditionsOf(code, table, task, by);
    if (value?.isNullable) conditions.push(`row${accessTo(value.field)} !== null`);
    const rows = conditions.length === 0 ? table.name : `${table.name}.filter((row) => ${conditions.join(' && ')})`;
    const sum = value && `rows.reduce((sum, row) => sum + row${accessTo(value.field)}, 0)`;
    const of = sum === undefined ? 'rows.length' : averaged ? `${sum} / rows.length` : sum;
    const groups = `Object.entries(Object.groupBy(${rows}, (row) => row${accessTo(by)}))`;
    return rankedText(
      `${groups}.map(([name, rows = []]) => ({ name, of: ${of} })).sort((a, b) => ${orderOf(task)})`,
      task,
    );
  }
  return undefined;
}

const orderOf = (task: string) => (LEAST.test(task) ? 'a.of - b.of' : 'b.of - a.of');

function rankedText(ranked: string, task: string): string {
  const first = SHARED_PLACE.test(task)
    ? '`ranked.filter((one) => one.of === ranked[0].of).map((one) => one.name)`'
    : '`ranked[0].name`';
  return `Rank the groups: \`const ranked = ${ranked};\` Then ${first}.`;
}

/** The column of texts that the task asks for. */
function groupField({ type }: DataVariable, task: string): string | undefined {
  if (!/\}\[\]$/.test(type)) return undefined;
  const fields = fieldsIn(type);
  const words = new Set(stemsOf(ASKED.exec(task)?.[0] ?? ''));
  const asked = fields.find((one) => stemsOf(one).some((word) => words.has(word)));
  return asked ?? (PERSON.test(task) ? fields.find((field) => /^(?:name|person|who)$/i.test(field)) : undefined);
}

/** The column of numbers that is added up: the one that the task names; for an average the only one there is. */
function valueField({ type }: DataVariable, task: string, averaged: boolean, by: string) {
  const columns = [...type.matchAll(/([\p{L}\p{N}_$]+)"?(\?)?: (number(?: \| null)?)(?=[;\s}])/gu)]
    .map(([, field = '', optional, its = '']) => ({ field, isNullable: optional === '?' || its !== 'number' }))
    .filter(({ field }) => field !== by);
  const words = new Set(stemsOf(task));
  const named = columns.find(({ field }) => stemsOf(field).some((word) => words.has(word)));
  return named ?? (averaged && columns.length === 1 ? columns[0] : undefined);
}

/** Which rows count: those of the task's month and texts, and those that the program itself keeps. */
function conditionsOf(code: string, table: DataVariable, task: string, by: string): string[] {
  const month = missingMonth('', [table], task);
  const texts = (table.named ?? []).flatMap((named) => {
    const field = named.at.split('.').at(-1) ?? '';
    return field === '' ? [] : conditionOf(`row${accessTo(field)}`, named, isLeftOut(named.text, task));
  });
  return [
    ...new Set([
      ...(month === undefined ? [] : [`row.${month.condition}`]),
      ...texts,
      ...ownConditions(code, table, task, by),
    ]),
  ];
}

const KEEPS = [
  'startsWith',
  'endsWith',
  'includes',
  'toLowerCase',
  'slice',
  'null',
  'undefined',
  'true',
  'false',
  'Date',
];

/** Conditions on the rows of a table alone that a program keeps them by; not those on what it groups by, or compares as it goes. */
function ownConditions(code: string, { name, type, shown = '' }: DataVariable, task: string, by: string): string[] {
  const loop = new RegExp(`\\b(?:const|let)\\s+([\\w$]+)\\s+of\\s+${name}\\s*\\)\\s*\\{?\\s*if\\s*\\(`).exec(code);
  const filter = new RegExp(`(?<![\\w$])${name}\\s*\\.filter\\(\\s*\\(?([\\w$]+)\\)?\\s*=>`).exec(code);
  const found = loop ?? filter;
  if (found === null) return [];
  const [all, row = ''] = found;
  const known = new Set([row, ...fieldsIn(type), ...KEEPS]);
  known.delete(by);
  const isOfRow = (text: string) => [...namesIn(text.replace(/(["'`]).*?\1/g, ''))].every((word) => known.has(word));
  // A text that neither the task nor the data have would keep no row.
  const isTold = (text: string) =>
    textsIn(text).every((one) => task.toLowerCase().includes(one.toLowerCase()) || shown.includes(JSON.stringify(one)));
  return upToEnd(code.slice(found.index + all.length))
    .split('&&')
    .map((text) => text.trim())
    .filter((text) => text !== '' && !/[{}]|\|\||=>/.test(text) && isOfRow(text) && isTold(text))
    .map((text) =>
      text.replaceAll(new RegExp(`(?<![\\w$.])${row.replaceAll('$', '\\$')}\\.`, 'g'), 'row.').replaceAll("'", '"'),
    );
}

/** As far as the parenthesis around it goes. */
function upToEnd(text: string): string {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth < 0) return text.slice(0, at);
  }
  return '';
}
