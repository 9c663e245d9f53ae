/**
 * The columns of data as their types show them, and what a task says of them.
 *
 * @module
 */
import { type Reference, referencesIn } from '../environment/index.ts';
import type { DataVariable } from '../record/index.ts';
import { namesIn } from './source-text.ts';

/** The data that a program has a word of. */
export function usedIn(code: string, data: ReadonlyMap<string, DataVariable>): DataVariable[] {
  const names = namesIn(code);
  return [...data.values()].filter(({ name }) => names.has(name));
}

/** The names of the fields that a shown type has. */
export const fieldsIn = (shown: string): string[] =>
  [...shown.matchAll(/([\p{L}\p{N}_$]+)"?\??:/gu)].map(([, name = '']) => name);

/** As a program reads a field. */
export const accessTo = (field: string): string =>
  /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(field) ? `.${field}` : `[${JSON.stringify(field)}]`;

/** What columns of some data name rows of which. */
export const referencesOf = (data: Iterable<DataVariable>): (Reference & { from: string })[] =>
  [...data].flatMap(({ name: from, shown = '' }) => referencesIn(shown).map((reference) => ({ from, ...reference })));

/** The row that a reference names. */
export const foundBy = ({ variable, of }: Pick<Reference, 'variable' | 'of'>, value: string): string =>
  of === undefined ? `${variable}[${value}]` : `${variable}.find((one) => one${accessTo(of)} === ${value})`;

/** A field that holds an average or a share. */
export const SHARE_FIELD = /average|avg|mean|percent|share|ratio|proportion|fraction/i;

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
