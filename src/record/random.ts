/**
 * Randomness and ids, as arguments.
 *
 * @module
 */

/** Where randomness comes from. */
export interface Random {
  /** A number from 0 to below 1. */
  next(): number;
  /** A whole number from 0 to below `below`. */
  below(below: number): number;
}

/**
 * A random source that gives the same numbers for the same seed (mulberry32; not for secrets).
 *
 * @example
 * ```ts
 * import { seededRandom } from 'poact/record';
 * seededRandom(1).next() === seededRandom(1).next(); // true
 * ```
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { next, below: (below) => Math.floor(next() * below) };
}

/** Makes ids. */
export type NewId = () => string;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * An id maker: ten characters of time and eight of chance, so that ids sort by the millisecond they were made in, until
 * the year 37648, when ten digits are full.
 *
 * @example
 * ```ts
 * import { seededRandom, sortedIds } from 'poact/record';
 * sortedIds({ now: () => 0, random: seededRandom(1) })(); // '0000000000…'
 * ```
 */
export function sortedIds({ now, random }: { now: () => number; random: Pick<Random, 'below'> }): NewId {
  return () => {
    let time = Math.floor(now());
    let head = '';
    for (let digit = 0; digit < 10; digit++) {
      head = ALPHABET[time % 32] + head;
      time = Math.floor(time / 32);
    }
    let tail = '';
    for (let digit = 0; digit < 8; digit++) tail += ALPHABET[random.below(32)];
    return head + tail;
  };
}
