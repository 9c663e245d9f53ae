/**
 * The TypeScript type of a JSON value, inferred from the value, in a bounded text.
 *
 * Where the bound leaves something out it says `any`: a correct program is never refused for what was not written down.
 * What a model is shown says more: which texts a column holds where they are few, and the span of dates.
 *
 * @module
 */
import type { Json } from '../record/index.ts';
import { inert } from './inert.ts';
import { type Leaf, learnLeaf, newLeaf, sayKeys, sayText } from './leaf.ts';

/** Bounds of a type's text. */
interface Bounds {
  fields: number;
  depth: number;
}

interface Detail extends Bounds {
  words: Words;
}

/** Where in the type something stands. */
interface Place {
  depth: number;
  isElement?: boolean;
}

/** Tried in turn until the text is short enough. */
const DETAILS: readonly Bounds[] = [
  { fields: 40, depth: 6 },
  { fields: 40, depth: 3 },
  { fields: 20, depth: 2 },
  { fields: 8, depth: 1 },
];
/** Longest text of a type, in characters. */
const LONGEST = 3_000;
/** Fields that are told apart in one object; the rest are merged. */
const TRACKED = 64;
/** Longest key that is written out: a longer one is a value that lost its way. */
const LONGEST_KEY = 120;
const DEEPEST = 12;

interface Shape {
  kinds: Set<'string' | 'number' | 'boolean' | 'null' | 'array' | 'object' | 'deep'>;
  element?: Shape;
  fields?: Map<string, { shape: Shape; count: number }>;
  rest?: Shape;
  objects: number;
  /** What its texts are. */
  leaf?: Leaf;
}

/** A type as the check knows it, and as a model is shown it. */
export interface InferredType {
  type: string;
  /** The same type with comments on the texts that a column holds: `{ status: string /* "done" | "open" *\/ }[]`. */
  shown: string;
}

/**
 * The type of a value.
 *
 * @example
 * ```ts
 * inferType([{ supplier: 'Nord', priceEur: 20, note: null }, { supplier: 'Süd', priceEur: 19.5, note: 'new' }]);
 * // '{ supplier: string; priceEur: number; note: string | null }[]'
 * ```
 */
export function inferType(value: Json): string {
  return typeText(shapeOf(value), PLAIN);
}

/**
 * The type of a value, and what a model is shown of it.
 *
 * @example
 * ```ts
 * const rows = ['open', 'done', 'open', 'done'].map((status, id) => ({ id, status }));
 * inferTypes(rows).shown; // '{ id: number; status: string /* "done" | "open" *\/ }[]'
 * ```
 */
export function inferTypes(value: Json): InferredType {
  return typesOf(shapeOf(value));
}

/** Types of rows that come one by one. */
export function rowTyper(): { add(row: Json): void; types(): InferredType } {
  const shape: Shape = { ...newShape(), kinds: new Set(['array']), element: newShape() };
  return {
    add: (row) => learn(shape.element as Shape, row, 1),
    types: () => typesOf(shape),
  };
}

const typesOf = (shape: Shape): InferredType => ({ type: typeText(shape, PLAIN), shown: typeText(shape, SHOWN) });

function shapeOf(value: Json): Shape {
  const shape = newShape();
  learn(shape, value, 0);
  return shape;
}

/** How leaves are said. */
interface Words {
  text(leaf: Leaf | undefined): string;
  keys(keys: readonly string[]): string;
}

const PLAIN: Words = { text: () => 'string', keys: () => '' };
const SHOWN: Words = { text: sayText, keys: sayKeys };

const newShape = (): Shape => ({ kinds: new Set(), objects: 0 });

