/**
 * Folders that a command makes, and what is wrong where it cannot.
 *
 * @module
 */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

const TROUBLE: { readonly [code: string]: string } = {
  EEXIST: 'a file has that name',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a folder',
  ENOENT: 'nothing can be made there',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links lead to each other',
};

/** What is wrong with a file, in words. */
export function troubleWith(problem: unknown): string {
  const { code, message } = problem as NodeJS.ErrnoException;
  return TROUBLE[code ?? ''] ?? message;
}

/**
 * Makes a folder, and those around it, where they are not there. Node's own `recursive` never ends where a folder is
 * there and lets nothing be made in it, as in `/proc` (Node 24).
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeOne(path);
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'ENOENT') throw problem;
    await makeFolder(dirname(path));
    await makeOne(path);
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'EEXIST' || !(await isFolder(path))) throw problem;
  }
}

const isFolder = (path: string) =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
