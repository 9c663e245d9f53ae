/**
 * What a doc comment says of a variable: where it comes from, how large it is, and how it begins where its type does not
 * say that. Bounded, and inert: it quotes data from outside.
 *
 * @module
 */
import { basename, extname } from 'node:path';
import type { Json } from '../record/index.ts';
import { cut, inert } from './inert.ts';

const FIRST_CHARS = 200;
const NOTES_CHARS = 320;
const SOURCE_CHARS = 80;
const STRING_CHARS = 40;
/** A file's name, and which of its tables. */
export function sourceOf(file: string, title: string): string {
  return basename(file) === title || basename(file, extname(file)) === title ? file : `${file}: ${title}`;
}

/** One line on a value. */
export function describe(source: string, value: Json, notes: readonly string[] = []): string {
  const name = cut(source, SOURCE_CHARS);
  const said = sayNotes(notes);
  if (typeof value === 'string')
    return inert(`${name}, ${count(value.length, 'character')}. Begins: ${preview(value)}.${said}`);
  if (isRow(value)) return inert(`${name}.${said}`);
  if (!Array.isArray(value)) return inert(`${name}. ${preview(value)}.${said}`);
  const first = value[0];
  if (first === undefined) return inert(`${name}, empty.${said}`);
  const unit = isRow(first) ? 'row' : typeof first === 'string' ? 'line' : 'item';
  return inert(`${name}, ${count(value.length, unit)}. First: ${preview(first)}.${said}`);
}

/** Notes at the end of a doc. */
export const sayNotes = (notes: readonly string[]): string => (notes.length > 0 ? ` ${whole(notes)}.` : '');

/** As many notes as there is room for, none of them broken off: a model copies what it is shown of a text, "…" and all. */
function whole(notes: readonly string[]): string {
  const [first = '', ...rest] = notes;
  let said = cut(first, NOTES_CHARS);
  for (const note of rest) {
    if (said.length + note.length > NOTES_CHARS) continue;
    said += `; ${note}`;
  }
  return said;
}

/**
 * The beginning of a value as JSON, long texts and lists shortened.
 *
 * @example
 * ```ts
 * preview({ name: 'Nord', tags: [1, 2, 3, 4, 5] }); // '{"name":"Nord","tags":[1,2,3,…]}'
 * ```
 */
export function preview(value: Json, chars: number = FIRST_CHARS): string {
  return cut(shorten(value, 0), chars);
}

function shorten(value: Json, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(cut(value, depth === 0 ? 2 * STRING_CHARS : STRING_CHARS));
  if (value === null || typeof value !== 'object') return String(value);
  if (depth > 4) return '…';
  if (Array.isArray(value)) {
    const shown = value.slice(0, 3).map((one) => shorten(one, depth + 1));
    return `[${[...shown, ...(value.length > 3 ? ['…'] : [])].join(',')}]`;
  }
  const parts: string[] = [];
  let length = 0;
  for (const key in value) {
    if (length > FIRST_CHARS) {
      parts.push('…');
      break;
    }
    const part = `${JSON.stringify(cut(key, STRING_CHARS))}:${shorten(value[key] as Json, depth + 1)}`;
    length += part.length;
    parts.push(part);
  }
  return `{${parts.join(',')}}`;
}

const isRow = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A number with its unit. */
export const count = (number: number, unit: string): string =>
  `${number.toLocaleString('en-US')} ${unit}${number === 1 ? '' : 's'}`;
