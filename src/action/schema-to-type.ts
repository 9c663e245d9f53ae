/**
 * JSON Schema as a TypeScript type, in a bounded text.
 *
 * What the type cannot say (defaults, ranges, formats, units) stands in the doc comments of properties. Where a bound
 * leaves something out, the type is wider than the schema, never narrower: a correct program is never refused.
 *
 * @module
 */
import { docText } from '../environment/index.ts';
import { resolveRef } from './json-schema-check.ts';

/** What {@link schemaToType} is told. */
export interface SchemaToTypeOptions {
  /** Arguments are written by programs, results are read by them: what is open is `unknown` in the one, `any` in the other. */
  side: 'input' | 'output';
  /** Begins the names of types that must be declared because they hold themselves. */
  prefix: string;
}

/** A type's text, and the declarations it leans on. */
export interface TypeText {
  type: string;
  declarations: string[];
}

/** Most parts of one type; the rest is open. */
const MOST_NODES = 400;
const MOST_DEPTH = 12;
const MOST_MEMBERS = 60;
const MOST_LITERAL_CHARS = 200;
const DOC_CHARS = 240;

/**
 * The TypeScript type of a schema.
 *
 * @example
 * ```ts
 * schemaToType({ type: 'array', items: { type: 'integer' } }, { side: 'output', prefix: 'List' }).type; // 'number[]'
 * ```
 */
export function schemaToType(schema: unknown, { side, prefix }: SchemaToTypeOptions): TypeText {
  const printer = new Printer(schema, side, prefix);
  const type = printer.type(schema, 0, '');
  return { type, declarations: printer.declarations };
}

class Printer {
  readonly declarations: string[] = [];
  readonly #root: unknown;
  readonly #open: 'unknown' | 'any';
  readonly #prefix: string;
  readonly #names = new Map<string, string>();
  /** References being written out; one that comes again holds itself. */
  readonly #inside = new Set<string>();
  #nodes = 0;

  constructor(root: unknown, side: 'input' | 'output', prefix: string) {
    this.#root = root;
    this.#open = side === 'input' ? 'unknown' : 'any';
    this.#prefix = prefix;
  }

  type(schema: unknown, depth: number, indent: string): string {
    if (++this.#nodes > MOST_NODES || depth > MOST_DEPTH || !isRecord(schema)) {
      return schema === false ? 'never' : this.#open;
    }
    if (typeof schema.$ref === 'string') return this.#reference(schema.$ref, depth, indent);
    const written = this.#written(schema, depth, indent);
    return schema.nullable === true && !/(^|\| )(null|any|unknown)( \||$)/.test(written)
      ? `${written} | null`
      : written;
  }

