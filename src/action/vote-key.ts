/**
 * When do two programs give the same result? By value where both have the form that was asked for; by what they say
 * where no form was, so that `{ supplier: 'Nord', cost: 5565 }` and `"Nord: 5565 euros"` meet.
 *
 * @module
 */
import { canonicalJson, type Json } from '../record/index.ts';
import { numbersIn } from './numbers.ts';

/**
 * Equal results have equal keys: numbers to nine digits, texts without case and outer space, a value alone in a list or
 * an object as itself.
 *
 * @example
 * ```ts
 * keyOf(' Acme ') === keyOf('acme') && keyOf(0.1 + 0.2) === keyOf('0.3') && keyOf([5]) === keyOf(5); // true
 * ```
 */
export function keyOf(value: Json): string {
  return canonicalJson(plain(alone(value)));
}

function alone(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  const inner = Object.values(value);
  return inner.length === 1 ? alone(inner[0] as Json) : value;
}

function plain(value: Json): Json {
  if (typeof value === 'number') return Number(value.toPrecision(9));
  if (typeof value === 'string') {
    const text = value.trim().replace(/\s+/g, ' ').toLowerCase();
    return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(Number(text).toPrecision(9)) : text;
  }
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/**
 * Is one number the other, rounded to a decimal place or more?
 *
 * @example
 * ```ts
 * isRounded(23.58, 23.5769231) && isRounded('23.6', 23.58) && !isRounded(24, 23.58); // true
 * ```
 */
export function isRounded(one: Json, other: Json): boolean {
  const [a, b] = [plain(alone(one)), plain(alone(other))];
  if (typeof a !== 'number' || typeof b !== 'number') return false;
  const [short, long] = decimalsOf(a) <= decimalsOf(b) ? [a, b] : [b, a];
  const decimals = decimalsOf(short);
  return decimals > 0 && Math.abs(short - long) <= 0.5 * 10 ** -decimals + Number.EPSILON * Math.abs(long);
}

const decimalsOf = (number: number): number => /\.(\d+)$/.exec(String(number))?.[1]?.length ?? 0;

/**
 * Do two results of different forms say the same: the same numbers, and the words of one among the other's? A text or
 * an object must be among them, and each must hold words: a lone number is no part of a sentence here.
 *
 * @example
 * ```ts
 * saysTheSame({ supplier: 'Nord', cost: 5565 }, 'Nord: 5565 euros'); // true
 * saysTheSame({ supplier: 'Nord', cost: 5565 }, 'Nord: 5566 euros'); // false
 * ```
 */
export function saysTheSame(one: Json, other: Json): boolean {
  const [a, b] = [saying(one), saying(other)];
  if (a.numbers.length === 0 || a.numbers.join() !== b.numbers.join()) return false;
  const [few, many] = a.words.size <= b.words.size ? [a.words, b.words] : [b.words, a.words];
  return few.size > 0 && [...few].every((word) => many.has(word));
}

/** The numbers of a value's leaves, to cents, in order of size; and the words of its texts. */
function saying(value: Json): { numbers: number[]; words: Set<string> } {
  const numbers: number[] = [];
  const words = new Set<string>();
  const look = (inner: Json) => {
    if (typeof inner === 'number') numbers.push(Number(inner.toFixed(2)));
    else if (typeof inner === 'string') {
      for (const number of numbersIn(inner)) numbers.push(Number(number.toFixed(2)));
      for (const word of inner.toLowerCase().match(/\p{L}+/gu) ?? []) words.add(word);
    } else if (inner !== null && typeof inner === 'object') Object.values(inner).forEach(look);
  };
  look(value);
  return { numbers: numbers.sort((x, y) => x - y), words };
}
