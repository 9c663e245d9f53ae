/**
 * A line of text in tokens: dates, times, numbers, words, marks.
 *
 * @module
 */
import { WRITTEN_DATES } from '../cell-dates.ts';

export type TokenKind = 'date' | 'time' | 'number' | 'word' | 'mark';

export interface Token {
  kind: TokenKind;
  text: string;
  start: number;
  end: number;
}

/** Tokens that are read of one line. */
const MOST_TOKENS = 60;

const withoutNames = (pattern: string) => pattern.replace(/\?<\w+>/g, '?:');
const DATES = ['\\d{4}-\\d{2}-\\d{2}(?:[T ]\\d{2}:\\d{2}(?::\\d{2})?Z?)?', ...WRITTEN_DATES.map(withoutNames)];
const KINDS: readonly [TokenKind, string][] = [
  ['date', `(?:${DATES.join('|')})(?![\\p{L}\\p{N}])`],
  ['time', '\\d{1,2}:\\d{2}(?::\\d{2})?(?![\\p{L}\\p{N}:])'],
  // With a unit at it (`12ms`, `3h`), the unit is a word of its own.
  [
    'number',
    '(?<![\\p{L}\\p{N}])-?\\d+(?:,\\d{3})*(?:\\.\\d+)?(?=(?:[munµ]?s|min|h|k?g|[ck]?m|[KMGT]i?B|l)?(?![\\p{L}\\p{N}_-]|\\.\\d))',
  ],
  ['word', "[\\p{L}\\p{N}_](?:[\\p{L}\\p{N}_@&'’/.-]*[\\p{L}\\p{N}_])?"],
  ['mark', '\\S'],
];
const TOKEN = new RegExp(KINDS.map(([kind, pattern]) => `(?<${kind}>${pattern})`).join('|'), 'giu');

/**
 * Cuts a line up.
 *
 * @example
 * ```ts
 * tokensOf('Ada paid 12.50 EUR on 3 March 2026').map(({ kind }) => kind); // ['word', 'word', 'number', 'word', 'word', 'date']
 * ```
 */
export function tokensOf(line: string): Token[] {
  const tokens: Token[] = [];
  for (const { groups = {}, index, 0: text } of line.matchAll(TOKEN)) {
    const [kind] = KINDS.find(([name]) => groups[name] !== undefined) as [TokenKind, string];
    tokens.push({ kind, text, start: index, end: index + text.length });
    if (tokens.length === MOST_TOKENS) break;
  }
  return tokens;
}

/** Whether two tokens say the same but for a value: both are a number, or the same word (one or many of it). */
export function alike(one: Token, other: Token): boolean {
  if (one.kind !== other.kind) return false;
  return isValue(one) || wordOf(one) === wordOf(other);
}

/** A token that holds a value wherever it stands. */
export const isValue = ({ kind }: Token): boolean => kind === 'date' || kind === 'time' || kind === 'number';

const wordOf = ({ text }: Token) => text.toLowerCase().replace(/(?<=..)s$/, '');
