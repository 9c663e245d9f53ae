/**
 * How DBBench compares the answer to a question: as a set of texts, or of numbers within a hundredth.
 *
 * As in the original, per cent signs and separators of thousands are dropped, and a value that is none, null, NaN or infinite counts
 * as 0. Two differences: an answer that says nothing, or whose members all do, is no answer, also where none is expected; and a
 * number is written in decimal digits.
 *
 * @module
 */
import type { Json } from '../../../record/index.ts';
import { numberOf } from '../../assertions/values.ts';

const TOLERANCE = 0.01;
const BLANK = /^[\s'"]*$/;
const NOTHING = new Set(['none', 'null', 'undefined', 'nan', 'inf', 'infinity', '-inf', '-infinity', '']);

/** Does the answer have the expected values? */
export function sameRows(answer: Json | undefined, expected: readonly string[]): boolean {
  const said = valuesOf(answer);
  if (said === undefined || said.length === 0) return false;
  const wanted = expected.map(plain);
  if ([...said, ...wanted].every(isNumber)) return sameNumbers(said.map(Number), wanted.map(Number));
  if (said.length === 1 && wanted.length === 1) return said[0] === wanted[0];
  return said.every((value) => wanted.includes(value)) && wanted.every((value) => said.includes(value));
}

/** The values of a list, of a text that is one, or one value; nothing where it is neither. */
function valuesOf(answer: Json | undefined): string[] | undefined {
  if (answer === undefined || answer === null || answer === '') return undefined;
  const list = typeof answer === 'string' ? listIn(answer) : answer;
  const members = Array.isArray(list) ? list : [list];
  if (members.some((member) => typeof member === 'object' && member !== null)) return undefined;
  if (members.every((member) => typeof member === 'string' && BLANK.test(member))) return undefined;
  return members.map((member) => plain(String(member)));
}

function listIn(text: string): Json {
  try {
    const value = JSON.parse(text) as Json;
    return Array.isArray(value) ? value : text;
  } catch {
    return text;
  }
}

function plain(value: string): string {
  const trimmed = value.trim().replace(/^['"]+|['"]+$/g, '');
  if (trimmed.endsWith('%')) return trimmed.slice(0, -1).trim();
  const joined = trimmed.replaceAll(',', '');
  return NOTHING.has(joined.toLowerCase()) ? '0' : joined;
}

const isNumber = (text: string) => Number.isFinite(numberOf(text));

/** Each has a partner of its own. */
function sameNumbers(said: readonly number[], wanted: readonly number[]): boolean {
  const left = [...wanted];
  const matched = said.every((value) => {
    const at = left.findIndex((one) => Math.abs(one - value) <= TOLERANCE);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
  return matched && left.length === 0;
}
