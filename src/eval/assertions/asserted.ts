/**
 * What assertions are made with.
 *
 * @module
 */
import { cutMiddle, type Json } from '../../record/index.ts';
import type { Assertion } from '../score.ts';

/** Longest value in a reason, in characters. */
const SHOWN_CHARS = 300;

/** A value as a reason quotes it. */
export const shown = (value: Json | undefined): string =>
  value === undefined ? 'nothing' : cutMiddle(JSON.stringify(value), SHOWN_CHARS);

/** An assertion that passes or fails; `wanted` is the first half of the reason. */
export function asserted(name: string, holds: boolean, actual: Json | undefined, wanted: string): Assertion {
  const is = holds ? 'and it is' : actual === undefined ? 'but there is no answer' : `but it is ${shown(actual)}`;
  return { name, verdict: holds ? 'pass' : 'fail', reason: `${wanted}, ${is}.` };
}
