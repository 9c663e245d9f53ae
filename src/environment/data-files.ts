/**
 * The files at given paths: folders are walked, in the order of the names. What cannot be looked at is skipped with the reason.
 *
 * @module
 */
import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { DataError } from '../record/index.ts';
import type { DataRead } from './data.ts';

export interface DataFile {
  path: string;
  /** Its path below the folder that was given. */
  title: string;
  bytes: number;
}

type FilesFound = { files: DataFile[] } & Pick<DataRead, 'others' | 'skipped'>;

/**
 * All files at the paths that hold data, the others, and what was skipped.
 *
 * @throws {DataError} a path that was named is not there.
 */
export async function filesOf(paths: readonly string[], isData: (path: string) => boolean): Promise<FilesFound> {
  const found: FilesFound = { files: [], others: [], skipped: [] };
  for (const path of paths) {
    const facts = await stat(path).catch((problem: unknown) => {
      throw new DataError(`There is no file or folder ${path}.`, { path }, problem);
    });
    if (facts.isDirectory()) await walk(await realpath(path));
    else take(path, basename(path), facts);
  }
  return found;

  function take(path: string, title: string, facts: Stats) {
    if (!facts.isFile()) found.skipped.push({ file: title, why: 'It is no ordinary file.' });
    else if (isData(path)) found.files.push({ path, title, bytes: facts.size });
    else found.others.push(title);
  }

  async function walk(root: string, folder = root): Promise<void> {
    const title = titleIn(root, folder) || basename(root);
    const entries = await unlessRefused(readdir(folder, { withFileTypes: true }), `${title}/`);
    for (const entry of entries?.sort((a, b) => (a.name < b.name ? -1 : 1)) ?? []) await look(root, folder, entry);
  }

  async function look(root: string, folder: string, entry: Dirent): Promise<void> {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return;
    const path = join(folder, entry.name);
    const title = titleIn(root, path);
    const real = await unlessRefused(realpath(path), title);
    if (real === undefined) return;
    if (!real.startsWith(root + sep)) {
      found.skipped.push({ file: title, why: 'The link leads out of the folder.' });
      return;
    }
    const facts = await unlessRefused(stat(path), title);
    if (facts === undefined || (entry.isSymbolicLink() && facts.isDirectory())) return;
    if (facts.isDirectory()) await walk(root, path);
    else take(path, title, facts);
  }

  async function unlessRefused<T>(asked: Promise<T>, title: string): Promise<T | undefined> {
    try {
      return await asked;
    } catch (problem) {
      found.skipped.push({ file: title, why: reasonOf(problem as NodeJS.ErrnoException) });
      return undefined;
    }
  }
}

const titleIn = (root: string, path: string) => relative(root, path).split(sep).join('/');

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'The link leads nowhere.';
  if (code === 'ELOOP') return 'The link leads in a circle.';
  if (code === 'EACCES' || code === 'EPERM') return 'It may not be read: permission is denied.';
  return `It could not be read: ${message}.`;
}
