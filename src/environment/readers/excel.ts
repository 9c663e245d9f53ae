/**
 * Excel workbooks: each sheet a variable. Needs an optional package.
 *
 * @module
 */
import { DataError, importPackage, type Json } from '../../record/index.ts';
import type { Found } from '../data.ts';
import { tableOf } from '../table.ts';

const PACKAGE = 'read-excel-file/node';

type Cell = string | number | boolean | Date | null;

/** The one function of the package that is used here. */
type ReadWorkbook = (file: Buffer) => Promise<{ sheet: string; data: Cell[][] }[]>;

/**
 * Reads each sheet that holds something.
 *
 * @throws {PackageError} the reader is not installed; the message has the command.
 */
export async function readExcel(bytes: Uint8Array, title: string): Promise<Found[]> {
  const read = await reader();
  const sheets = await read(Buffer.from(bytes)).catch((problem: Error) => {
    throw new DataError(
      `${title} could not be read as an Excel workbook: ${problem.message}.`,
      { file: title },
      problem,
    );
  });
  const full = sheets.filter(({ data }) => data.length > 0);
  const book = title.replace(/\.\w+$/, '');
  return full.map(({ sheet, data }) => ({ title: full.length === 1 ? book : `${book} ${sheet}`, ...sheetOf(data) }));
}

async function reader(): Promise<ReadWorkbook> {
  const { default: read } = await importPackage<{ default: ReadWorkbook }>(PACKAGE, 'Reading an Excel file');
  return read;
}

/** A sheet is read as text is: a column of numbers is numbers, dates stay ISO texts. */
function sheetOf(data: readonly Cell[][]): { value: Json; notes: string[] } {
  const { rows, notes } = tableOf(data.map((row) => row.map(textOf)));
  return { value: rows, notes };
}

const textOf = (cell: Cell): string => (cell === null ? '' : cell instanceof Date ? isoDate(cell) : String(cell));

/** A day without a time is a date. */
function isoDate(date: Date): string {
  const text = date.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text;
}
