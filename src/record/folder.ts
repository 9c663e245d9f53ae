/**
 * Makes folders.
 *
 * @module
 */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder, and those around it, where they are not there. Node's own `recursive` never ends where a folder is
 * there and lets nothing be made in it, as in `/proc` (Node 24).
 *
 * @returns the topmost that was made; `undefined` where all were there.
 * @throws what Node throws: `EEXIST` where a file has the name, `ENOENT` where nothing can be made.
 */
export function makeFolder(path: string): string | undefined {
  try {
    return makeOne(path);
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'ENOENT') throw problem;
    const first = makeFolder(dirname(path));
    return makeOne(path) === undefined ? first : (first ?? path);
  }
}

function makeOne(path: string): string | undefined {
  try {
    mkdirSync(path);
    return path;
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException;
    if (code !== 'EEXIST' || !statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw problem;
    return undefined;
  }
}
