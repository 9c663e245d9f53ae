/**
 * How long a value is in the log.
 *
 * @module
 */
import type { Json } from '../record/index.ts';

/** About how long a value's JSON is; stops counting once it is past `most`. */
export function charsUpTo(value: unknown, most: number): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 6;
  let sum = 2;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length && sum <= most; at++) sum += 4 + charsUpTo(value[at], most - sum);
    return sum;
  }
  for (const key in value) {
    if (sum > most) break;
    sum += key.length + 4 + charsUpTo((value as { [key: string]: Json })[key], most - sum);
  }
  return sum;
}
