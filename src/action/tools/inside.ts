/**
 * Paths that stay inside a folder: neither `..`, nor an absolute path, nor a link leads out.
 *
 * @module
 */
import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ToolError } from '../../record/index.ts';

/** What this package keeps for itself inside a folder: its runs, and what undo needs. Tools neither see nor touch it. */
export const KEPT = '.poact';

/** A path inside the root. */
export interface InsidePath {
  /** To hand to the file system. */
  absolute: string;
  /** As tools say it: from the root, with `/`. */
  shown: string;
}

/**
 * Resolves a path that a tool was given.
 *
 * @throws {ToolError} it leads out of the root, or into what is kept.
 */
export async function inside(root: string, path: string): Promise<InsidePath> {
  const top = await realpath(root);
  if (path.includes('\0')) throw outside(path);
  const wanted = resolve(top, isAbsolute(path) ? relativeTo(top, root, path) : path);
  const real = wanted === top ? top : join(await realParent(wanted), basename(wanted));
  const shown = relative(top, real).split(sep).join('/');
  if (shown === '..' || shown.startsWith('../') || isAbsolute(shown)) throw outside(path);
  if (shown === KEPT || shown.startsWith(`${KEPT}/`)) throw outside(path);
  const facts = await lstat(real).catch(() => undefined);
  if (facts?.isSymbolicLink() === true)
    throw new ToolError('tool-refused', `${path} is a link, and links are not followed.`, { path });
  return { absolute: real, shown };
}

/** An absolute path is taken where it names something below the root. */
function relativeTo(top: string, root: string, path: string): string {
  for (const start of [top, resolve(root)])
    if (path === start || path.startsWith(start + sep)) return relative(start, path);
  throw outside(path);
}

/** The real path of the folder a path lies in, as far as it exists. */
async function realParent(path: string): Promise<string> {
  const parent = dirname(path);
  if (parent === path) return path;
  const real = await realpath(parent).catch((problem: NodeJS.ErrnoException) => {
    if (problem.code === 'ENOENT') return undefined;
    throw new ToolError('tool-refused', `${path} cannot be reached: ${problem.code}.`);
  });
  return real ?? join(await realParent(parent), basename(parent));
}

const outside = (path: string) =>
  new ToolError(
    'tool-refused',
    `${path} is outside the folder that this tool may use. Give a path inside it, such as notes/a.txt.`,
    {
      path,
    },
  );
