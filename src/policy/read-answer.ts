/**
 * Reading an answer out of words.
 *
 * @module
 */
import type { Json } from '../record/index.ts';

const MARK = /^[ \t]*(?:\**)(?:final )?answer(?:\**)\s*:\s*(?:\**)\s*(\S[^\n]*)$/im;

/**
 * The value after an `Answer:` mark at the start of a line; JSON where it is JSON, else the words.
 *
 * @example
 * ```ts
 * readAnswer('It is done.\nAnswer: 12.5'); // { value: 12.5 }
 * ```
 */
export function readAnswer(text: string): { value: Json } | undefined {
  const words = MARK.exec(text)?.[1]?.trim().replace(/\*+$/, '').trim();
  if (words === undefined || words === '') return undefined;
  return { value: wordsToJson(words) };
}

/** A value as words say it: `12.5` is a number, `"x"` and `[1, 2]` are JSON, the rest is text. */
export function wordsToJson(words: string): Json {
  try {
    return JSON.parse(words) as Json;
  } catch {
    return words;
  }
}
