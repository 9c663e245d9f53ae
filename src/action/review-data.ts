/**
 * Judges how a program meets the data that the task is about: does it use the variables and the texts that the task names,
 * and does it compare with none that only the declarations' examples gave it?
 *
 * A small model passes over a filter ("all open orders") or takes an example for the thing asked for; the type checker
 * can see neither. Suspicions, not proofs: they warn, and weigh in the vote of candidates.
 *
 * @module
 */
import { monthNumber, wordsOf, writtenDates } from '../environment/index.ts';
import type { DataVariable, Finding } from '../record/index.ts';
import { comparisonsIn } from './compared.ts';
import type { History } from './history.ts';
import { withoutComments } from './numbers.ts';
import { wordsOf as stemsOf } from './rank.ts';
import { askedFindings } from './review-asked.ts';
import { comparedExamples, unheldTexts } from './review-compared.ts';
import { dateFindings } from './review-dates.ts';
import { groupsNotAdded } from './review-groups.ts';
import type { RuleName } from './rules.ts';
import { callsAnswer, textsIn, variablesIn } from './source-text.ts';
import {
  accessTo,
  columnsIn,
  conditionOf,
  fieldNamesIn,
  fieldsIn,
  foundBy,
  isLeftOut,
  isNumberName,
  optional,
  referencesOf,
  saidAs,
  usedIn,
  wordsOfField,
} from './task-columns.ts';

export interface DataCase {
  code: string;
  /** What ran before it for the same task: what was used there is used. */
  before?: string;
  data: ReadonlyMap<string, DataVariable>;
  task: string;
  /** What the run was told and saw: texts in it may be compared with. */
  told: readonly string[];
  on(rule: RuleName): boolean;
}

/** The programs of the current task that ran, one after another. */
export function programsOfTask({ decisions, programs }: History): string {
  const ran = decisions.map(({ seq }) => programs.get(seq)).filter((program) => program?.observation !== undefined);
  return ran.map((program) => program?.code).join('\n');
}

/** The findings of all rules on data. */
export function dataFindings({ code, before = '', data, task, told, on }: DataCase): Finding[] {
  const plain = withoutComments(code);
  const used = usedIn(plain, data);
  const all = `${withoutComments(before)}\n${plain}`;
  if (used.length === 0) return on('data-unread') ? unreadData(all, data, task) : [];
  return [
    ...(on('named-data-unused') ? unusedData(all, data, task) : []),
    ...(on('named-column-unused') ? columnsByName(all, data, task) : []),
    ...(on('named-text-unused')
      ? [...unusedTexts(all, used, task), ...unusedFlags(all, used, task), ...unusedMonths(all, used, task)]
      : []),
    ...(on('example-compared')
      ? comparedExamples(plain, used, [...told, ...writtenDates(task).map(({ iso }) => iso)], task)
      : []),
    ...(on('text-unheld') ? unheldTexts(plain, used, data, task) : []),
    ...(on('groups-not-added') ? groupsNotAdded({ code: all, used, task }) : []),
    ...askedFindings({ code: plain, all, used, task, on }),
    ...dateFindings({ code: all, used, task, on }),
  ];
}

/** The task names texts of the data, and the program answers with numbers that it was shown as examples of them. */
function unreadData(code: string, data: ReadonlyMap<string, DataVariable>, task: string): Finding[] {
  if (usedIn(code, data).length > 0 || !callsAnswer(code)) return [];
  const words = new Set(stemsOf(task));
  const meant = [...data.values()].filter(
    ({ name, named = [] }) => named.length > 0 || stemsOf(name).some((word) => words.has(word)),
  );
  if (meant.length === 0) return [];
  const names = meant.map(({ name }) => `\`${name}\``).join(', ');
  const message = 'The program answers, and reads none of the data.';
  return [{ rule: 'data-unread', severity: 'warn', message, remedy: `Read the values from ${names}.` }];
}

/** Says how something is sorted, and names no orders. */
const SORTING =
  /\b(?:in|by|of) (?:\p{L}+ )?order\b|\b(?:ascending|descending|alphabetical|chronological|numerical|reverse|sort) order\b/giu;

/** Variables that the task names, all words of their name, and that no program uses: "after tariff", and `tariffs` is there. */
function unusedData(code: string, data: ReadonlyMap<string, DataVariable>, task: string): Finding[] {
  const words = new Set(stemsOf(task.replace(SORTING, ' ')));
  const names = variablesIn(code);
  return [...data.keys()]
    .filter(
      (name) =>
        !names.has(name) &&
        !isAskedById(name, data, code, task) &&
        stemsOf(name).length > 0 &&
        stemsOf(name).every((word) => isSaid(word, words)),
    )
    .map((name) => ({
      rule: 'named-data-unused',
      severity: 'warn',
      message: `The task is about \`${name}\`, and the program does not use it.`,
      remedy: joinOf(name, [...data.values()]) ?? `Use \`${name}\`.`,
    }));
}

