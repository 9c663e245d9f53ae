/**
 * Runs a program once more with the rows of its data in another order.
 *
 * A result that changes took rows as if they were sorted, or the first of several that tie. The type checker sees neither,
 * and programs that make the same mistake agree in a vote. (A metamorphic test: what the right answer is need not be known,
 * only that it must stay the same.)
 *
 * @module
 */
import { canonicalJson, type DataVariable, type Finding, type Json } from '../record/index.ts';
import type { Session, Turn } from '../sandbox/index.ts';
import { withoutComments } from './numbers.ts';
import { namesIn } from './source-text.ts';
import { keyOf } from './vote-key.ts';

export interface OrderCase {
  code: string;
  /** What `Date` told it. */
  now: number;
  data: ReadonlyMap<string, DataVariable>;
  /** The session as it was before the program; it is left as it is. */
  session: Session;
  /** What the program gave. */
  result: Json;
  /** What a turn of it gives. */
  resultOf(turn: Turn): Json | undefined;
}

/** So many orders are tried: one of few rows may leave the first and the last where they were. */
const ORDERS = [1, 2, 3];

/** Says so when the result depends on the order of rows that are in no order. */
export async function orderFinding(parts: OrderCase): Promise<Finding | undefined> {
  const tables = unorderedTables(parts);
  if (tables.length === 0) return undefined;
  const expected = orderless(parts.result);
  for (const seed of ORDERS) {
    const result = await resultInOrder(parts, tables, seed);
    if (result === undefined || orderless(result) === expected) continue;
    const names = tables.map((name) => `\`${name}\``).join(' and ');
    return {
      rule: 'order-dependent',
      severity: 'warn',
      message: `The result changes when the rows of ${names} stand in another order: they are not sorted, or several tie.`,
      remedy: 'Sort the rows first, or compare all of them.',
    };
  }
  return undefined;
}

/** Tables that the program names. One that stands in order of a date may be read in that order. */
function unorderedTables({ code, data }: OrderCase): string[] {
  const names = namesIn(withoutComments(code));
  return [...data.values()]
    .filter(({ name, rows = 0, shown = '' }) => names.has(name) && rows > 1 && !inOrder(shown))
    .map(({ name }) => name);
}

/** A column of dates that rise or fall: other ones are said to be in no order. */
const inOrder = (shown: string): boolean => /" to "[^"]*" \*\//.test(shown);

async function resultInOrder(
  { session, code, now, resultOf }: OrderCase,
  tables: readonly string[],
  seed: number,
): Promise<Json | undefined> {
  const fork = await session.fork();
  try {
    const shuffled = await fork.start({ source: shuffling(tables, seed), now });
    if (shuffled.state !== 'done') return undefined;
    const turn = await fork.start({ source: code, now });
    return turn.state === 'done' ? resultOf(turn) : undefined;
  } finally {
    fork.close();
  }
}

/** Swaps rows by a linear congruential generator, so that the same seed gives the same order everywhere. */
const shuffling = (tables: readonly string[], seed: number): string => `{
  let state = ${seed};
  for (const rows of [${tables.join(', ')}]) {
    for (let at = rows.length - 1; at > 0; at--) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const other = Math.floor((state / 2 ** 32) * (at + 1));
      [rows[at], rows[other]] = [rows[other], rows[at]];
    }
  }
}`;

/** A list may follow the order of the rows, and so may the words of a text. */
function orderless(value: Json): string {
  if (Array.isArray(value)) return value.map(orderless).sort().join('\n');
  if (typeof value === 'string') return keyOf((value.match(/[^\s,;]+/g) ?? []).sort().join(' '));
  if (value === null || typeof value !== 'object') return keyOf(value);
  return canonicalJson(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, orderless(inner)])));
}
