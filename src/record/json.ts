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

/**
 * JSON with sorted keys and no spaces, so that equal values have equal text.
 *
 * @example
 * ```ts
 * canonicalJson({ b: 1, a: [true] }); // '{"a":[true],"b":1}'
 * ```
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    const sorted: Record<string, unknown> = {};
    for (const key of Object.keys(inner).sort()) {
      Object.defineProperty(sorted, key, { value: (inner as Record<string, unknown>)[key], enumerable: true });
    }
    return sorted;
  });
}

/** SHA-256 of text or bytes, in hexadecimal: the name of a blob. */
export function sha256(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex');
}

/** SHA-256 of a value's canonical JSON: what an approval is bound to. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value) ?? 'undefined');
}