/** The program reads what names the rows, and the task asks for no more of them. */
function isAskedById(name: string, data: ReadonlyMap<string, DataVariable>, code: string, task: string): boolean {
  const fields = fieldNamesIn(code);
  const target = data.get(name);
  return referencesOf(data.values()).some(
    ({ variable, from, field, of = 'id' }) =>
      variable === name &&
      fields.has(field) &&
      (asksFor(of, task) || (target !== undefined && fields.has(from) && !asksMore(target, of, task))),
  );
}

/** "The id of the bike": `rental.bike` is just that. */
const asksFor = (of: string, task: string): boolean =>
  wordsOf(task).some((word) => word === of.toLowerCase() || word === `${of.toLowerCase()}s`);

const COUNTS_THEM = /\b(?:how many|number of|count)\b/i;
const IS_NAME = /name|title|label/i;

/** The task names something else of the rows; or wants them by a name, and what names them elsewhere is an id. */
function asksMore({ name, type, named = [] }: DataVariable, of: string, task: string): boolean {
  const words = new Set(stemsOf(task));
  const own = new Set(stemsOf(name));
  const others = fieldsIn(type).filter((field) => field !== of);
  if (named.some(({ at }) => at !== of)) return true;
  if (others.some((field) => stemsOf(field).some((word) => words.has(word) && !own.has(word)))) return true;
  return isNumberName(of) && !COUNTS_THEM.test(task) && others.some((field) => IS_NAME.test(field));
}

const STEM_CHARS = 4;
const ENDING_CHARS = 2;

/** As it is, or with an ending: what was `rented` stands in `rentals`. */
const isSaid = (word: string, words: ReadonlySet<string>): boolean =>
  words.has(word) ||
  [...words].some(
    (one) => one.length >= STEM_CHARS && word.startsWith(one) && word.length - one.length <= ENDING_CHARS,
  );

const COLUMN_WORDS = 2;

/** Columns of several words that the task names as they are, in data that no program has a word of. */
function columnsByName(code: string, data: ReadonlyMap<string, DataVariable>, task: string): Finding[] {
  const names = fieldNamesIn(code);
  const asked = ` ${wordsOf(task).join(' ')} `;
  const isNamed = (field: string) => {
    const words = wordsOfField(field);
    return words.length >= COLUMN_WORDS && asked.includes(` ${words.join(' ')} `);
  };
  return [...data.values()]
    .filter(({ name }) => !names.has(name))
    .flatMap(({ name, type }) => fieldsIn(type).map((field) => ({ name, field })))
    .filter(({ field }) => isNamed(field) && !names.has(field))
    .slice(0, 1)
    .map(({ name, field }) => ({
      rule: 'named-column-unused',
      severity: 'warn',
      message: `The task names \`${field}\`, a column of \`${name}\`, and the program does not use it.`,
      remedy: `Use \`${name}\`.`,
    }));
}

/** How the rows of the data are found by those that name them; or, of data whose rows name others, how those are found. */
function joinOf(name: string, data: readonly DataVariable[]): string | undefined {
  const joins = referencesOf(data).filter(({ from, variable }) => variable !== from);
  const join = joins.find(({ variable }) => variable === name) ?? joins.find(({ from }) => from === name);
  if (join === undefined) return undefined;
  const { from, field, list } = join;
  const row = /^[a-z]{3,}s$/.test(from) ? from.slice(0, -1) : 'row';
  const value = `${row}${accessTo(field)}`;
  if (list) return `For each \`name\` in \`${value}\` take \`${foundBy(join, 'name')}\`.`;
  return `For each \`${row}\` of \`${from}\` take \`${foundBy(join, value)}\`.`;
}