function learn(shape: Shape, value: Json, depth: number): void {
  if (value === null) shape.kinds.add('null');
  else if (typeof value !== 'object') {
    shape.kinds.add(typeof value as 'string');
    if (typeof value !== 'string') return;
    shape.leaf ??= newLeaf();
    learnLeaf(shape.leaf, value);
  } else if (depth >= DEEPEST) shape.kinds.add('deep');
  else if (Array.isArray(value)) {
    shape.kinds.add('array');
    shape.element ??= newShape();
    for (const one of value) learn(shape.element, one, depth + 1);
  } else {
    shape.kinds.add('object');
    shape.objects += 1;
    shape.fields ??= new Map();
    for (const key of Object.keys(value)) {
      let field = shape.fields.get(key);
      if (field === undefined && shape.fields.size < TRACKED && key.length <= LONGEST_KEY) {
        field = { shape: newShape(), count: 0 };
        shape.fields.set(key, field);
      }
      if (field !== undefined) field.count += 1;
      shape.rest ??= newShape();
      learn(field?.shape ?? shape.rest, value[key] as Json, depth + 1);
    }
  }
}

function typeText(shape: Shape, words: Words): string {
  for (const detail of DETAILS) {
    const text = print(shape, { ...detail, words }, { depth: 0 });
    if (text.length <= LONGEST) return text;
  }
  return shape.kinds.has('array') ? 'any[]' : 'any';
}

function print(shape: Shape, detail: Detail, { depth, isElement = false }: Place): string {
  const { kinds, leaf } = shape;
  const { words } = detail;
  if (kinds.size === 0 || kinds.has('deep')) return 'any';
  if (kinds.size === 1 && kinds.has('null')) return depth === 0 ? 'null' : 'any';
  const members: string[] = [];
  if (kinds.has('string')) members.push(words.text(leaf));
  if (kinds.has('number')) members.push('number');
  if (kinds.has('boolean')) members.push('boolean');
  if (kinds.has('array')) {
    const inner = { depth: depth + 1, isElement: true };
    const element = depth > detail.depth || shape.element === undefined ? 'any' : print(shape.element, detail, inner);
    members.push(/ \| | \/\*/.test(outside(element)) ? `(${element})[]` : `${element}[]`);
  }
  if (kinds.has('object')) members.push(printObject(shape, detail, depth, isElement));
  if (kinds.has('null')) members.push('null');
  return members.includes('any') ? 'any' : members.join(' | ');
}

function printObject(shape: Shape, detail: Detail, depth: number, isElement: boolean): string {
  const fields = [...(shape.fields ?? [])];
  if (depth > detail.depth) return '{ [key: string]: any }';
  const restUsed = (shape.rest?.kinds.size ?? 0) > 0;
  if (fields.length === 0 && !restUsed) return '{ [key: string]: any }';
  const said = (words: Words) => ({
    types: fields.map(([, field]) => print(field.shape, { ...detail, words }, { depth: depth + 1 })),
    rest: restUsed ? print(shape.rest as Shape, { ...detail, words }, { depth: depth + 1 }) : undefined,
  });
  const { types, rest } = said(PLAIN);
  const alike = new Set(rest === undefined ? types : [...types, rest]);
  // Many keys of one kind are a dictionary: its keys are data, not fields.
  if (!isElement && shape.objects === 1 && (restUsed || fields.length > detail.fields) && alike.size === 1) {
    return `{ [key: string${detail.words.keys(fields.map(([key]) => key))}]: ${types[0]} }`;
  }
  const shown = detail.words === PLAIN ? types : said(detail.words).types;
  const lines = fields.slice(0, detail.fields).map(([key, field], at) => {
    return `${fieldText(key)}${field.count < shape.objects ? '?' : ''}: ${shown[at]}`;
  });
  if (restUsed || fields.length > detail.fields) {
    lines.push(`[column: string]: ${alike.size === 1 ? types[0] : 'any'}`);
  }
  return `{ ${lines.join('; ')} }`;
}

/** A field's name as a type has it. */
export const fieldText = (key: string): string => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : inert(JSON.stringify(key)));

/** A type's text without what stands in braces and parentheses. */
function outside(type: string): string {
  let depth = 0;
  let text = '';
  for (const character of type) {
    if ('{('.includes(character)) depth += 1;
    if (depth === 0) text += character;
    if ('})'.includes(character)) depth -= 1;
  }
  return text;
}
