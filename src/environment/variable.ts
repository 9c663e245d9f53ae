/**
 * A value made a typed variable.
 *
 * @module
 */
import type { Json } from '../record/index.ts';
import type { LoadedVariable } from './data.ts';
import { describe } from './describe.ts';
import { inferTypes } from './infer-type.ts';

/** What {@link dataVariable} is built from. */
export interface DataVariableOptions {
  /** An identifier. */
  name: string;
  value: Json;
  /** Where it comes from: a file's name, a call's id. */
  source: string;
  /** More for the doc. */
  notes?: readonly string[];
}

/**
 * Builds a variable: its type from the value, its doc from source and size.
 *
 * @example
 * ```ts
 * dataVariable({ name: 'prices', value: { lamp: 20 }, source: 'prices.json' }).type; // '{ lamp: number }'
 * ```
 */
export function dataVariable({ name, value, source, notes = [] }: DataVariableOptions): LoadedVariable {
  return {
    name,
    ...inferTypes(value),
    doc: describe(source, value, notes),
    source,
    bytes: Buffer.byteLength(JSON.stringify(value)),
    ...(Array.isArray(value) ? { rows: value.length } : {}),
    json: () => value,
  };
}
