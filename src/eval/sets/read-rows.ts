/**
 * The files of public task sets, read and checked at the door.
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { z } from 'zod';
import { DataError } from '../../record/index.ts';

/**
 * A JSON file of a set's folder.
 *
 * @throws {DataError} it is not there, or not what the schema says.
 */
export async function readJsonRows<Row>(folder: string, file: string, schema: z.ZodType<Row>): Promise<Row> {
  return parsed(JSON.parse(await readText(folder, file)), schema, `${basename(folder)}/${file}`);
}

/** The same for a file with one JSON value a line. */
export async function readJsonLines<Row>(folder: string, file: string, schema: z.ZodType<Row>): Promise<Row[]> {
  const lines = (await readText(folder, file)).split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, at) => parsed(JSON.parse(line), schema, `${basename(folder)}/${file}, line ${at + 1}`));
}

async function readText(folder: string, file: string): Promise<string> {
  try {
    return await readFile(`${folder}/${file}`, 'utf8');
  } catch (cause) {
    const name = basename(folder);
    throw new DataError(
      `The task set ${name} is not in ${dirname(folder)}: ${file} cannot be read. Set POACT_DATA, or give --data, to the folder that holds \`${name}\`.`,
      { set: name, file },
      cause,
    );
  }
}

function parsed<Row>(value: unknown, schema: z.ZodType<Row>, where: string): Row {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new DataError(`${where} is not what it should be at ${issue?.path.join('.')}: ${issue?.message}.`, { where });
}
