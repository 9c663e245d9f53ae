/**
 * How groups are ranked, in the words of the data: small models that compare rows where groups are to be added up do it when they are told.
 *
 * @module
 */
import type { DataVariable } from '../record/index.ts';
import { wordsOf as stemsOf } from './rank.ts';
import { type DatesCase, missingMonth } from './review-dates.ts';
import { namesIn, textsIn } from './source-text.ts';
import {
  accessTo,
  columnsIn,
  conditionOf,
  fieldsIn,
  isLeftOut,
  isNumberName,
  referencesOf,
  textFieldsIn,
} from './task-columns.ts';

/** A task that asks who has most in all: "the most hours", "the largest total of". */
const ADDED =
  /\b(?:most|fewest)\s+\p{L}+s\b|\bmost often\b|\b(?:highest|largest|greatest|lowest|smallest) (?:number|total|sum)\b/iu;
/** "Add up those of each day: which is the largest?", one after another. */
const ADDED_UP = [
  /\badd(?:ed)? up\b/giu,
  /\b(?:each|every|per)\b/giu,
  /\b(?:most|least|fewest|highest|largest|lowest|smallest)\b/giu,
];
/** One that asks which of several has the highest average. */
const AVERAGED = /\bon average\b|\b(?:highest|largest|greatest|lowest|smallest) (?:average|mean)\b/i;
export const LEAST = /\b(?:fewest|least|lowest|smallest)\b/i;
const WHICH = /\b(?:which|who|whose|name the)\b/i;
/** What is asked for: "which room", "on which day", "the person with". */
const ASKED =
  /\b(which|what|who|name the)\s+(?:(?:one )?of (?:the|these|those|all|our)\s+(?:\d+\s+)?)?((?:\p{L}+\s+)?\p{L}+)/iu;
const PERSON = /\b(?:who|whose|person|people)\b/i;
/** Several may be the answer. */
const SHARED_PLACE = /\b(?:tied?|ties|share|equal|several|all (?:of them|\p{L}+s)|more than one)\b/iu;
export type GroupsCase = Omit<DatesCase, 'on'>;

export const isAdded = (task: string): boolean => ADDED.test(task) || standInTurn(task, ADDED_UP);

/** Each is looked for behind the one before, once: one pattern of all of them takes seconds on a long text. */
function standInTurn(text: string, patterns: readonly RegExp[]): boolean {
  let from = 0;
  return patterns.every((pattern) => {
    const found = text.slice(from).search(new RegExp(pattern, 'iu'));
    from += found + 1;
    return found >= 0;
  });
}

/** The lists that each row of a table holds, with the type of what stands in them. */
export function listsIn({ type }: DataVariable): { field: string; inner: string }[] {
  if (!/^\{.*\}\[\]$/s.test(type)) return [];
  return [...type.matchAll(/([\p{L}_$][\p{L}\p{N}_$]*)\??: (\{[^{}]*\}|string|number)\[\]/gu)].map(
    ([, field = '', inner = '']) => ({ field, inner }),
  );
}

/** How rows that hold lists are ranked: by how long the list is that the task names, or by what it adds up to. */
function rankedLists(table: DataVariable, task: string): string | undefined {
  const words = new Set(stemsOf(task));
  const list = listsIn(table).find(({ field }) => stemsOf(field).some((word) => words.has(word)));
  const by = groupField(table, task);
  if (list === undefined || by === undefined) return undefined;
  const numbers = columnsIn(list.inner, String.raw`number\b`).map(({ field }) => field);
  const value = numbers.find((field) => stemsOf(field).some((word) => words.has(word)));
  const rows = `row${accessTo(list.field)}`;
  const of = value === undefined ? `${rows}.length` : `${rows}.reduce((sum, one) => sum + one${accessTo(value)}, 0)`;
  return `${table.name}.map((row) => ({ name: row${accessTo(by)}, of: ${of} }))`;
}

export const isAveraged = (task: string) => AVERAGED.test(task) && WHICH.test(task);

/**
 * How what the task asks for is ranked, where it asks for the most, the fewest or the highest average of several: groups by the column that it
 * asks for, of the rows that its month and its texts keep; by their number, or by the sum or the mean of the column of numbers that it names.
 */
