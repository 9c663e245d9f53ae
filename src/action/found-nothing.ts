/**
 * An answer of nothing, because what was asked for found nothing: more often a condition that no row can meet than data without one.
 *
 * @module
 */
import type { Finding, Json, RunEvent } from '../record/index.ts';

const NAME = '`[^`\\n]+`|"[^"\\n]+"|[\\p{L}_][\\p{L}\\p{N}_.]*';
const FROM = new RegExp(`\\bfrom\\s+(${NAME})`, 'iu');
const COMPARED = new RegExp(`(${NAME})\\s*(?:=|<>|!=|\\b(?:like|in|glob)\\b)`, 'giu');
const MOST_COLUMNS = 2;
const MOST_VALUES = 20;

/** What to look at, where the last calls gave an empty list. */
export function foundNothing(
  value: Json,
  calls: readonly RunEvent<'call'>[],
  returned: (is: (value: Json) => boolean) => boolean,
): Omit<Finding, 'rule' | 'severity'> | undefined {
  if (!isEmptyList(value) || !returned(isEmptyList)) return undefined;
  const looks = calls.flatMap(looksFor);
  return {
    message: `The answer is [], because nothing was found${looks.length === 0 ? '' : ': no row met the condition'}.`,
    remedy:
      looks.length === 0
        ? 'Look at what is there, without a condition.'
        : `See what the rows hold: ${looks.slice(-MOST_COLUMNS).join(' ')}`,
  };
}

const isEmptyList = (seen: Json) => Array.isArray(seen) && seen.length === 0;

/** A call for each column that a query compares, which shows what it holds. */
function looksFor({ tool, args }: RunEvent<'call'>): string[] {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return [];
  return Object.entries(args).flatMap(([key, text]) => {
    if (typeof text !== 'string' || !/^\s*(?:select|with)\b/i.test(text)) return [];
    const from = FROM.exec(text)?.[1];
    const where = /\bwhere\b(.*)/is.exec(text)?.[1] ?? '';
    if (from === undefined) return [];
    const columns = new Set(
      [...where.replace(/'(?:[^']|'')*'/g, "''").matchAll(COMPARED)].map(([, name = '']) => name),
    );
    return [...columns].map((column) => {
      const sql = `SELECT DISTINCT ${column} FROM ${from} LIMIT ${MOST_VALUES}`;
      return `console.log(await ${tool}({ ${key}: ${JSON.stringify(sql)} }));`;
    });
  });
}
