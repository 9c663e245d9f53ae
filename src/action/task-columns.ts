/**
 * The columns of data as their types show them, and what a task says of them.
 *
 * @module
 */
import { type Reference, referencesIn, wordsOf } from '../environment/index.ts';
import type { DataVariable } from '../record/index.ts';
import { wordsOf as stemsOf } from './rank.ts';
import { namesIn, textsIn } from './source-text.ts';

/** The data that a program has a word of. */
export function usedIn(code: string, data: ReadonlyMap<string, DataVariable>): DataVariable[] {
  const names = namesIn(code);
  return [...data.values()].filter(({ name }) => names.has(name));
}

/** The names of fields that a program may read: `row.day`, `row["Cost Centre"]`. */
export const fieldNamesIn = (code: string): Set<string> => new Set([...namesIn(code), ...textsIn(code)]);

/** A column as a shown type has it. */
export interface Column {
  field: string;
  isOptional: boolean;
  /** What the pattern of its kind holds. */
  said: (string | undefined)[];
}

const FIELD = String.raw`(?<=[{;]\s*)([\p{L}\p{N}_$]+|"(?:[^"\\]|\\.)*")(\?)?:\s*`;

/** The columns of a shown type that are of a kind: `number\b`. A name may be quoted: `"Cost Centre"`. */
export const columnsIn = (shown: string, kind: string): Column[] =>
  [...shown.matchAll(new RegExp(FIELD + kind, 'gu'))].map(([, name = '', optional, ...said]) => ({
    field: name.startsWith('"') ? (JSON.parse(name) as string) : name,
    isOptional: optional !== undefined,
    said,
  }));

const COMMENT = /\/\*.*?\*\//gs;

/** The names of the fields that a shown type has. */
export const fieldsIn = (shown: string): string[] =>
  columnsIn(shown.replace(COMMENT, ''), '').map(({ field }) => field);

/** The columns that hold texts. */
export const textFieldsIn = (shown: string): string[] =>
  columnsIn(shown.replace(COMMENT, ''), String.raw`string\b(?!\[)`).map(({ field }) => field);

/** As a program reads a field. */
export const accessTo = (field: string): string =>
  /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(field) ? `.${field}` : `[${JSON.stringify(field)}]`;

/** The same of a row that there may not be. */
export const optional = (field: string): string => `?.${accessTo(field).replace(/^\./, '')}`;

/** What columns of some data name rows of which. */
export const referencesOf = (data: Iterable<DataVariable>): (Reference & { from: string })[] =>
  [...data].flatMap(({ name: from, shown = '' }) => referencesIn(shown).map((reference) => ({ from, ...reference })));

/** The row that a reference names. */
export const foundBy = ({ variable, of }: Pick<Reference, 'variable' | 'of'>, value: string): string =>
  of === undefined ? `${variable}[${value}]` : `${variable}.find((one) => one${accessTo(of)} === ${value})`;

export const wordsOfField = (field: string): string[] => wordsOf(field.replaceAll('_', ' '));

/** As a sentence has a field: `day`, or `row["Invoice date"]` where it has no name of its own. */
export const saidAs = (field: string): string => accessTo(field).replace(/^\./, '').replace(/^\[/, 'row[');

const SHARES = new Set(stemsOf('average avg mean percent pct percentage share ratio proportion fraction'));

/** A field that holds an average or a share, by a whole word of it: `duration` has no ratio. */
export const holdsShare = (field: string): boolean => stemsOf(field).some((word) => SHARES.has(word));

/** A field that says which one, and not how much: `order_id`, `room no`. */
export const isNumberName = (field: string): boolean => /^(?:ids?|nos?|nr|numbers?|code)$/.test(lastWord(field));

const lastWord = (field: string): string =>
  field
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
    ?.at(-1) ?? '';

const LIKE_CHARS = 5;

/** Two stems of one word: of "delivered" and "delivery", of "cancelled" and "cancellations". */
export const areLike = (one: string, other: string): boolean =>
  one === other ||
  (Math.min(one.length, other.length) >= LIKE_CHARS && (one.startsWith(other) || other.startsWith(one)));

const WITHOUT =
  /\b(?:leav(?:e|ing) out|left out|without|except|exclud(?:e|ing)|ignor(?:e|ing)|skip(?:ping)?|not counting|other than|neither|nor)\b/i;

/** The clause that names the text says that such rows do not count. */
export function isLeftOut(text: string, task: string): boolean {
  const clauses = task.split(/[.;:?!\n]/).map((clause) => clause.toLowerCase().split(text.toLowerCase()));
  const [before = '', ...after] = clauses.find((parts) => parts.length > 1) ?? [];
  return WITHOUT.test(before) || (/\bleav(?:e|ing)\b/.test(before) && /\bout\b/.test(after.join(text)));
}

/** The condition that keeps the rows whose `read` has a text of the task, or leaves them out. */
export function conditionOf(
  read: string,
  { text, part, list }: { text: string; part?: true | undefined; list?: true | undefined },
  leftOut: boolean,
): string {
  const quoted = JSON.stringify(text);
  if (list)
    return `${leftOut ? '!' : ''}${read}.${part ? `some((one) => one.includes(${quoted}))` : `includes(${quoted})`}`;
  if (part) return `${leftOut ? '!' : ''}${read}.includes(${quoted})`;
  return `${read} ${leftOut ? '!==' : '==='} ${quoted}`;
}

/** The task leaves out, or denies, what the words of a text say: "not cancelled", "leaving out cancellations". */
export function isDenied(text: string, task: string): boolean {
  const its = stemsOf(text);
  const words = task.match(/[\p{L}\p{N}]+/gu) ?? [];
  const word = words.find((one) => stemsOf(one).some((stem) => its.some((other) => areLike(stem, other))));
  if (word === undefined) return false;
  return (
    isLeftOut(word, task) ||
    new RegExp(`(?:\\b(?:not|never|no)|n['’]t)\\s+(?:\\p{L}+\\s+){0,2}${word}\\b`, 'iu').test(task)
  );
}
