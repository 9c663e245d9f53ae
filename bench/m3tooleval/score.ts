/**
 * The scorer of the benchmark: an answer is right if it equals what is expected after turning both into numbers where they
 * can be, lists element by element.
 *
 * Two differences from the original code, both said in `bench/README.md`: its list branch lacks an operator and is written
 * out here as meant, and numbers may differ by one part in 10⁹, so that the order of additions does not decide.
 *
 * @module
 */
import type { Json } from '../../src/record/index.ts';

/** What a task expects. */
export type Expected = number | string | readonly number[];

const DUST = 1e-9;

/** Is the answer right, by the benchmark's own rule? */
export function isRight(answer: Json | undefined, expected: Expected): boolean {
  if (answer === undefined || answer === null) return false;
  const literal = typeof answer === 'string' ? literalOf(answer) : answer;
  if (Array.isArray(expected)) {
    if (!Array.isArray(literal) || literal.length !== expected.length) return false;
    return expected.every((each, index) => same(literal[index] as Json, each));
  }
  return same(literal, expected as number | string) || same(answer, expected as number | string);
}

/**
 * The same, but a number may be rounded to two decimals where the task asks for the form `xx.xx`: the original expects
 * 237.942 there and marks 237.94, the form it asks for, wrong. Reported beside the rule above, never instead.
 */
export function isRightRounded(answer: Json | undefined, expected: Expected, instruction: string): boolean {
  if (isRight(answer, expected)) return true;
  if (typeof expected !== 'number' || !instruction.includes("'xx.xx'")) return false;
  const value = numberOf(answer ?? null);
  return value !== undefined && Math.abs(value - expected) <= 0.005 + DUST;
}

function same(answer: Json, expected: number | string): boolean {
  const value = numberOf(answer);
  const wanted = numberOf(expected);
  if (value !== undefined && wanted !== undefined) {
    return Math.abs(value - wanted) <= DUST * Math.max(1, Math.abs(wanted));
  }
  return typeof answer === 'string' && answer === expected;
}

/** A number, or text that Python's `float` would take. */
function numberOf(value: Json): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(value)) return undefined;
  return Number(value);
}

/** Text that is a list or a quoted string, as that; any other text as it is, without space around it. */
function literalOf(text: string): Json {
  const trimmed = text.trim();
  try {
    return JSON.parse(trimmed) as Json;
  } catch {
    const quoted = /^'([^']*)'$/.exec(trimmed);
    return quoted?.[1] ?? trimmed;
  }
}
