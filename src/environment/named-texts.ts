/**
 * Which texts of some data a task names: what a schema linker of text-to-SQL finds, so that a model need not guess which
 * column holds "Acme", and a review can ask why a program does not use it.
 *
 * @module
 */
import type { Json } from '../record/index.ts';
import { escaped, wordsOf } from './words.ts';

/** A text of the data, and the field that holds it: `customer`, `lines.item`; empty for a list of texts. */
export interface NamedText {
  at: string;
  text: string;
  /** The cells hold it among other words. */
  part?: true;
  /** The cells are lists, and one of their texts is it, or holds it. */
  list?: true;
}

const MOST = 8;
const MOST_WORDS = 6;
const TEXT_CHARS = 60;
/** Leaves that are looked at: a few hundred milliseconds. */
const LEAVES = 2_000_000;
/** Words that stand in any task, and say nothing when a cell holds them too. */
const COMMON = new Set(
  'a all an and any are as at be but by date day each for from has have he how if in into is it its last list many max min month more most name new no none not number of off old on one or other out per she some sum than that the their them then there these they this to total type up value was we were what when where which who whom whose why will with year yes you'.split(
    ' ',
  ),
);

/**
 * The texts of a value that a task names as whole words, in any case; in the order in which the task names them.
 *
 * @example
 * ```ts
 * const orders = [{ customer: 'Acme', status: 'open' }, { customer: 'Nord & Co', status: 'done' }];
 * namedTexts(orders, 'How many open orders has Nord & Co?');
 * // [{ at: 'status', text: 'open' }, { at: 'customer', text: 'Nord & Co' }]
 * ```
 */
export function namedTexts(value: Json, task: string): NamedText[] {
  const places = phrasesOf(task);
  const begins = new Set(wordsOf(task));
  const found = new Map<string, NamedText & { place: number }>();
  let left = LEAVES;
  const look = (inner: Json, at: string, list = false) => {
    if (left <= 0 || inner === null) return;
    left -= 1;
    if (typeof inner === 'string') {
      // Most cells begin with a word that the task has not.
      if (inner.length > TEXT_CHARS || !begins.has(FIRST_WORD.exec(inner)?.[0].toLowerCase() ?? '')) return;
      if (found.has(`${at} ${inner}`)) return;
      const words = wordsOf(inner);
      const place = places.get(words.join(' '));
      if (place === undefined || !tells(words, at)) return;
      found.set(`${at} ${inner}`, { at, text: inner, place, ...(list && at !== '' && { list }) });
      return;
    }
    if (typeof inner !== 'object') return;
    if (Array.isArray(inner)) for (const one of inner) look(one, at, true);
    else for (const key of Object.keys(inner)) look(inner[key] as Json, at === '' ? key : `${at}.${key}`);
  };
  look(value, '');
  for (const one of wordsInTexts(value, task, [...found.values()])) found.set(`${one.at} ${one.text}`, one);
  return [...found.values()]
    .sort((one, other) => one.place - other.place)
    .slice(0, MOST)
    .map(({ place: _, ...named }) => named);
}

const FIRST_WORD = /[\p{L}\p{N}]+/u;

const PART_CHARS = 5;
const PART_WORDS = 8;
/** A word that most cells of a column hold tells no rows apart. */
const PART_SHARE = 0.6;

/** Words of a task that some longer texts of a column hold, if with another ending: "reminders", "failures". */
function wordsInTexts(value: Json, task: string, whole: readonly NamedText[]): (NamedText & { place: number })[] {
  if (!Array.isArray(value)) return [];
  const known = new Set(whole.flatMap(({ text }) => wordsOf(text).map(stemOf)));
  const places = new Map<string, number>();
  for (const [place, word] of wordsOf(task).entries()) {
    if (word.length >= PART_CHARS && !COMMON.has(word) && !known.has(stemOf(word))) places.set(stemOf(word), place);
  }
  const found = new Map<string, NamedText & { place: number; cells: number }>();
  if (places.size === 0) return [];
  const mayHold = new RegExp([...places.keys()].map(escaped).join('|'), 'i');
  const texts = new Map<string, number>();
  const isSaid = new Map<string, boolean>();
  let left = LEAVES;
  for (const row of value) {
    if (left <= 0) break;
    if (row === null || typeof row !== 'object' || Array.isArray(row)) return [];
    for (const [at, cell] of Object.entries(row)) {
      const list = Array.isArray(cell);
      left -= list ? cell.length : 1;
      if (!isSaid.has(at)) isSaid.set(at, places.has(stemOf(at.toLowerCase())));
      if ((typeof cell !== 'string' && !list) || isSaid.get(at)) continue;
      texts.set(at, (texts.get(at) ?? 0) + 1);
      const words = new Set((list ? cell : [cell]).flatMap((text) => amongOthers(text, mayHold)));
      for (const text of words) {
        const place = places.get(stemOf(text.toLowerCase()));
        if (place === undefined) continue;
        const key = `${at} ${text.toLowerCase()}`;
        const { cells } = found.get(key) ?? { cells: 0 };
        found.set(key, { at, text, part: true, place, cells: cells + 1, ...(list && { list }) });
      }
    }
  }
  return [...found.values()]
    .filter(({ at, cells }) => cells <= PART_SHARE * (texts.get(at) ?? 0))
    .map(({ cells: _, ...one }) => one);
}

/** The words of a short text that has several, one of which may be meant. */
function amongOthers(text: Json, mayHold: RegExp): string[] {
  if (typeof text !== 'string' || text.length > TEXT_CHARS || !mayHold.test(text)) return [];
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.length < 2 || words.length > PART_WORDS ? [] : words;
}

/** A word without its ending: "failures" and "failed", "reminders" and "reminder" are one. */
const stemOf = (word: string) => word.replace(/(?<=....)(?:ations?|ures?|ions?|ings?|ers?|ies|ed|es|ly|s|y)$/, '');

/** Every run of a few words of a task, and where it stands. */
function phrasesOf(task: string): Map<string, number> {
  const words = wordsOf(task);
  const phrases = new Map<string, number>();
  for (const from of words.keys()) {
    let phrase = '';
    for (const word of words.slice(from, from + MOST_WORDS)) {
      phrase = phrase === '' ? word : `${phrase} ${word}`;
      if (!phrases.has(phrase)) phrases.set(phrase, from);
    }
  }
  return phrases;
}

/** A lone common word, a single letter or the field's own name says nothing; `S1` does. */
function tells(words: readonly string[], at: string): boolean {
  const [word = ''] = words;
  if (words.length !== 1) return words.length > 0;
  if (COMMON.has(word) || (word.length < 2 && !/\d/.test(word))) return false;
  return word !== at.split('.').at(-1)?.toLowerCase();
}
