/**
 * Judges whether a program does what the words of the task ask for: a mean, a share, different ones, a column by its name.
 *
 * @module
 */
import { monthNumber } from '../environment/index.ts';
import type { DataVariable, Finding } from '../record/index.ts';
import { wordsOf as stemsOf } from './rank.ts';
import type { RuleName } from './rules.ts';
import { callsAnswer, textsIn, withoutLiterals } from './source-text.ts';
import {
  accessTo,
  columnsIn,
  fieldNamesIn,
  fieldsIn,
  holdsShare,
  isNumberName,
  referencesOf,
  saidAs,
} from './task-columns.ts';

export interface AskedCase {
  /** Without comments. */
  code: string;
  /** With what ran before it for the same task. */
  all: string;
  used: readonly DataVariable[];
  task: string;
  on(rule: RuleName): boolean;
}

/** The findings of all rules on what is asked for. */
export function askedFindings({ code, all, used, task, on }: AskedCase): Finding[] {
  return [
    ...(on('share-unworked') ? shareUnworked(all, used, task) : []),
    ...(on('same-counted') ? sameCounted(all, used, task) : []),
    ...(on('named-column-unused') ? unusedColumns(all, used, task) : []),
    ...(on('counted-twice') ? countedTwice(code) : []),
    ...(on('place-ignored') ? placeIgnored(code, task) : []),
    ...(on('surname-whole') ? wholeSurnames(all, used, task) : []),
  ];
}

