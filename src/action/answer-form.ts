/**
 * An answer's form: does it fit the schema that was asked for, and if not, is it clear what was meant?
 *
 * @module
 */
import type { Json, JsonSchema } from '../record/index.ts';
import { checkJson } from './json-schema-check.ts';

/** A value as it is meant, or what is wrong with it. */
export type Mended = { value: Json } | { issue: string };

/**
 * Fits an answer to its schema: `'1,250.50 EUR'` is a number where a number is asked for, `42` a text where a text is.
 *
 * @example
 * ```ts
 * mendAnswer({ type: 'number' }, '1,250.50 EUR'); // { value: 1250.5 }
 * ```
 */
export function mendAnswer(schema: JsonSchema, value: Json): Mended {
  for (const meant of [value, ...readings(schema, value)]) {
    if (checkJson(schema, meant).length === 0) return { value: meant };
  }
  const [issue] = checkJson(schema, value);
  const at = issue?.path.length ? `\`${issue.path.join('.')}\`: ` : '';
  const wrong = issue?.problem ?? `expected ${issue?.expected ?? 'something else'}`;
  return { issue: `${at}${wrong}` };
}

/** What a value could be meant as, the likeliest first. */
function readings(schema: JsonSchema, value: Json): Json[] {
  const found: Json[] = [];
  const single = singleProperty(schema);
  const column = columnOf(value);
  if (column !== undefined) found.push(column);
  const [only, ...others] = column ?? [];
  if (only !== undefined && others.length === 0) found.push(only, ...readings(schema, only));
  if (typeof value === 'string') {
    const number = numberIn(value);
    if (number !== undefined) found.push(number);
    const word = value.trim().replace(/[.!]$/, '').toLowerCase();
    if (['true', 'yes'].includes(word)) found.push(true);
    if (['false', 'no'].includes(word)) found.push(false);
    if (Array.isArray(schema.enum)) {
      const same = schema.enum.find((one) => typeof one === 'string' && one.toLowerCase() === word);
      if (same !== undefined) found.push(same);
    }
    const parsed = parsedJson(value);
    if (parsed !== undefined) found.push(parsed);
  }
  if (typeof value === 'number' || typeof value === 'boolean') found.push(String(value));
  // One of a list; a text with commas may be several, and is not taken apart.
  if (!Array.isArray(value) && !isEmptyValue(value) && !(typeof value === 'string' && /[,\n]/.test(value)))
    found.push(...[value, ...found].map((one) => [one]));
  if (single !== undefined) for (const meant of [value, ...found]) found.push({ [single.name]: meant });
  if (value !== null && typeof value === 'object' && !Array.isArray(value) && single === undefined) {
    const values = Object.values(value);
    if (values.length === 1 && values[0] !== undefined) found.push(values[0]);
  }
  return found;
}

/** The first column of rows, as a query gives them. */
function columnOf(value: Json): Json[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const column = value.map((row) =>
    row === null || typeof row !== 'object' || Array.isArray(row) ? undefined : Object.values(row)[0],
  );
  return column.every((cell) => cell !== undefined) ? column : undefined;
}

/** The one property an object schema has. */
function singleProperty({ type, properties }: JsonSchema): { name: string } | undefined {
  if (type !== 'object' || properties === null || typeof properties !== 'object') return undefined;
  const [name, ...others] = Object.keys(properties);
  return name === undefined || others.length > 0 ? undefined : { name };
}

/**
 * The number a text is, with its unit or currency; none where the text says more.
 *
 * @example
 * ```ts
 * numberIn('€ 1,250.50'); // 1250.5
 * ```
 */
export function numberIn(text: string): number | undefined {
  const found =
    /^[^\d\w-]{0,3}\s*(-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(?:%|[\p{L}€$£]{1,12})?\.?$/iu.exec(
      text.trim(),
    );
  return found?.[1] === undefined ? undefined : Number(found[1].replaceAll(',', ''));
}

function parsedJson(text: string): Json | undefined {
  if (!/^\s*[[{"]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const EMPTY_TEXTS = new Set([
  '',
  'undefined',
  'null',
  'nan',
  'none',
  '[object promise]',
  '[object object]',
  '{}',
  '[]',
  'promise {}',
  'promise { <pending> }',
]);

/**
 * A value that says nothing: `''`, `{}`, `[]`, `null`, and texts like `'[object Promise]'` or `'NaN'`.
 *
 * @example
 * ```ts
 * isEmptyValue('[object Promise]'); // true
 * ```
 */
export function isEmptyValue(value: Json): boolean {
  if (value === null) return true;
  if (typeof value === 'string') return EMPTY_TEXTS.has(value.trim().toLowerCase());
  if (typeof value === 'number') return Number.isNaN(value);
  if (typeof value !== 'object') return false;
  const inner = Object.values(value);
  return inner.length === 0 || (Array.isArray(value) && inner.every((one) => one === '' || one === null));
}
