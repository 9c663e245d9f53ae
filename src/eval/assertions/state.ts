/**
 * Assertions about a state: what should have changed has, and nothing else.
 *
 * @module
 */
import { canonicalJson, type Json } from '../../record/index.ts';
import type { Assertion } from '../score.ts';
import { shown } from './asserted.ts';

/** The state of a world as JSON. Things with ids are best kept under them, so that a change is at one place. */
export interface States {
  /** When the attempt began. */
  before: Json;
  /** What it left behind. */
  after: Json;
  /** What it should have left behind. */
  expected: Json;
}

/** Most places that a reason names. */
const SHOWN_PLACES = 5;

/**
 * Two assertions: `state` that every place which should differ from before is as expected, and `state: nothing else changed`
 * that all others are as before. Where nothing should change, the first one passes.
 *
 * @example
 * ```ts
 * import { sameState } from 'poact/eval';
 *
 * const before = { lamps: 3, mugs: 5 };
 * sameState({ before, after: { lamps: 2, mugs: 4 }, expected: { lamps: 2, mugs: 5 } }); // pass, fail
 * ```
 */
export function sameState({ before, after, expected }: States): Assertion[] {
  const wanted = new Set(differences(before, expected));
  const wrong = differences(expected, after);
  const missed = wrong.filter((place) => isAt(place, wanted));
  const extra = wrong.filter((place) => !isAt(place, wanted));
  return [
    {
      name: 'state',
      verdict: missed.length === 0 ? 'pass' : 'fail',
      reason:
        missed.length === 0
          ? `All ${wanted.size} places are as they should be.`
          : `Not as it should be: ${said(missed, after, expected)}.`,
    },
    {
      name: 'state: nothing else changed',
      verdict: extra.length === 0 ? 'pass' : 'fail',
      reason: extra.length === 0 ? 'Nothing else changed.' : `Also changed: ${said(extra, after, expected)}.`,
    },
  ];
}

/** Places at which two values differ, as JSON of their paths. Lists of unequal length differ as a whole. */
function differences(one: Json | undefined, other: Json | undefined, path: readonly string[] = []): string[] {
  if (canonicalJson(one) === canonicalJson(other) && (one === undefined) === (other === undefined)) return [];
  const keys = commonForm(one, other);
  if (keys === undefined) return [JSON.stringify(path)];
  return keys.flatMap((key) => differences(memberOf(one, key), memberOf(other, key), [...path, key]));
}

/** The keys to go on with; nothing where the two are no two objects, and no two lists of one length. */
function commonForm(one: Json | undefined, other: Json | undefined): string[] | undefined {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return undefined;
  if (Array.isArray(one) !== Array.isArray(other)) return undefined;
  if (Array.isArray(one) && one.length !== (other as Json[]).length) return undefined;
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}

const memberOf = (value: Json | undefined, key: string): Json | undefined =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as { [key: string]: Json })[key]
    : undefined;

/** A place is one of some, or within one of them, or around one. */
function isAt(place: string, places: ReadonlySet<string>): boolean {
  if (places.has(place)) return true;
  const path = JSON.parse(place) as string[];
  for (const other of places) {
    const known = JSON.parse(other) as string[];
    const shorter = Math.min(path.length, known.length);
    if (path.slice(0, shorter).every((key, at) => key === known[at])) return true;
  }
  return false;
}

function said(places: readonly string[], after: Json, expected: Json): string {
  const parts = places.slice(0, SHOWN_PLACES).map((place) => {
    const path = JSON.parse(place) as string[];
    const at = (state: Json) => path.reduce<Json | undefined>(memberOf, state);
    return `${path.join('.') || 'all of it'} is ${shown(at(after))}, expected ${shown(at(expected))}`;
  });
  const more = places.length - parts.length;
  return `${parts.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