  #written(schema: Record<string, unknown>, depth: number, indent: string): string {
    if ('const' in schema) return this.#literal(schema.const);
    if (Array.isArray(schema.enum)) return this.#enumeration(schema.enum);
    const { anyOf, oneOf, allOf } = schema;
    const choice = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : undefined;
    if (choice !== undefined && choice.length > 0) {
      const base = this.#plain({ ...schema, anyOf: undefined, oneOf: undefined }, depth, indent);
      const union = this.#union(choice.map((one) => this.type(one, depth + 1, indent)));
      return base === undefined ? union : intersection([base, union]);
    }
    if (Array.isArray(allOf) && allOf.length > 0) {
      const base = this.#plain({ ...schema, allOf: undefined }, depth, indent);
      const parts = allOf.map((one) => this.type(one, depth + 1, indent));
      return intersection(base === undefined ? parts : [base, ...parts]) || this.#open;
    }
    return this.#plain(schema, depth, indent) ?? this.#open;
  }

  /** By `type` and what else names a form; `undefined` where nothing does. */
  #plain(schema: Record<string, unknown>, depth: number, indent: string): string | undefined {
    const { type } = schema;
    if (Array.isArray(type)) {
      return this.#union(type.map((one) => this.#plain({ ...schema, type: one }, depth, indent) ?? this.#open));
    }
    switch (type) {
      case 'string':
        return 'string';
      case 'number':
      case 'integer':
        return 'number';
      case 'boolean':
        return 'boolean';
      case 'null':
        return 'null';
      case 'array':
        return this.#array(schema, depth, indent);
      case 'object':
        return this.#object(schema, depth, indent);
    }
    if (isRecord(schema.properties) || isRecord(schema.additionalProperties))
      return this.#object(schema, depth, indent);
    if (schema.items !== undefined || schema.prefixItems !== undefined) return this.#array(schema, depth, indent);
    return undefined;
  }

  #array(schema: Record<string, unknown>, depth: number, indent: string): string {
    // Draft 7 wrote tuples as `items: [...]` with `additionalItems`.
    const old = Array.isArray(schema.items);
    const tuple = Array.isArray(schema.prefixItems)
      ? schema.prefixItems
      : old
        ? (schema.items as unknown[])
        : undefined;
    if (tuple === undefined) return arrayOf(this.type(schema.items, depth + 1, indent));
    if (tuple.length > MOST_MEMBERS) return arrayOf(this.#open);
    const rest = old ? schema.additionalItems : schema.items;
    const least = typeof schema.minItems === 'number' ? schema.minItems : this.#open === 'any' ? tuple.length : 0;
    const items = tuple.map((one, at) => {
      const item = this.type(one, depth + 1, indent);
      return at < least ? item : `${needsParentheses(item) ? `(${item})` : item}?`;
    });
    if (rest !== false)
      items.push(`...${arrayOf(rest === undefined ? this.#open : this.type(rest, depth + 1, indent))}`);
    return `[${items.join(', ')}]`;
  }

  #object(schema: Record<string, unknown>, depth: number, indent: string): string {
    const properties = isRecord(schema.properties) ? Object.entries(schema.properties) : [];
    const required = new Set(Array.isArray(schema.required) ? schema.required : []);
    const inner = `${indent}  `;
    const members: string[] = [];
    let documented = false;
    for (const [name, property] of properties) {
      if (this.#nodes > MOST_NODES || members.length >= MOST_MEMBERS) {
        members.push(`[key: string]: ${this.#open}`);
        break;
      }
      const doc = notes(this.#root, property);
      if (doc !== '') documented = true;
      // A result has what its schema lists unless it says otherwise; arguments with a default may be left out.
      const optional = !required.has(name) ? '?' : '';
      const text = `${propertyName(name)}${optional}: ${this.type(property, depth + 1, inner)}`;
      members.push(doc === '' ? text : `/** ${doc} */\n${inner}${text}`);
    }
    const index = this.#index(schema, properties.length > 0, depth, inner);
    if (index !== undefined && !members.at(-1)?.startsWith('[key: string]')) members.push(index);
    if (members.length === 0) return isRecord(schema.properties) ? '{}' : `{ [key: string]: ${this.#open} }`;
    if (!documented) return `{ ${members.join('; ')} }`;
    return `{\n${members.map((member) => `${inner}${member};`).join('\n')}\n${indent}}`;
  }

  /** What other names may hold. */
  #index(schema: Record<string, unknown>, named: boolean, depth: number, indent: string): string | undefined {
    const { additionalProperties, patternProperties } = schema;
    if (isRecord(patternProperties) && Object.keys(patternProperties).length > 0) return `[key: string]: ${this.#open}`;
    if (additionalProperties === undefined || additionalProperties === false) return undefined;
    // Named properties must fit the index's type too, so beside them it is open.
    if (named || additionalProperties === true) return `[key: string]: ${this.#open}`;
    return `[key: string]: ${this.type(additionalProperties, depth + 1, indent)}`;
  }

  #reference(reference: string, depth: number, indent: string): string {
    const target = resolveRef(this.#root, reference);
    if (!isRecord(target)) return this.#open;
    const known = this.#names.get(reference);
    if (known !== undefined) return known;
    if (this.#inside.has(reference)) {
      const name = this.#freshName(reference);
      this.#names.set(reference, name);
      return name;
    }
    this.#inside.add(reference);
    const written = this.type(target, depth + 1, indent);
    this.#inside.delete(reference);
    const name = this.#names.get(reference);
    if (name === undefined) return written;
    this.declarations.push(`type ${name} = ${this.#unindented(written, indent)};`);
    return name;
  }

  #unindented(text: string, indent: string): string {
    return text.replaceAll(`\n${indent}`, '\n');
  }

  #freshName(reference: string): string {
    const last =
      reference
        .split('/')
        .at(-1)
        ?.replaceAll(/[^A-Za-z0-9_$]/g, '') ?? '';
    const base = `${this.#prefix}${last === '' ? 'Value' : last.charAt(0).toUpperCase() + last.slice(1)}`.slice(0, 80);
    const taken = new Set(this.#names.values());
    let name = base;
    for (let count = 2; taken.has(name); count++) name = `${base}${count}`;
    return name;
  }

  #enumeration(values: unknown[]): string {
    if (values.length === 0) return 'never';
    if (values.length > MOST_MEMBERS) {
      const kinds = new Set(values.map((value) => this.#widened(value)));
      return this.#union([...kinds]);
    }
    return this.#union(values.map((value) => this.#literal(value)));
  }

  #literal(value: unknown): string {
    if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'number';
    if (value === null || typeof value === 'boolean') return String(value);
    if (typeof value !== 'string' || value.length > MOST_LITERAL_CHARS) return this.#widened(value);
    return literalText(value);
  }

  #widened(value: unknown): string {
    return value === null ? 'null' : typeof value === 'object' || value === undefined ? this.#open : typeof value;
  }

  #union(members: string[]): string {
    const distinct = [...new Set(members)];
    if (distinct.includes('any')) return 'any';
    if (distinct.includes('unknown')) return 'unknown';
    const kept = distinct.length > 1 ? distinct.filter((member) => member !== 'never') : distinct;
    return kept.map((member) => (/&/.test(bare(member)) ? `(${member})` : member)).join(' | ') || 'never';
  }
}

