/**
 * The repository's files, for tests about the code.
 *
 * @module
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Files that git tracks or would track, in order; paths from the root. */
export function repositoryFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return listed.split('\0').filter((path) => path !== '' && existsSync(`${root}${path}`));
}

export const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

/** The folders of `src/` that hold code. */
export function rooms(): string[] {
  return readdirSync(`${root}src`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(`${root}src/${entry.name}`).length > 0)
    .map((entry) => entry.name)
    .sort();
}
