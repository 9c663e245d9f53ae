/**
 * What the text of a program holds, read without the compiler.
 *
 * @module
 */

/** Words that may be names, each once. */
export const namesIn = (code: string): Set<string> => new Set(code.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []);

/** The same without those of fields: `songs`, and not `playlist.songs`. */
export const variablesIn = (code: string): Set<string> =>
  new Set(code.match(/(?<![\p{L}\p{N}_$]|(?<!\.\.)\.)[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []);

/** The program gives its answer. */
export const callsAnswer = (code: string): boolean => /(?<![\w$.])answer\s*\(/.test(code);

/** Quoted texts without escapes, in order. */
export const textsIn = (code: string): string[] =>
  [...code.matchAll(/(["'`])((?:(?!\1)[^\\\n])*)\1/g)].map(([, , text = '']) => text);

/** A field compared with a quoted text: `row.status === "open"`. */
export const COMPARED = /\.([\p{L}\p{N}_$]+)\s*[!=]==?\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/gu;
