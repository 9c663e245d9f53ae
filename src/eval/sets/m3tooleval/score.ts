/**
 * The scorer of the benchmark: an answer is right if it equals what is expected after turning both into numbers where they
 * can be, lists and objects member by member.
 *
 * Three differences from the original code, all said in `docs/task-sets.md`: its list branch lacks an operator and is written
 * out here as meant; numbers may differ by one part in 10⁹, so that the order of additions does not decide; and a truth value
 * is not also the number 0 or 1.
 *
 * @module
 */
import type { Json } from '../../../record/index.ts';

/** What a task expects. */
export type Expected = number | string | boolean | readonly (number | string)[] | { readonly [name: string]: number };

const DUST = 1e-9;

/** Is the answer right, by the benchmark's own rule? */
export function isRight(answer: Json | undefined, expected: Expected): boolean {
  if (answer === undefined || answer === null) return false;
  return same(typeof answer === 'string' ? literalOf(answer) : answer, expected) || same(answer, expected);
}

function same(answer: Json | undefined, expected: Expected): boolean {
  if (typeof expected === 'boolean') return answer === expected;
  if (typeof expected === 'object') return sameMembers(answer, expected);
  const value = numberOf(answer);
  const wanted = numberOf(expected);
  if (value !== undefined && wanted !== undefined) {
    return Math.abs(value - wanted) <= DUST * Math.max(1, Math.abs(wanted));
  }
  return typeof answer === 'string' && answer === expected;
}

function sameMembers(answer: Json | undefined, expected: Exclude<Expected, number | string | boolean>): boolean {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer) !== Array.isArray(expected)) return false;
  const wanted = Object.entries(expected);
  return (
    Object.keys(answer).length === wanted.length &&
    wanted.every(([key, one]) => Object.hasOwn(answer, key) && same((answer as { [key: string]: Json })[key], one))
  );
}

/** A number, or text that Python's `float` would take. */
function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(value)) return undefined;
  return Number(value);
}

/** Text that is a literal of JSON or of Python, as that; any other text as it is, without space around it. */
function literalOf(text: string): Json {
  const trimmed = text.trim();
  const asJson = trimmed
    .replaceAll("'", '"')
    .replace(/^\(([\s\S]*)\)$/, '[$1]')
    .replace(/^True$|^False$/, (word) => word.toLowerCase());
  for (const literal of [trimmed, asJson]) {
    try {
      return JSON.parse(literal) as Json;
    } catch {
      // The other form, or no literal.
    }
  }
  return trimmed;
}