/** A task that asks for an average or a share. */
const SHARED = /\baveraged?\b|\b(?:what|which|how many|the|a) (?:percentage|percent|share|proportion|fraction)\b/i;
const PERCENTAGE = /\b(?:what|which|how many|the|a) (?:percentage|percent)\b/i;
const MEAN = /\bmean\b/i;
/** "What does the code E2 mean?", "that may mean that": no mean. */
const MEANS =
  /\b(?:do|does|did|would|could|can|may|might|will) (?:[^\s.?!]+ ){0,6}(?<!\b(?:the|an?|its|their|each|highest|lowest|largest|smallest) |['’]s )mean\b|\bmean (?:that|by|to)\b/i;

const asksForShare = (task: string): boolean => SHARED.test(task) || (MEAN.test(task) && !MEANS.test(task));

/** An average or a share is a division, and a percentage has a hundred in it, unless the data hold it. */
function shareUnworked(code: string, used: readonly DataVariable[], task: string): Finding[] {
  const answers = callsAnswer(code);
  const plain = withoutLiterals(code);
  if (!answers || !asksForShare(task) || used.some(({ type }) => fieldsIn(type).some(holdsShare))) return [];
  const finding = (message: string, remedy: string): Finding[] => [
    { rule: 'share-unworked', severity: 'warn', message, remedy },
  ];
  if (!plain.includes('/')) {
    const message = 'The task asks for an average or a share, and the program divides nothing.';
    return finding(message, 'Divide the total by the count.');
  }
  if (!PERCENTAGE.test(task) || /\b100\b/.test(plain)) return [];
  return finding('The task asks for a percentage.', 'Divide the part by the whole, times 100.');
}

/** Units that a column has in its name and a task says otherwise, and words that say nothing of a column. */
const UNIT = /^(?:eur|euro|usd|gbp|chf|kg|g|km|m|gb|mb|ms|min|pct|percent)$/;
const SAYS_NOTHING = /^(?:id|no|nr|number|day|year|month|total|count|sum|row|age)$/;

/** Columns of numbers that the task names, and that no program has a word of: "the mean of the litres", `row.litres`. */
function unusedColumns(code: string, used: readonly DataVariable[], task: string): Finding[] {
  const names = fieldNamesIn(code);
  const words = new Set(stemsOf(task));
  const references = new Set(referencesOf(used).map(({ from, field }) => `${from}.${field}`));
  const isNamed = (field: string) => {
    const its = stemsOf(field).filter((word) => !UNIT.test(word));
    return its.length > 0 && its.every((word) => words.has(word)) && !its.every((word) => SAYS_NOTHING.test(word));
  };
  for (const { name, type } of used) {
    const amounts = columnsIn(type, String.raw`number\b`)
      .map(({ field }) => field)
      .filter((field) => !isNumberName(field) && !references.has(`${name}.${field}`));
    const fields = amounts.filter(isNamed);
    // Another column of that name, or of those that are named, is the one that is meant.
    const [field] = fields.some((one) => names.has(one)) ? [] : fields;
    if (field === undefined) continue;
    // "Paid most for rooms": each is a `room`, and what was paid stands in another column, which the program has.
    if (isThing(field, task) && amounts.some((one) => one !== field && names.has(one))) continue;
    const message = `The task names \`${field}\`, a column of \`${name}\`, and the program does not use it.`;
    return [
      { rule: 'named-column-unused', severity: 'warn', message, remedy: `Use \`${saidAs(field)}\` of its rows.` },
    ];
  }
  return [];
}

/** The column has it in the singular, and the task in the plural alone. */
function isThing(field: string, task: string): boolean {
  const has = (word: string) => new RegExp(`(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`, 'iu').test(task);
  return /^\p{L}+$/u.test(field) && !has(field) && has(`${field}e?s`);
}

const UP = String.raw`([\p{L}_$][\w$]*)[ \t]*(?:\+\+|\+=[ \t]*1\b)`;
const TOGETHER = new RegExp(String.raw`(?<![\w$.])${UP}[ \t]*[;,\n]\s*${UP}`, 'gu');

/** `a++; b++; … answer(a + b)`: each is counted twice. */
function countedTwice(code: string): Finding[] {
  const pair = [...code.matchAll(TOGETHER)].find(([, one, other]) =>
    [`${one} + ${other}`, `${other} + ${one}`].some((sum) => code.includes(sum)),
  );
  if (pair === undefined) return [];
  const [, one = '', other = ''] = pair;
  const message = `\`${one}\` and \`${other}\` count the same rows, and are added to each other.`;
  return [{ rule: 'counted-twice', severity: 'warn', message, remedy: `Use \`${one}\` alone.` }];
}

/** How many different ones: "how many different customers", "each counted once". */
const DIFFERENT =
  /\b(?:how many|number of|count(?: the)?) (?:different|distinct|unique) (\p{L}+)|\beach (?:\p{L}+ )?(?:is |are )?counted (?:only |just )?once\b|\bcount(?:ing)? each (?:\p{L}+ )?(?:only |just )?once\b/iu;
/**
 * Keeps what it has seen by a key, or looks for it: `seen[o.customer] = true`, `{ ...all, [o.customer]: 1 }`, `names.includes(o.customer)`,
 * `o.customer in seen`, the one before. Not `kind.includes("night")`.
 */
const TOLD_APART =
  /new (?:Set|Map)\b|groupBy|fromEntries|(?:indexOf|findIndex|findLastIndex)\s*\(|\.(?:some|every|has|find)\s*\(|\.includes\(\s*(?!["'`])|(?<=[\w$\])])\[[^\]\n]+\]\s*(?:=(?![=>])|\+\+|\+=|\|\|=|\?\?=)|[{,]\s*\[[^\]\n]+\]\s*:|\[\s*[\w$]+\s*[-+]\s*1\s*\]|(?<!\b(?:const|let|var)\s+[\w$]+)\s+in\s+[\w$]/i;
const KEYS_OF = /Object\.(?:keys|entries|values)\(\s*([\p{L}_$][\w$]*)\s*\)/gu;

const tellsApart = (code: string, used: readonly DataVariable[]): boolean =>
  TOLD_APART.test(withoutLiterals(code)) || /\bdistinct\b/i.test(code) || readsKeys(code, used);

/** The keys of an object of the data are different ones; those of a list are the places of all rows. */
const readsKeys = (code: string, used: readonly DataVariable[]): boolean =>
  [...code.matchAll(KEYS_OF)].some(([, name]) => used.some((one) => one.name === name && !one.type.endsWith('[]')));

/** Different ones are asked for, and the program that counts tells none of them apart. */
function sameCounted(code: string, used: readonly DataVariable[], task: string): Finding[] {
  const [asked, what = ''] = DIFFERENT.exec(task) ?? [];
  if (asked === undefined || tellsApart(code, used) || !callsAnswer(code)) return [];
  const words = new Set(stemsOf(what === '' ? task : what));
  const field = used.flatMap(({ type }) => fieldsIn(type)).find((one) => stemsOf(one).some((word) => words.has(word)));
  const message = 'The task asks how many different ones there are, and the program counts rows.';
  const remedy = `Count \`new Set(rows.map((row) => row${field === undefined ? '.…' : accessTo(field)})).size\`.`;
  return [{ rule: 'same-counted', severity: 'warn', message, remedy }];
}

/** What a text is to begin or to end with: "a surname that begins with an H", "codes that start with "ERR-"". */
const PLACED =
  /\b(begin|start|end)(?:s|ning|ing)? (with|in) (?:(?:the|an?) )?(?:(?:letter|word|text|prefix|suffix|digit) )?(?:["“”'‘`]([^"“”'’`\n]+)["”'’`]|([\p{L}\p{N}]+(?:[-_][\p{L}\p{N}]+)*-?))/giu;
/** Looks for a text wherever it is: `.includes("A")`, `.indexOf("A") >= 0`. */
const ANYWHERE =
  /\.includes\(\s*("[^"\n]*"|'[^'\n]*'|`[^`\n]*`)|\.indexOf\(\s*("[^"\n]*"|'[^'\n]*'|`[^`\n]*`)\s*\)\s*(?:>=?|!==?)\s*-?[01]\b/g;

/** A text that is to begin or to end with something is not one that holds it anywhere. */
function placeIgnored(code: string, task: string): Finding[] {
  const anywhere = [...code.matchAll(ANYWHERE)].flatMap(([, one, other = '']) => textsIn(one ?? other));
  const found = new Set(anywhere.map((text) => text.toLowerCase()));
  return [...task.matchAll(PLACED)].flatMap(([, place = '', by, quoted, word = '']): Finding[] => {
    const sought = quoted ?? word;
    if (!found.has(sought.toLowerCase()) || (by === 'in' && isTime(sought))) return [];
    const ends = place.toLowerCase() === 'end';
    const message = `The task asks what ${ends ? 'ends' : 'begins'} with ${JSON.stringify(sought)}, and the program looks for it anywhere.`;
    const remedy = `Use ${ends ? 'endsWith' : 'startsWith'}, on the word that is meant.`;
    return [{ rule: 'place-ignored', severity: 'warn', message, remedy }];
  });
}

/** "Contracts that end in 2027", "in May". */
const isTime = (text: string): boolean => /^(?:19|20)\d\d/.test(text) || monthNumber(text) > 0;

const SURNAME = /\b(?:surname|family name|last name)s?\b/i;
/** Takes a part of a text, or looks for what stands after a space. */
const PARTS = /\.(?:split|match|lastIndexOf|slice|substring|replace|test|exec)\s*\(|["'`] /;

/** A task about surnames, data that have the whole name alone, and a program that takes no part of a text. */
function wholeSurnames(code: string, used: readonly DataVariable[], task: string): Finding[] {
  const fields = used.flatMap(({ type }) => fieldsIn(type));
  const whole = fields.find((field) => /name$/i.test(field));
  const isOwn = fields.some((field) => /sur_?name|family|last_?name/i.test(field));
  if (whole === undefined || isOwn || !SURNAME.test(task) || PARTS.test(code)) return [];
  const standsFirst = used.some((one) => begins(one, whole));
  if (standsFirst && /\.startsWith\(|["'`]\p{L}[^"'`\n]*,/u.test(code)) return [];
  const part = standsFirst ? `split(',')[0]` : `split(' ').at(-1)`;
  const message = `The task is about surnames, and the program takes \`${whole}\` whole.`;
  const remedy = `The surname is its ${standsFirst ? 'first part' : 'last word'}: \`${saidAs(whole)}.${part}\`.`;
  return [{ rule: 'surname-whole', severity: 'warn', message, remedy }];
}

/** The names that the declaration shows begin with the surname: "Rossi, Hana". */
const begins = ({ doc, shown = '' }: DataVariable, field: string): boolean =>
  doc.includes(`${JSON.stringify(field)}:"`)
    ? /^[^"]*\p{L}, \p{L}/u.test(doc.split(`${JSON.stringify(field)}:"`)[1] ?? '')
    : columnsIn(shown, String.raw`string \/\* "\p{L}+, \p{L}`).some((one) => one.field === field);
