/**
 * Comma-separated values, and what else goes by that name.
 *
 * @module
 */
import type { Found } from '../data.ts';
import { type Table, tableOf } from '../table.ts';
import { decode } from './text.ts';

/** Reads CSV or TSV: any usual separator, quoted line ends, ragged rows. */
export async function readCsv(bytes: Uint8Array, title: string): Promise<Found[]> {
  const { rows, notes } = await parseCsv(decode(bytes), title);
  return [{ title, value: rows, notes }];
}

async function parseCsv(text: string, title: string): Promise<Table> {
  const { default: papa } = await import('papaparse');
  const { body, delimiter } = separator(text, title);
  const { data, errors } = papa.parse<string[]>(body, { delimiter, skipEmptyLines: 'greedy' });
  const table = tableOf(data);
  const broken = errors.find((error) => error.type === 'Quotes');
  if (broken !== undefined) table.notes.push(`quotes are broken at row ${(broken.row ?? 0) + 1}`);
  return table;
}

/** The separator where the file says it; empty where it is to be guessed. */
export function separator(text: string, title: string): { body: string; delimiter: string } {
  const [line, sign] = /^sep=(.)\r?\n/.exec(text) ?? [];
  if (line !== undefined && sign !== undefined) return { body: text.slice(line.length), delimiter: sign };
  return { body: text, delimiter: /\.(tsv|tab)$/i.test(title) ? '\t' : '' };
}
