/**
 * Short answers to questions in prose, compared as HotpotQA does (after SQuAD): lower case, no punctuation, no articles,
 * single spaces.
 *
 * @module
 */
import type { Json } from '../../record/index.ts';

/** What the original's `string.punctuation` holds. */
const PUNCTUATION = /[!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]/g;

/** A text as it is compared. */
export const normalised = (text: string): string =>
  text
    .toLowerCase()
    .replace(PUNCTUATION, '')
    .replace(/\b(a|an|the)\b/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ');

const bare = (text: string) => text.trim().toLowerCase();

/** The same text after normalising. A number counts as its text; a truth value as yes or no. */
export function sameShortAnswer(answer: Json | undefined, expected: string): boolean {
  const text = typeof answer === 'boolean' ? (answer ? 'yes' : 'no') : answer;
  if (typeof text !== 'string' && typeof text !== 'number') return false;
  const said = normalised(String(text));
  if (said !== '') return said === normalised(expected);
  // There is a band that is called The The.
  return bare(String(text)) !== '' && bare(String(text)) === bare(expected);
}
