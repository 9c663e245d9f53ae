/**
 * Text from outside, made fit to stand in a doc comment or a type: nothing in it can end the comment, open a code fence,
 * begin a line, or look like a chat template's mark. `inert` keeps every character, `docText` what reads well.
 *
 * @module
 */

/** Control characters, line ends, marks that turn the reading direction, and characters nobody sees. */
const UNSEEN = '\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff';
const ESCAPED = new RegExp(`[${UNSEEN}\\ud800-\\udfff]`, 'g');
const SPACED = new RegExp(`[\\s${UNSEEN}]+`, 'g');
const LONE_HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
/** Halves of a pair that stand alone; a pair is an ordinary character. */
const PAIR = /[\ud800-\udbff][\udc00-\udfff]/;

const code = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Escapes what could be read as more than text. What stands inside quotes stays the same JSON or TypeScript string.
 *
 * @example
 * ```ts
 * inert('a *\u002f b\n`c`'); // 'a *\\u002f b\\u000a\\u0060c\\u0060'
 * ```
 */
export function inert(text: string): string {
  return [...text]
    .map((character) => (PAIR.test(character) ? character : character.replace(ESCAPED, code)))
    .join('')
    .replaceAll('`', '\\u0060')
    .replaceAll('*/', '*\\u002f')
    .replaceAll('<|', '<\\u007c')
    .replaceAll('|>', '\\u007c>');
}

/**
 * A text as one line of a doc comment, for reading: quotes and back-ticks stay where they do no harm.
 *
 * @example
 * ```ts
 * docText('Ends *\u002f here\n```', 80); // "Ends *\\/ here '''"
 * ```
 */
export function docText(text: string, chars: number): string {
  const line = text
    .slice(0, chars * 4)
    .replace(SPACED, ' ')
    .trim();
  const short = line.length > chars ? `${line.slice(0, chars - 1).trimEnd()}…` : line;
  return short
    .replace(LONE_HALF, '\ufffd')
    .replaceAll('*/', '*\\/')
    .replaceAll('```', "'''")
    .replaceAll('<|', '<\\|')
    .replaceAll('|>', '|\\>');
}

/** A text's first characters, and an ellipsis where more follows. Never half a pair. */
export function cut(text: string, chars: number): string {
  if (text.length <= chars) return text;
  return `${text.slice(0, chars - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
