/**
 * JSON values, their canonical text and their digests.
 *
 * @module
 */
import { hash } from 'node:crypto';

/** Anything JSON can say. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A JSON Schema document, as data. */
export type JsonSchema = { [key: string]: Json };

/** Says whether a value is JSON: what `JSON.stringify` and `JSON.parse` give back equal, sign of zero aside. */
export function isJson(value: unknown): value is Json {
  const open: unknown[] = [value];
  /** What the value at hand is within: a circle is none. */
  const around = new Set<object>();
  while (open.length > 0) {
    const inner = open.pop();
    if (inner instanceof Left) {
      around.delete(inner.value);
      continue;
    }
    if (inner === null || typeof inner === 'string' || typeof inner === 'boolean') continue;
    if (typeof inner === 'number' && Number.isFinite(inner)) continue;
    if (typeof inner !== 'object' || !(Array.isArray(inner) || isPlain(inner))) return false;
    if (around.has(inner)) return false;
    around.add(inner);
    open.push(new Left(inner));
    for (const member of Array.isArray(inner) ? inner : Object.values(inner)) open.push(member);
  }
  return true;
}

/** All members of a value have been looked at. */
class Left {
  readonly value: object;

  constructor(value: object) {
    this.value = value;
  }
}

/** Also for objects of another realm, whose `Object` is not ours. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * JSON with sorted keys and no spaces (RFC 8785), so that equal values have equal text.
 * What JSON cannot say is `null`, and in an object absent, as with `JSON.stringify`.
 *
 * @example
 * ```ts
 * import { canonicalJson } from 'poact/record';
 * canonicalJson({ b: 1, a: [true] }); // '{"a":[true],"b":1}'
 * ```
 */
export function canonicalJson(value: unknown): string {
  return write(value) ?? 'null';
}

/** By hand: an object made with sorted keys would still list `10` after `9`. */
function write(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if ('toJSON' in value && typeof value.toJSON === 'function') return write(value.toJSON());
  if (Array.isArray(value)) return `[${Array.from(value, canonicalJson).join(',')}]`;
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const member = write((value as Record<string, unknown>)[key]);
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${member}`);
  }
  return `{${members.join(',')}}`;
}

const ENDS: { readonly [opening: string]: string } = { '{': '}', '[': ']' };

/**
 * The object, array or string of JSON that begins at a place in a text, and where it ends; whatever follows is left alone.
 * `undefined` when none begins there, or it has no end.
 *
 * @example
 * ```ts
 * import { jsonAt } from 'poact/record';
 * jsonAt('{"a": "}"} and more', 0); // { value: { a: '}' }, end: 10 }
 * ```
 */
export function jsonAt(text: string, start: number): { value: Json; end: number } | undefined {
  const open: string[] = [];
  for (let at = start; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '"') at = stringEnd(text, at);
    else if (char in ENDS) open.push(ENDS[char] as string);
    else if (char === '}' || char === ']') {
      if (open.pop() !== char) return undefined;
    }
    if (open.length > 0) continue;
    if (!/["}\]]/.test(char)) return undefined;
    try {
      return { value: JSON.parse(text.slice(start, at + 1)) as Json, end: at + 1 };
    } catch {
      return undefined;
    }
  }
  return undefined;
}

/** Where the string that begins at a quote has its closing one; the text's end where it has none. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

/** SHA-256 of text or bytes, in hexadecimal: the name of a blob. */
export function sha256(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex');
}

/** SHA-256 of a value's canonical JSON: what an approval is bound to. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
