/**
 * Assertions about an answer's value.
 *
 * @module
 */
import { canonicalJson, type Json, OptionError } from '../../record/index.ts';
import type { Assertion } from '../score.ts';
import { asserted, shown } from './asserted.ts';

/**
 * The same JSON value: the order of an object's keys aside, nothing is forgiven.
 *
 * @example
 * ```ts
 * import { equals } from 'poact/eval';
 *
 * equals('answer', '12', 12).verdict; // 'fail'
 * ```
 */
export function equals(name: string, actual: Json | undefined, expected: Json): Assertion {
  const isSame = actual !== undefined && canonicalJson(actual) === canonicalJson(expected);
  return asserted(name, isSame, actual, `Expected ${shown(expected)}`);
}

/** How far a number may be off. */
export interface Tolerance {
  /** In the number's own unit. @default 0 */
  absolute?: number;
  /** Share of the expected number. @default 1e-9 */
  relative?: number;
}

/**
 * A number within a tolerance. A text that is a plain decimal number counts as one: `"12.50"`, not `"€12"`, `"0x10"` or `""`.
 *
 * @throws {OptionError} `expected` is not finite, or a tolerance is negative or no number.
 */
export function near(name: string, actual: Json | undefined, expected: number, tolerance: Tolerance = {}): Assertion {
  const { absolute = 0, relative = 1e-9 } = tolerance;
  if (!Number.isFinite(expected)) throw new OptionError('expected', `expected a number, got ${expected}.`);
  if (!(absolute >= 0 && relative >= 0)) throw new OptionError('tolerance', 'expected numbers of at least 0.');
  const number = numberOf(actual);
  const most = Math.max(absolute, Math.abs(expected) * relative);
  const isNear = number !== undefined && Math.abs(number - expected) <= most;
  return asserted(name, isNear, actual, `Expected ${expected}${most === 0 ? '' : ` within ${most}`}`);
}

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** The number that a value is, or plainly spells. */
export function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !DECIMAL.test(value.trim())) return undefined;
  return Number(value);
}

export interface MembersOptions {
  /** What makes two members the same. @default their canonical JSON */
  by?: (member: Json) => string;
}

/** A list with the same members, each as often, in any order. */
export function sameSet(
  name: string,
  actual: Json | undefined,
  expected: readonly Json[],
  { by = canonicalJson }: MembersOptions = {},
): Assertion {
  const wanted = expected.map(by).sort();
  const isSame = Array.isArray(actual) && sameTexts(actual.map(by).sort(), wanted);
  return asserted(name, isSame, actual, `Expected, in any order, ${shown([...expected])}`);
}

/** A list with the same members in the same order. */
export function sameList(
  name: string,
  actual: Json | undefined,
  expected: readonly Json[],
  { by = canonicalJson }: MembersOptions = {},
): Assertion {
  const isSame = Array.isArray(actual) && sameTexts(actual.map(by), expected.map(by));
  return asserted(name, isSame, actual, `Expected, in this order, ${shown([...expected])}`);
}

const sameTexts = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((text, at) => text === other[at]);
