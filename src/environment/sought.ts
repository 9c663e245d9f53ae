/**
 * What a task looks for, by its own words: names, quoted texts, the items of a list, numbers that are no amounts.
 *
 * @module
 */
import { wordsOf } from './words.ts';

/** Examples and forms of the answer say nothing of what is looked for: `(e.g., John Smith)`, `in the format of 'xxx'`. */
const ASIDE = /\((?:e\.g\.|for example|such as)[^)]*\)|\b(?:for example|e\.g\.)[^.\n]*|^\s*(?:answer|example)\b.*$/gim;

/** A task without examples and the form of its answer. */
export const withoutAsides = (task: string): string => task.replace(ASIDE, ' ');

const LISTED = /\[([^[\]\n]+)\]/g;
const QUOTED = /(?<![\p{L}\p{N}])["“'‘]([^"”'’\n]{2,80})["”'’](?![\p{L}\p{N}])/gu;
/** A phone number, an order's number, an id: digits with something between or beside them. */
const POINTED = /(?<![\p{L}\p{N}.])[+(]?[\p{L}\p{N}]*\d[\p{L}\p{N}()_-]{4,}(?![\p{L}\p{N}])/gu;
/** Words with a capital, one after another. */
const NAMED = /\p{Lu}[\p{L}\p{N}'’&.-]*(?: (?:of |the |& )?\p{Lu}[\p{L}\p{N}'’&.-]*)*/gu;

const plain = (text: string): string => wordsOf(text).join(' ');

/**
 * The texts a task looks for, in its order; none where it names nothing.
 *
 * @example
 * ```ts
 * soughtIn('Find the email of Henry Santiago.'); // ['Henry Santiago']
 * ```
 */
export function soughtIn(task: string): string[] {
  let rest = withoutAsides(task);
  const found: string[] = [];
  /** What was found is not looked through again: a list's items are not names beside it. */
  const take = (pattern: RegExp, textsOf: (text: string) => string[]) => {
    rest = rest.replace(pattern, (whole, inner?: unknown) => {
      const texts = textsOf(typeof inner === 'string' ? inner : whole)
        .map((text) => text.replace(/\s+/g, ' ').trim())
        .filter((text) => plain(text) !== '');
      found.push(...texts);
      return texts.length === 0 ? whole : ' · ';
    });
  };
  take(LISTED, (items) => items.split(/[,;]/));
  take(QUOTED, (text) => [text]);
  take(POINTED, (text) => (/^\d{4}-\d\d-\d\d$/.test(text) ? [] : [text]));
  for (const sentence of rest.split(/(?<=[.?!:])\s+|\n/)) {
    const start = sentence.search(/\S/);
    for (const { 0: name, index } of sentence.matchAll(NAMED)) {
      const bare = name.replace(/[.'’-]+$/, '').replace(/['’]s$/, '');
      // The word that begins a sentence has its capital from that.
      const own = index === start ? bare.replace(/^\S+\s*/, '') : bare;
      if (plain(own).length > 1) found.push(own);
    }
  }
  const texts = [...new Map(found.map((text) => [plain(text), text])).values()];
  return texts.sort((one, other) => task.indexOf(one) - task.indexOf(other));
}

/** Finds one of some texts, whatever stands between its words and in any case: `henry_santiago`, `/Henry-Santiago`. */
export function patternOf(texts: readonly string[]): RegExp {
  const patterns = texts.map((text) => wordsOf(text).join('[\\W_]{0,3}'));
  return new RegExp(patterns.join('|'), 'i');
}

/** How many words of some texts stand in another. */
export function sharedWords(texts: readonly string[], other: string): number {
  const words = new Set(wordsOf(other));
  return new Set(texts.flatMap(wordsOf).filter((word) => word.length > 2 && words.has(word))).size;
}
