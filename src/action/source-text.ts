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

/** What a slash after it begins a pattern, and divides nothing. */
const BEFORE_PATTERN = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|=>|\b(?:return|typeof|case|in|of))\s*$/;
const LITERAL =
  /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`|\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsuvy]*/;

/** A program without what its texts and patterns hold; what a template works out stays: `${a / b} %`. */
export function withoutLiterals(code: string, depth = 0): string {
  if (depth > DEEPEST) return '';
  const literals = new RegExp(LITERAL, 'g');
  let plain = '';
  let at = 0;
  for (let found = literals.exec(code); found !== null; found = literals.exec(code)) {
    const { 0: literal, index } = found;
    if (literal.startsWith('/') && !BEFORE_PATTERN.test(code.slice(Math.max(0, index - LOOK_BACK), index))) {
      literals.lastIndex = index + 1;
      continue;
    }
    const { inner, end } = literal === '`' ? templateAt(code, index + 1) : { inner: [], end: literals.lastIndex };
    plain += `${code.slice(at, index)}''${inner.map((one) => `(${withoutLiterals(one, depth + 1)})`).join('')}`;
    at = end;
    literals.lastIndex = end;
  }
  return plain + code.slice(at);
}

const LOOK_BACK = 40;
/** Templates within templates. */
const DEEPEST = 8;

/** What a template works out, and where it ends. */
function templateAt(code: string, from: number, depth = 0): { inner: string[]; end: number } {
  const inner: string[] = [];
  let at = from;
  while (at < code.length && code[at] !== '`') {
    if (code[at] === '\\') at += 1;
    else if (code.startsWith('${', at)) {
      const end = braceEnd(code, at + 2, depth + 1);
      inner.push(code.slice(at + 2, end));
      at = end;
    }
    at += 1;
  }
  return { inner, end: at + 1 };
}

function braceEnd(code: string, from: number, within: number): number {
  let depth = 0;
  for (let at = from; at < code.length; at++) {
    if (code[at] === '`' && within < DEEPEST) at = templateAt(code, at + 1, within).end - 1;
    if (code[at] === '{') depth += 1;
    if (code[at] === '}') depth -= 1;
    if (depth < 0) return at;
  }
  return code.length;
}
