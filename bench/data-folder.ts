/**
 * Where the public data lie that some measurements use: `POACT_DATA`, or `../shared/data` beside the repository.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** @throws {Error} there is no such folder; the message says how to name one. */
export function dataFolder(part: string): string {
  const root = process.env.POACT_DATA ?? fileURLToPath(new URL('../../shared/data', import.meta.url));
  const folder = `${root}/${part}`;
  if (existsSync(folder)) return folder;
  throw new Error(`No data at ${folder}. Set POACT_DATA to the folder that holds \`${part}\`.`);
}

/** Are the data there? Tests that need them are skipped where they are not. */
export function hasData(part: string): boolean {
  try {
    dataFolder(part);
    return true;
  } catch {
    return false;
  }
}
