/**
 * Comma-separated values, and what else goes by that name.
 *
 * @module
 */
import { Readable } from 'node:stream';
import type { Found } from '../data.ts';
import { tableOf } from '../table.ts';
import { decode, piecesOf } from './text.ts';

/** What is used of the parser, which is loaded on first use. */
type Papa = Pick<typeof import('papaparse'), 'parse'>;

/** Rows that tell the separator. */
const SAMPLE_ROWS = 50;
const MOST_TITLES = 5;

/** Reads CSV or TSV: any usual separator, quoted line ends, ragged rows. */
export async function readCsv(bytes: Uint8Array, title: string): Promise<Found[]> {
  const { default: papa } = await import('papaparse');
  const { body, delimiter } = separator(papa, decode(bytes), title);
  const { data, errors } = papa.parse<string[]>(body, { delimiter, skipEmptyLines: 'greedy' });
  const { rows, notes } = tableOf(data);
  const broken = errors.find((error) => error.type === 'Quotes');
  if (broken !== undefined) notes.push(`quotes are broken at row ${(broken.row ?? 0) + 1}`);
  return [{ title, value: rows, notes }];
}

/** Rows of cells that come together. */
export interface CsvPiece {
  cells: string[][];
  hasBrokenQuotes: boolean;
}

/** Reads a large file in the pieces that the parser gives. Its own stream of single rows takes ten times as long. */
export async function* csvPieces(path: string, title: string): AsyncIterable<CsvPiece> {
  const { default: papa } = await import('papaparse');
  const texts = piecesOf(path);
  const start = await texts.next();
  const { body, delimiter } = separator(papa, start.done ? '' : start.value, title);
  const source = Readable.from(withStart(body, texts));
  let piece = Promise.withResolvers<(CsvPiece & { next(): void }) | undefined>();
  papa.parse<string[]>(source, {
    delimiter,
    skipEmptyLines: 'greedy',
    chunk: ({ data, errors }, parser) => {
      parser.pause();
      const hasBrokenQuotes = errors.some(({ type }) => type === 'Quotes');
      piece.resolve({ cells: data, hasBrokenQuotes, next: () => parser.resume() });
    },
    complete: () => piece.resolve(undefined),
    error: (problem) => piece.reject(problem),
  });
  try {
    for (let got = await piece.promise; got !== undefined; got = await piece.promise) {
      piece = Promise.withResolvers();
      yield got;
      got.next();
    }
  } finally {
    source.destroy();
  }
}

async function* withStart(start: string, rest: AsyncIterable<string>): AsyncIterable<string> {
  if (start !== '') yield start;
  yield* rest;
}

/** The separator where the file says it, or leaves no doubt; empty where it is to be guessed. */
function separator(papa: Papa, text: string, title: string): { body: string; delimiter: string } {
  const [line, sign] = /^sep=(.)\r?\n/.exec(text) ?? [];
  if (line !== undefined && sign !== undefined) return { body: text.slice(line.length), delimiter: sign };
  if (/\.(tsv|tab)$/i.test(title)) return { body: text, delimiter: '\t' };
  return { body: text, delimiter: isBySemicolons(papa, text) ? ';' : '' };
}

/**
 * Whether semicolons cut each line into the same number of cells. A decimal comma (`2026-01-01;1,50`, `Artikel;Preis, EUR`) can do so
 * as well, and a guess may fall for it.
 */
function isBySemicolons(papa: Papa, text: string): boolean {
  const rowsBy = (delimiter: string) =>
    papa.parse<string[]>(text, { delimiter, preview: SAMPLE_ROWS, skipEmptyLines: 'greedy' }).data;
  const rows = rowsBy(';');
  // A title stands above in one cell.
  const start = rows.slice(0, MOST_TITLES).findIndex((row) => row.length > 1 || /[,\t|]/.test(row[0] ?? ''));
  const cells = rows.slice(Math.max(start, 0));
  if (cells.length < 2 || !isEven(cells)) return false;
  if (isEven(rowsBy('\t')) || isEven(rowsBy('|'))) return false;
  return !isEven(rowsBy(',')) || cells.flat().every((cell) => cell.replace(/\d,\d|, /g, '').indexOf(',') < 0);
}

const isEven = (rows: readonly string[][]): boolean => {
  const width = rows[0]?.length ?? 0;
  return width > 1 && rows.every(({ length }) => length === width);
};
