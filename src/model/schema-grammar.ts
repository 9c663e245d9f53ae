/**
 * JSON Schema to GBNF, the grammar that llama.cpp samples under.
 *
 * The JSON it forces is compact (at most one space after `:` and `,`), has its properties in the schema's order, and
 * ends with its last bracket: fewer tokens than pretty-printed JSON, and no run of spaces a small model could get lost
 * in. What a grammar cannot say (`pattern`, `multipleOf`, bounds of numbers) is left open; validate the reply.
 *
 * @module
 */
import type { Json, JsonSchema } from '../record/index.ts';

const PRIMITIVES: Record<string, string> = {
  ws: '" "?',
  char: '[^"\\\\\\x00-\\x1f] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F]{4})',
  string: '"\\"" char* "\\""',
  // Bounded, or a small model writes digits until the context is full.
  integer: '"-"? ("0" | [1-9] [0-9]{0,15})',
  number: 'integer ("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,3})?',
  boolean: '"true" | "false"',
  null: '"null"',
  value: 'object | array | string | number | boolean | null',
  object: '"{" (string ":" ws value ("," ws string ":" ws value)*)? "}"',
  array: '"[" (value ("," ws value)*)? "]"',
};

/** A grammar whose only texts are JSON values of the schema. */
export function schemaGrammar(schema: JsonSchema): string {
  const rules = new Map<string, string>();
  const names = new Map<string, string>();

  const add = (body: string): string => {
    for (const [name, known] of rules) if (known === body) return name;
    const name = `r${rules.size}`;
    rules.set(name, body);
    return name;
  };

  const rule = (node: Json | undefined): string => {
    if (node === undefined || node === true || node === null || typeof node !== 'object' || Array.isArray(node)) {
      return 'value';
    }
    if (typeof node.$ref === 'string') return reference(node.$ref);
    if ('const' in node) return add(literal(node.const));
    if (Array.isArray(node.enum)) return add(node.enum.map(literal).join(' | '));
    const either = node.anyOf ?? node.oneOf;
    if (Array.isArray(either)) return add(either.map(rule).join(' | '));
    if (Array.isArray(node.allOf)) return rule(merged(node, node.allOf));
    if (Array.isArray(node.type)) return add(node.type.map((type) => rule({ ...node, type })).join(' | '));
    if (node.type === 'object' || 'properties' in node) return objectRule(node);
    if (node.type === 'array') return arrayRule(node);
    if (node.type === 'string') return stringRule(node);
    if (typeof node.type === 'string' && node.type in PRIMITIVES) return node.type;
    return 'value';
  };

  const reference = (ref: string): string => {
    const known = names.get(ref);
    if (known !== undefined) return known;
    const name = `ref${names.size}`;
    names.set(ref, name);
    rules.set(name, rule(lookUp(schema, ref)));
    return name;
  };

  const objectRule = (node: JsonSchema): string => {
    const properties = Object.entries((node.properties ?? {}) as JsonSchema);
    const required = new Set(Array.isArray(node.required) ? node.required : []);
    const extra = typeof node.additionalProperties === 'object' ? rule(node.additionalProperties) : undefined;
    if (properties.length === 0) {
      if (node.additionalProperties === false) return add('"{}"');
      if (extra === undefined) return 'object';
      return add(`"{" (string ":" ws ${extra} ("," ws string ":" ws ${extra})*)? "}"`);
    }
    const pair = ([name, child]: [string, Json]) => `${literal(name)} ":" ws ${rule(child)}`;
    const always = properties.filter(([name]) => required.has(name)).map(pair);
    const maybe = properties.filter(([name]) => !required.has(name)).map(pair);
    if (always.length > 0) {
      const tail = maybe.map((text) => `("," ws ${text})?`);
      return add(['"{"', always.join(' "," ws '), ...tail, '"}"'].join(' '));
    }
    // Nothing is required: any subset, in order. The first that is there decides which may follow.
    const starts = maybe.map((text, at) => [text, ...maybe.slice(at + 1).map((next) => `("," ws ${next})?`)].join(' '));
    return add(`"{" (${starts.join(' | ')})? "}"`);
  };

  const arrayRule = (node: JsonSchema): string => {
    if (Array.isArray(node.prefixItems)) return add(`"[" ${node.prefixItems.map(rule).join(' "," ws ')} "]"`);
    const item = rule(node.items);
    const least = typeof node.minItems === 'number' ? node.minItems : 0;
    const most = typeof node.maxItems === 'number' ? node.maxItems : undefined;
    if (most === 0) return add('"[]"');
    const more = `("," ws ${item}){${Math.max(least - 1, 0)},${most === undefined ? '' : most - 1}}`;
    return add(least === 0 ? `"[" (${item} ${more})? "]"` : `"[" ${item} ${more} "]"`);
  };

  const stringRule = (node: JsonSchema): string => {
    if (node.format === 'date') return add('"\\"" [0-9]{4} "-" [0-9]{2} "-" [0-9]{2} "\\""');
    if (node.format === 'date-time') {
      return add(
        '"\\"" [0-9]{4} "-" [0-9]{2} "-" [0-9]{2} "T" [0-9]{2} ":" [0-9]{2} ":" [0-9]{2} ("." [0-9]{1,6})? "Z\\""',
      );
    }
    const { minLength, maxLength } = node;
    if (typeof minLength !== 'number' && typeof maxLength !== 'number') return 'string';
    return add(`"\\"" char{${minLength ?? 0},${maxLength ?? ''}} "\\""`);
  };

  const root = rule(schema);
  return print({ root, ...Object.fromEntries(rules) });
}

/** A grammar whose only texts are the choices. */
export function choicesGrammar(choices: readonly string[]): string {
  return `root ::= ${choices.map(quoted).join(' | ')}\n`;
}

/** The rules that are used, and the primitives they lean on. */
function print(rules: Record<string, string>): string {
  const all: Record<string, string> = { ...PRIMITIVES, ...rules };
  const used = new Set<string>();
  const visit = (name: string) => {
    if (used.has(name) || !(name in all)) return;
    used.add(name);
    for (const word of all[name]!.replace(/"(?:[^"\\]|\\.)*"|\[(?:[^\]\\]|\\.)*\]/g, ' ').match(/[a-z]\w*/g) ?? [])
      visit(word);
  };
  visit('root');
  return [...used].map((name) => `${name} ::= ${all[name]}\n`).join('');
}

const literal = (value: Json) => quoted(JSON.stringify(value));

/** A GBNF string literal. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`;
}

function lookUp(schema: JsonSchema, ref: string): Json | undefined {
  if (!ref.startsWith('#')) return undefined;
  let node: Json | undefined = schema;
  for (const step of ref.split('/').slice(1)) {
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    node = typeof node === 'object' && node !== null && !Array.isArray(node) ? node[key] : undefined;
  }
  return node;
}

/** `allOf` of objects, as one object. */
function merged(node: JsonSchema, parts: Json[]): JsonSchema {
  const { allOf: _, ...rest } = node;
  const all = [rest, ...parts].filter(
    (part): part is JsonSchema => typeof part === 'object' && part !== null && !Array.isArray(part),
  );
  const properties = Object.assign({}, ...all.map((part) => part.properties ?? {}));
  const required = all.flatMap((part) => (Array.isArray(part.required) ? part.required : []));
  const hasProperties = Object.keys(properties).length > 0;
  return Object.assign({}, ...all, hasProperties ? { type: 'object', properties, required } : {});
}
