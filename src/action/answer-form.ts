/**
 * An answer's form: does it fit the schema that was asked for, and if not, is it clear what was meant?
 *
 * @module
 */
import type { Json, JsonSchema } from '../record/index.ts';
import { checkJson } from './json-schema-check.ts';
import { magnitudeOf } from './meant-numbers.ts';
import { columnMeant } from './row-column.ts';

/** A value as it is meant, or what is wrong with it. */
export type Mended = { value: Json } | { issue: string };

/**
 * Fits an answer to its schema: `'1,250.50 EUR'` is a number where a number is asked for, `42` a text where a text is. The task
 * says which column of rows is asked for.
 *
 * @example
 * ```ts
 * mendAnswer({ type: 'number' }, '1,250.50 EUR'); // { value: 1250.5 }
 * ```
 */
export function mendAnswer(schema: JsonSchema, value: Json, task = ''): Mended {
  const column = columnMeant(value, waysToRead(schema), task);
  const cells = column !== undefined && 'cells' in column ? column.cells : undefined;
  // The task may ask for such a word: `where there is none, ["none"]`.
  const asked = typeof value === 'string' && value !== '' && task.includes(`"${value}"`) ? [[value]] : [];
  for (const meant of [
    ...forNothing(value, task),
    ...yesOrNo(value, task),
    value,
    ...readings(schema, value, cells),
    ...asked,
  ]) {
    if (checkJson(schema, meant).length === 0) return { value: meant };
  }
  if (column !== undefined && 'columns' in column && (isOfMany(schema) || (value as Json[]).length === 1)) {
    const names = column.columns.map((name) => `\`${name}\``).join(', ');
    return { issue: `the rows have ${names}; answer with one of them` };
  }
  const [issue] = checkJson(schema, value);
  const at = issue?.path.length ? `\`${issue.path.join('.')}\`: ` : '';
  const wrong = issue?.problem ?? `expected ${issue?.expected ?? 'something else'}`;
  return { issue: `${at}${wrong}` };
}

/** `where there is none, ["none"]`, `if nothing is found, answer "none"`: what the task wants in place of nothing. */
const FOR_NOTHING =
  /\b(?:where|if|when)\b[^.;\n"]{0,60}?\b(?:no|none|nothing|not|empty)\b[^.;\n"]{0,60}?(\[\s*"[^"\n]{1,60}"\s*\]|"[^"\n]{1,60}")/i;

function forNothing(value: Json, task: string): Json[] {
  if (!Array.isArray(value) || value.length > 0) return [];
  const wanted = FOR_NOTHING.exec(task)?.[1];
  const meant = wanted === undefined ? undefined : parsedJson(wanted);
  return meant === undefined ? [] : [meant, [meant]];
}

/** `true`, where the task asks for yes or no. */
function yesOrNo(value: Json, task: string): string[] {
  const said = String(value);
  return (said === 'true' || said === 'false') && /\byes\b[\s/,"']{0,3}(?:or )?["']?no\b/i.test(task)
    ? [said === 'true' ? 'yes' : 'no']
    : [];
}

const isOfMany = (schema: JsonSchema): boolean => innerOf(schema).type === 'array';

/** What an object of one property has in it; else the schema itself. */
function innerOf(schema: JsonSchema): JsonSchema {
  const single = singleProperty(schema);
  return single === undefined ? schema : ((schema.properties as { [name: string]: JsonSchema })[single.name] ?? {});
}

/** A cell as it is, if it is what is asked for; else as it could be meant. */
function waysToRead(schema: JsonSchema): ((cell: Json) => Json | undefined)[] {
  const inner = innerOf(schema);
  const asked = inner.type === 'array' ? ((inner.items ?? {}) as JsonSchema) : inner;
  const isIt = (meant: Json) => !isEmptyValue(meant) && checkJson(asked, meant).length === 0;
  return [
    (cell) => (isIt(cell) ? cell : undefined),
    (cell) => (isEmptyValue(cell) ? undefined : readings(asked, cell).find(isIt)),
  ];
}

/** What a value could be meant as, the likeliest first. `cells` are those of the column that is meant. */
function readings(schema: JsonSchema, value: Json, cells?: Json[]): Json[] {
  const found: Json[] = [];
  const single = singleProperty(schema);
  if (cells !== undefined) found.push(cells, ...(cells.length === 1 ? cells : []));
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

/** The one property an object schema has. */
function singleProperty({ type, properties }: JsonSchema): { name: string } | undefined {
  if (type !== 'object' || properties === null || typeof properties !== 'object') return undefined;
  const [name, ...others] = Object.keys(properties);
  return name === undefined || others.length > 0 ? undefined : { name };
}

const NUMBER_TEXT =
  /^([^\d\w-]{0,3})\s*(-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+,\d{1,2}|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(%|[\p{L}€$£]{1,12})?(?:\s+([\p{L}€$£]{1,12}))?\.?$/iu;

/**
 * The number a text is, with its unit or currency; none where the text says more.
 *
 * @example
 * ```ts
 * numberIn('€ 1,250.50'); // 1250.5
 * numberIn('1.5 million euros'); // 1500000
 * ```
 */
export function numberIn(text: string): number | undefined {
  const [, sign = '', digits, unit = '', more] = NUMBER_TEXT.exec(text.trim()) ?? [];
  if (digits === undefined) return undefined;
  const number = Number(/,\d{1,2}$/.test(digits) ? digits.replace(',', '.') : digits.replaceAll(',', ''));
  // `5 m` are metres, `300 K` is warm; `€5m` are millions.
  const isUnit = /^[mb]$/i.test(unit) ? !/[€$£]/.test(sign) : unit === 'K';
  const times = isUnit ? undefined : magnitudeOf(unit);
  if (more !== undefined && times === undefined) return undefined;
  return Number((number * (times ?? 1)).toPrecision(15));
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