export function howToRank({ code, used, task }: GroupsCase): string | undefined {
  const averaged = isAveraged(task);
  if (!averaged && !isAdded(task)) return undefined;
  for (const table of used) {
    const lists = averaged ? undefined : rankedLists(table, task);
    if (lists !== undefined) return rankedText(`${lists}.sort((a, b) => ${orderOf(task)})`, task);
    const by = groupField(table, task);
    if (by === undefined) continue;
    const value = valueField(table, used, task, by);
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

/** The word that asks, and the words that say for what. */
export function askedFor(task: string): { by: string; words: string[] } {
  const [, by = '', words = ''] = ASKED.exec(task) ?? [];
  return { by: by.toLowerCase(), words: stemsOf(words) };
}

/** What the rows hold themselves, and not in lists. */
const ofRows = (type: string): string => type.replace(/\{[^{}]*\}\[\](?=[;\s])/g, 'any');

/**
 * The column that the task asks for: of texts; or of numbers where nothing else stands between, as in "which year". In "which person sold the
 * most" `sold` is no group.
 */
export function groupField({ type }: Pick<DataVariable, 'type'>, task: string): string | undefined {
  if (!/\}\[\]$/.test(type)) return undefined;
  const { by, words } = askedFor(task);
  const texts = textFieldsIn(ofRows(type));
  const called = (fields: readonly string[], word: string) => fields.find((field) => stemsOf(field).includes(word));
  for (const word of words) {
    const field = called(texts, word);
    if (field !== undefined) return field;
  }
  const numbers = columnsIn(ofRows(type), String.raw`number\b`).map(({ field }) => field);
  const numbered = /^wh(?:ich|at)$/.test(by) && words[0] !== undefined ? called(numbers, words[0]) : undefined;
  return numbered ?? (PERSON.test(task) ? texts.find((field) => /^(?:name|person|who)$/i.test(field)) : undefined);
}

/** The column of numbers that is added up: the one that the task names; for an average the only one there is. Never what only says which. */
function valueField({ name, type }: DataVariable, used: readonly DataVariable[], task: string, by: string) {
  const names = referencesOf(used).flatMap(({ from, field, variable, of }) => [
    ...(from === name ? [field] : []),
    ...(variable === name ? [of] : []),
  ]);
  const columns = columnsIn(ofRows(type), String.raw`number( \| null)?(?=[;\s}])`)
    .map(({ field, isOptional, said: [orNull] }) => ({ field, isNullable: isOptional || orNull !== undefined }))
    .filter(({ field }) => field !== by && !isNumberName(field) && !names.includes(field));
  const words = new Set(stemsOf(task));
  const named = columns.find(({ field }) => stemsOf(field).some((word) => words.has(word)));
  return named ?? (isAveraged(task) && columns.length === 1 ? columns[0] : undefined);
}

/** Which rows count: those of the task's month and texts, and those that the program itself keeps. */
function conditionsOf(code: string, table: DataVariable, task: string, by: string): string[] {
  const month = missingMonth('', [table], task);
  return [
    ...new Set([
      ...(month === undefined ? [] : [`row${accessTo(month.field)}${month.test}`]),
      ...namedConditions(table, task),
      ...ownConditions(code, table, task, by),
    ]),
  ];
}

/** Rows with the texts that the task names. No cell is two texts at once: of one column either is meant. */
function namedConditions({ named = [] }: DataVariable, task: string): string[] {
  const either = new Map<string, string[]>();
  for (const one of named) {
    const field = one.at.split('.').at(-1) ?? '';
    if (field === '') continue;
    const leftOut = isLeftOut(one.text, task);
    const condition = conditionOf(`row${accessTo(field)}`, one, leftOut);
    const key = leftOut || one.part || one.list ? condition : `of ${field}`;
    either.set(key, [...(either.get(key) ?? []), condition]);
  }
  return [...either.values()].map((conditions) =>
    conditions.length === 1 ? (conditions[0] as string) : `(${conditions.join(' || ')})`,
  );
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
      text.replaceAll(new RegExp(`(?<![\\w$.])${row.replaceAll('$', '\\$')}(?=[.[])`, 'g'), 'row').replaceAll("'", '"'),
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
