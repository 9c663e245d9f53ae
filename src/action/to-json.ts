/**
 * Makes any value JSON, so that what a tool returned can be logged, hashed and handed to a guest.
 *
 * @module
 */
import type { Json } from '../record/index.ts';

/** Deeper than any real result, and shallow enough for the stack. */
const MOST_DEPTH = 1_000;

/**
 * A copy of a value as JSON. Nothing is refused, because the tool has done its work:
 * `undefined`, `NaN` and functions alone become `null`; functions and `undefined` in objects are left out; a date becomes
 * ISO text, a big integer a number or else text, a map an object, a set an array, bytes base64 text, an error its name and
 * message; where a value holds itself stands the text `[circular]`.
 */
export function toJson(value: unknown): Json {
  return converted(value, [], '') ?? null;
}

function converted(value: unknown, ancestors: object[], key: string): Json | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
      return value;
    case 'number':
      // `+ 0` makes zero of minus zero, as JSON does.
      return Number.isFinite(value) ? value + 0 : null;
    case 'bigint':
      return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
    case 'object':
      break;
    default:
      return undefined;
  }
  if (value === null) return null;
  if (ancestors.includes(value)) return '[circular]';
  if (ancestors.length >= MOST_DEPTH) return '[too deep]';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  ancestors.push(value);
  const json = composed(value, ancestors, key);
  ancestors.pop();
  return json;
}

function composed(value: object, ancestors: object[], key: string): Json | undefined {
  if ('toJSON' in value && typeof value.toJSON === 'function') return converted(value.toJSON(key), ancestors, key);
  if (Array.isArray(value)) return Array.from(value, (item, at) => converted(item, ancestors, String(at)) ?? null);
  if (value instanceof Set || (ArrayBuffer.isView(value) && !(value instanceof DataView))) {
    return Array.from(value as Iterable<unknown>, (item, at) => converted(item, ancestors, String(at)) ?? null);
  }
  if (value instanceof Error) return { name: value.name, message: value.message };
  const entries = value instanceof Map ? value.entries() : Object.entries(value);
  const object: { [key: string]: Json } = {};
  for (const [name, inner] of entries) {
    const json = converted(inner, ancestors, String(name));
    if (json === undefined) continue;
    // A plain assignment to `__proto__` would be lost.
    if (name === '__proto__') {
      Object.defineProperty(object, name, { value: json, enumerable: true, writable: true, configurable: true });
    } else object[String(name)] = json;
  }
  return object;
}
