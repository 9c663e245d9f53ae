/**
 * Checks a JSON value against a JSON Schema document (draft 7 to 2020-12, and OpenAPI's `nullable`).
 *
 * Unknown keywords, `format` and references to other documents accept everything, as the specification allows.
 *
 * @module
 */
import type { JsonSchema } from '../record/index.ts';

/** One thing that is wrong. */
export interface SchemaIssue {
  path: (string | number)[];
  /** What was expected, in TypeScript's words, where that can be said. */
  expected?: string;
  /** What is wrong, in a sentence's words, where `expected` is not enough. */
  problem?: string;
}

/** What is wrong with a value; nothing when it fits. At most a few issues are listed. */
export function checkJson(root: JsonSchema, value: unknown): SchemaIssue[] {
  const issues: SchemaIssue[] = [];
  new Check(root, issues).value(root, value, [], 0);
  return issues.slice(0, 10);
}

/** Where references lead in circles, or documents are absurdly deep, the rest is accepted. */
const MOST_DEPTH = 200;
/** Regular expressions come from outside, too; these bounds keep the worst one polynomial. */
const PATTERN_CHARS = 1_000;

const NONE: readonly never[] = [];

class Check {
  readonly #root: unknown;
  readonly #issues: SchemaIssue[];

  constructor(root: unknown, issues: SchemaIssue[]) {
    this.#root = root;
    this.#issues = issues;
  }

  value(schema: unknown, value: unknown, path: (string | number)[], depth: number): void {
    if (depth > MOST_DEPTH || this.#issues.length >= 10 || schema === true || schema === undefined) return;
    if (!isRecord(schema)) {
      if (schema === false) this.#wrong(path, undefined, 'nothing is allowed here');
      return;
    }
    if (typeof schema.$ref === 'string') this.value(resolveRef(this.#root, schema.$ref), value, path, depth + 1);
    if (value === null && schema.nullable === true) return;
    const expected = mismatch(schema, value);
    if (expected !== undefined) {
      this.#wrong(path, expected);
      return;
    }
    if (typeof value === 'number') this.#number(schema, value, path);
    else if (typeof value === 'string') this.#string(schema, value, path);
    else if (Array.isArray(value)) this.#array(schema, value, path, depth);
    else if (isRecord(value)) this.#object(schema, value, path, depth);
    this.#combined(schema, value, path, depth);
  }

  #number(schema: Record<string, unknown>, value: number, path: (string | number)[]): void {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
    if (typeof minimum === 'number' && (exclusiveMinimum === true ? value <= minimum : value < minimum)) {
      this.#wrong(path, `a number of at least ${minimum}`);
    }
    if (typeof maximum === 'number' && (exclusiveMaximum === true ? value >= maximum : value > maximum)) {
      this.#wrong(path, `a number of at most ${maximum}`);
    }
    if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum) {
      this.#wrong(path, `a number above ${exclusiveMinimum}`);
    }
    if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum) {
      this.#wrong(path, `a number below ${exclusiveMaximum}`);
    }
    if (typeof multipleOf === 'number' && multipleOf > 0) {
      const times = value / multipleOf;
      if (Math.abs(times - Math.round(times)) > 1e-9) this.#wrong(path, `a multiple of ${multipleOf}`);
    }
  }

