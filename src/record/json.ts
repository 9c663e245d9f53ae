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
  while (open.length > 0) {
    const inner = open.pop();
    if (inner === null || typeof inner === 'string' || typeof inner === 'boolean') continue;
    if (typeof inner === 'number' && Number.isFinite(inner)) continue;
    if (typeof inner !== 'object' || !(Array.isArray(inner) || isPlain(inner))) return false;
    for (const member of Array.isArray(inner) ? inner : Object.values(inner)) open.push(member);
  }
  return true;
}

/** Also for objects of another realm, whose `Object` is not ours. */
function isPlain(value: object): boolean {
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

/** SHA-256 of text or bytes, in hexadecimal: the name of a blob. */
export function sha256(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex');
}

/** SHA-256 of a value's canonical JSON: what an approval is bound to. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