/** Texts of the data that the task names, and that the program has no word of. One that several fields hold needs one use. */
function unusedTexts(code: string, used: readonly DataVariable[], task: string): Finding[] {
  const words = new Set(wordsOf(code));
  const kept = new Set(comparisonsIn(code).flatMap(({ field, isOther }) => (isOther ? [] : [field])));
  const findings = new Map<string, Finding>();
  for (const { name, named = [] } of used) {
    const own = new Set(stemsOf(name));
    for (const one of named) {
      const { at, text } = one;
      const its = wordsOf(text);
      if (findings.has(text) || its.some((word) => words.has(word))) continue;
      // "The chat of the hiking group" is `hikingGroupChat`, whatever texts in it have of a group.
      if (one.part && (own.has(stemsOf(text)[0] ?? '') || isPlaceOfAny(text, task))) continue;
      const leftOut = isLeftOut(text, task);
      // Who keeps the rows that have another text leaves these out.
      if (leftOut && kept.has(at)) continue;
      const field = at === '' ? name : `${name}.${at}`;
      findings.set(text, {
        rule: 'named-text-unused',
        severity: 'warn',
        message: `The task names ${JSON.stringify(text)}, which ${field} holds, and the program does not use it.`,
        remedy: joinedCondition(name, one, used, leftOut) ?? conditionOn(name, one, leftOut),
      });
    }
  }
  return [...findings.values()];
}

/** "In a hotel" says what the places are; that some are called "Hotel" and others "Inn" tells them not apart. */
const isPlaceOfAny = (text: string, task: string): boolean =>
  /^\p{Lu}/u.test(text) && new RegExp(`\\b(?:in|at) an? ${text.toLowerCase()}\\b`, 'u').test(task);

/** A column that says yes or no of each row. */
const FLAG = String.raw`(?:(boolean)|string \/\* ("no" \| "yes"|"N" \| "Y"|"false" \| "true") \*\/)`;

/** Columns of yes and no that the task names ("in stock", "enabled") and that no program has a word of. */
function unusedFlags(code: string, used: readonly DataVariable[], task: string): Finding[] {
  const names = fieldNamesIn(code);
  const words = new Set(stemsOf(task));
  return used.flatMap(({ name, type, shown = type }) =>
    columnsIn(shown, FLAG).flatMap(({ field, said: [isBoolean, texts = ''] }): Finding[] => {
      const its = stemsOf(field);
      if (its.length === 0 || names.has(field) || !its.every((word) => words.has(word))) return [];
      const yes = textsIn(texts)[1] ?? '';
      const condition =
        isBoolean === undefined ? `row${accessTo(field)} === ${JSON.stringify(yes)}` : `row${accessTo(field)}`;
      return [
        {
          rule: 'named-text-unused',
          severity: 'warn',
          message: `The task names what \`${field}\` of \`${name}\` says, and the program does not use it.`,
          remedy: `Add a condition on it: \`${condition}\`, or its opposite.`,
        },
      ];
    }),
  );
}

/** So many columns named after months are a table with a column a month. */
const MONTH_COLUMNS = 3;
/** A word with a capital within a sentence, or a month that is nothing else. */
const CAPITALS = /(?<=[\p{L}\p{N},;:)] )\p{Lu}\p{Ll}{2,}/gu;

/** Months that a task names and data have a column for, where the program goes through no columns and has no word of it: "from March", `Mar`. */
function unusedMonths(code: string, used: readonly DataVariable[], task: string): Finding[] {
  const words = new Set(wordsOf(code));
  const asked = new Set([...task.matchAll(CAPITALS)].map(([word]) => monthNumber(word)).filter((month) => month > 0));
  if (asked.size === 0 || /Object\.(?:keys|values|entries)/.test(code)) return [];
  return used.flatMap(({ name, type }) => {
    const columns = [...new Set(fieldsIn(type))].filter((field) => monthNumber(field) > 0);
    if (columns.length < MONTH_COLUMNS) return [];
    return columns
      .filter((column) => asked.has(monthNumber(column)) && !words.has(column.toLowerCase()))
      .map((column): Finding => {
        const message = `The task names the month of \`${column}\`, a column of \`${name}\`, and the program does not use it.`;
        return { rule: 'named-text-unused', severity: 'warn', message, remedy: `Use \`${column}\`.` };
      });
  });
}

type Named = NonNullable<DataVariable['named']>[number];

/** The same on the rows of other data that name these. */
function joinedCondition(
  variable: string,
  named: Named,
  used: readonly DataVariable[],
  leftOut: boolean,
): string | undefined {
  const join = referencesOf(used).find((one) => one.variable === variable && one.from !== variable && !one.list);
  if (join === undefined || named.at === '' || named.at.includes('.') || named.list) return undefined;
  const found = `${foundBy(join, `row${accessTo(join.field)}`)}${optional(named.at)}`;
  return `Keep the rows of \`${join.from}\` with \`${conditionOf(found, named, leftOut)}\`.`;
}

/** The condition that is missing, as a program writes it. */
function conditionOn(variable: string, named: Named, leftOut: boolean): string {
  const { at } = named;
  const field = at === '' ? 'text' : (at.split('.').at(-1) as string);
  return `Add the condition \`${conditionOf(saidAs(field), named, leftOut)}\` on \`${variable}\`.`;
}