  #string(schema: Record<string, unknown>, value: string, path: (string | number)[]): void {
    const { minLength, maxLength, pattern } = schema;
    if (typeof minLength === 'number' && [...value].length < minLength) {
      this.#wrong(path, `text of at least ${minLength} characters`);
    }
    if (typeof maxLength === 'number' && [...value].length > maxLength) {
      this.#wrong(path, `text of at most ${maxLength} characters`);
    }
    if (typeof pattern !== 'string' || value.length > PATTERN_CHARS) return;
    const expression = safePattern(pattern);
    if (expression !== undefined && !expression.test(value)) this.#wrong(path, `text that matches ${pattern}`);
  }

  #array(schema: Record<string, unknown>, value: unknown[], path: (string | number)[], depth: number): void {
    const { minItems, maxItems, uniqueItems } = schema;
    if (typeof minItems === 'number' && value.length < minItems) this.#wrong(path, `at least ${minItems} items`);
    if (typeof maxItems === 'number' && value.length > maxItems) this.#wrong(path, `at most ${maxItems} items`);
    if (uniqueItems === true && new Set(value.map((item) => JSON.stringify(item))).size < value.length) {
      this.#wrong(path, undefined, 'its items must differ');
    }
    // Draft 7 wrote tuples as `items: [...]` with `additionalItems`.
    const tuple = Array.isArray(schema.prefixItems)
      ? schema.prefixItems
      : Array.isArray(schema.items)
        ? schema.items
        : [];
    const rest = Array.isArray(schema.items) ? schema.additionalItems : schema.items;
    for (const [at, item] of value.entries()) {
      this.#member(at < tuple.length ? tuple[at] : rest, item, path, at, depth);
    }
  }

  #object(
    schema: Record<string, unknown>,
    value: Record<string, unknown>,
    path: (string | number)[],
    depth: number,
  ): void {
    const properties = isRecord(schema.properties) ? schema.properties : {};
    if (Array.isArray(schema.required)) {
      for (const name of schema.required) {
        if (typeof name !== 'string' || Object.hasOwn(value, name)) continue;
        this.#wrong([...path, name], expectedOf(Object.hasOwn(properties, name) ? properties[name] : undefined));
      }
    }
    const patterns = isRecord(schema.patternProperties) ? Object.entries(schema.patternProperties) : NONE;
    for (const name of Object.keys(value)) {
      const inner = value[name];
      if (Object.hasOwn(properties, name)) {
        this.#member(properties[name], inner, path, name, depth);
        continue;
      }
      const matching = patterns.filter(([pattern]) => safePattern(pattern)?.test(name) === true);
      for (const [, one] of matching) this.#member(one, inner, path, name, depth);
      if (matching.length > 0) continue;
      if (schema.additionalProperties === false) this.#wrong([...path, name], undefined, 'there is no such property');
      else this.#member(schema.additionalProperties, inner, path, name, depth);
    }
  }

  /** One path for all, as long as nothing is wrong: a copy of it for each member would be most of a check. */
  #member(schema: unknown, value: unknown, path: (string | number)[], at: string | number, depth: number): void {
    path.push(at);
    this.value(schema, value, path, depth + 1);
    path.pop();
  }

  #combined(schema: Record<string, unknown>, value: unknown, path: (string | number)[], depth: number): void {
    if (Array.isArray(schema.allOf)) for (const one of schema.allOf) this.value(one, value, path, depth + 1);
    for (const choice of [schema.anyOf, schema.oneOf]) {
      if (!Array.isArray(choice) || choice.length === 0) continue;
      const tries = choice.map((one) => this.#try(one, value, path, depth));
      if (tries.some((issues) => issues.length === 0)) continue;
      // The member that got furthest is the one that was meant.
      const deepest = tries.toSorted((a, b) => depthOf(b) - depthOf(a))[0] ?? [];
      if (depthOf(deepest) > path.length) this.#issues.push(...deepest);
      else this.#wrong(path, listed(choice.map(expectedOf)));
    }
    if (
      isRecord(schema.not) &&
      Object.keys(schema.not).length > 0 &&
      this.#try(schema.not, value, path, depth).length === 0
    ) {
      this.#wrong(path, undefined, 'this value is excluded');
    }
  }

  #try(schema: unknown, value: unknown, path: (string | number)[], depth: number): SchemaIssue[] {
    const issues: SchemaIssue[] = [];
    new Check(this.#root, issues).value(schema, value, path, depth + 1);
    return issues;
  }

  #wrong(path: (string | number)[], expected: string | undefined, problem?: string): void {
    this.#issues.push({
      path: [...path],
      ...(expected === undefined ? {} : { expected }),
      ...(problem === undefined ? {} : { problem }),
    });
  }
}

/** What a local reference (`#/$defs/item`) points at; everything is allowed where it cannot be followed. */
export function resolveRef(root: unknown, reference: string): unknown {
  if (reference !== '#' && !reference.startsWith('#/')) return true;
  let at: unknown = root;
  for (const step of reference.split('/').slice(1)) {
    let name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    try {
      name = decodeURIComponent(name);
    } catch {
      // A stray percent sign stands for itself.
    }
    if (!(isRecord(at) || Array.isArray(at)) || !Object.hasOwn(at, name)) return true;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

function depthOf(issues: SchemaIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

/** What was expected, where constant, enumeration or type do not fit. */
function mismatch(schema: Record<string, unknown>, value: unknown): string | undefined {
  if ('const' in schema && !equal(schema.const, value)) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum) && !schema.enum.some((one) => equal(one, value)))
    return expectedOf({ enum: schema.enum });
  if (typeof schema.type === 'string') return hasType(schema.type, value) ? undefined : schema.type;
  const types = Array.isArray(schema.type) ? schema.type : NONE;
  if (types.length > 0 && !types.some((type) => hasType(type, value))) return listed(types.map(String));
  return undefined;
}

function hasType(type: unknown, value: unknown): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value);
    case 'string':
    case 'boolean':
      return typeof value === type;
    default:
      return true;
  }
}

function expectedOf(schema: unknown): string {
  if (!isRecord(schema)) return 'a value';
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return listed(schema.enum.map((one) => JSON.stringify(one)));
  if (typeof schema.type === 'string') return schema.type;
  if (Array.isArray(schema.type)) return listed(schema.type.map(String));
  return 'a value';
}

function listed(words: readonly string[]): string {
  const shown = words.length > 12 ? [...words.slice(0, 12), '…'] : words;
  return shown.join(' | ');
}

/** A pattern without nested repetition and back references; others are not tried. */
function safePattern(pattern: string): RegExp | undefined {
  if (pattern.length > 500 || /\)[*+{]|\\[1-9]|\\k/.test(pattern)) return undefined;
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return undefined;
  }
}

function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every(
    (name) =>
      Object.hasOwn(b, name) && equal((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