/**
 * What a schema says beside its type: description, format, range, default. One line; empty where there is nothing.
 */
export function notes(root: unknown, schema: unknown): string {
  if (!isRecord(schema)) return '';
  const target = typeof schema.$ref === 'string' ? resolveRef(root, schema.$ref) : undefined;
  const all: Record<string, unknown> = isRecord(target) ? { ...target, ...schema } : schema;
  const said: string[] = [];
  const sentence =
    typeof all.description === 'string' ? all.description : typeof all.title === 'string' ? all.title : '';
  if (sentence.trim() !== '') said.push(sentence.trim().replace(/[.;,]$/, ''));
  if (typeof all.format === 'string') said.push(all.format);
  const range = rangeOf(all);
  const types = Array.isArray(all.type) ? all.type : [all.type];
  if (types.includes('integer')) said.push(range === '' ? 'integer' : `integer ${range}`);
  else if (range !== '') said.push(range);
  if (typeof all.multipleOf === 'number') said.push(`a multiple of ${all.multipleOf}`);
  if (typeof all.pattern === 'string' && all.format === undefined && all.pattern.length <= 80)
    said.push(`matches ${all.pattern}`);
  for (const [least, most, what] of [
    [all.minLength, all.maxLength, 'characters'],
    [all.minItems, all.maxItems, 'items'],
  ] as const) {
    const count = span(least, most);
    if (count !== '') said.push(`${count} ${what}`);
  }
  if (Array.isArray(all.enum) && all.enum.length > MOST_MEMBERS) {
    const some = all.enum.slice(0, 8).map((value) => JSON.stringify(value));
    said.push(`one of ${some.join(', ')} and ${all.enum.length - some.length} more`);
  }
  if (all.default !== undefined) said.push(`default ${JSON.stringify(all.default)}`);
  if (all.deprecated === true) said.push('deprecated');
  return docText(said.join('; '), DOC_CHARS);
}

function rangeOf(schema: Record<string, unknown>): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (typeof exclusiveMinimum === 'number')
    return `above ${exclusiveMinimum}${typeof maximum === 'number' && safe(maximum) ? `, at most ${maximum}` : ''}`;
  if (typeof exclusiveMaximum === 'number')
    return `${typeof minimum === 'number' && safe(minimum) ? `at least ${minimum}, ` : ''}below ${exclusiveMaximum}`;
  return span(minimum, maximum);
}

function span(least: unknown, most: unknown): string {
  const low = typeof least === 'number' && safe(least) ? least : undefined;
  const high = typeof most === 'number' && safe(most) ? most : undefined;
  if (low !== undefined && high !== undefined) return low === high ? `${low}` : `${low} to ${high}`;
  if (low !== undefined) return `at least ${low}`;
  return high === undefined ? '' : `at most ${high}`;
}

/** Schema libraries write the largest safe integer where there is no bound. */
const safe = (bound: number) => Math.abs(bound) < Number.MAX_SAFE_INTEGER;

/** A string literal's text; what could end a code fence around it is escaped. */
function literalText(text: string): string {
  return JSON.stringify(text)
    .replaceAll('`', '\\u0060')
    .replaceAll('<|', '<\\u007c')
    .replaceAll('|>', '\\u007c>')
    .replace(
      /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
      (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}

function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== '__proto__' ? name : literalText(name);
}

function arrayOf(item: string): string {
  return needsParentheses(item) ? `(${item})[]` : `${item}[]`;
}

function needsParentheses(type: string): boolean {
  return /[|&]/.test(bare(type));
}

function intersection(parts: string[]): string {
  const kept = [...new Set(parts)].filter((part) => part !== 'unknown' && part !== 'any');
  if (kept.length === 0) return parts[0] ?? '';
  return kept.length === 1
    ? (kept[0] as string)
    : kept.map((part) => (needsParentheses(part) ? `(${part})` : part)).join(' & ');
}

/** A type's text without what stands in quotes, comments, braces, brackets and parentheses. */
function bare(type: string): string {
  let depth = 0;
  let text = '';
  const plain = type.replace(/"(?:[^"\\]|\\.)*"|\/\*\*.*?\*\//g, '');
  for (const character of plain) {
    if ('{(['.includes(character)) depth += 1;
    if (depth === 0) text += character;
    if ('})]'.includes(character)) depth -= 1;
  }
  return text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
