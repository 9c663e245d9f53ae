/**
 * Texts: what they hold, where it has a form (settings, a table, a chat, records, lines of a pattern), and the text itself.
 *
 * @module
 */
import type { Json } from '../../record/index.ts';
import type { Found } from '../data.ts';
import { chatRows } from './chat.ts';
import { patternedRows } from './patterned.ts';
import { recordRows } from './records.ts';
import { settingsIn } from './settings.ts';
import { decode } from './text.ts';
import { textTable } from './text-table.ts';

/** A text file: what it is read as, and the text beside it; the text alone where it has no form. */
export function readText(bytes: Uint8Array, title: string): Found[] {
  const text = decode(bytes);
  const table = textTable(text);
  // A table says all that its text says.
  if (table !== undefined) return [{ title, value: table.rows, notes: table.notes }];
  return withForm(text, title, settingsIn(text) ?? formOf(text));
}

/** What a text is a list of, if it is one. */
export function formOf(text: string): { value: Json; notes: string[] } | undefined {
  const list = chatRows(text) ?? recordRows(text) ?? patternedRows(text);
  return list === undefined ? undefined : { value: list.rows, notes: list.notes };
}

/** What a text was read as, if it was, and the text. */
export function withForm(text: string, title: string, form: { value: Json; notes: string[] } | undefined): Found[] {
  if (form === undefined) return [{ title, value: text }];
  const { value, notes } = form;
  return [
    { title, value, ...(notes.length > 0 && { notes }) },
    { title: `${title.replace(/\.\w+$/, '')} text`, value: text },
  ];
}
