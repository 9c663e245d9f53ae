/**
 * Names and docs from outside, made fit to stand in a doc comment: one line, bounded, and unable to end the comment, open
 * a code fence or look like a chat template's mark.
 *
 * @module
 */

/** Control characters, line ends, marks that turn the reading direction, and characters nobody sees. */
const UNSEEN = /[\s\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+/g;
const LONE_HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * A text as one line of a doc comment.
 *
 * @example
 * ```ts
 * docText('Ends *\u002f here\n```', 80); // "Ends *\\/ here '''"
 * ```
 */
export function docText(text: string, chars: number): string {
  const line = text
    .slice(0, chars * 4)
    .replace(UNSEEN, ' ')
    .trim();
  const cut = line.length > chars ? `${line.slice(0, chars - 1).trimEnd()}…` : line;
  return cut
    .replace(LONE_HALF, '\ufffd')
    .replaceAll('*/', '*\\/')
    .replaceAll('```', "'''")
    .replaceAll('<|', '<\\|')
    .replaceAll('|>', '|\\>');
}
