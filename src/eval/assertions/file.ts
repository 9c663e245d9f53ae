/**
 * Assertions about files that an attempt left behind.
 *
 * @module
 */
import { lstat, readFile, realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { sha256 } from '../../record/index.ts';
import type { Assertion } from '../score.ts';
import { shown } from './asserted.ts';

/** What a file should be. */
export type ExpectedFile = { text: string } | { bytes: Uint8Array } | { absent: true };

/**
 * A regular file with this content, to the byte. A link is none, and no folder above it may be one: it could lead to the right
 * answer. Nothing is read of a file whose length is not the expected one.
 *
 * @param path - without links: of a folder that is reached by one, such as a system's folder for temporary files, its `realpath`
 */
export async function fileIs(name: string, path: string, expected: ExpectedFile): Promise<Assertion> {
  const stats = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  const verdict = (holds: boolean, reason: string): Assertion => ({ name, verdict: holds ? 'pass' : 'fail', reason });
  if ('absent' in expected) {
    return verdict(stats === undefined, stats === undefined ? 'There is no such file.' : 'It should not be there.');
  }
  if (stats === undefined) return verdict(false, 'The file is not there.');
  if (!stats.isFile()) return verdict(false, 'It is no regular file.');
  const folder = dirname(resolve(path));
  const real = await realpath(folder);
  if (real !== folder) return verdict(false, `Its folder is reached by a link: it is ${real}.`);
  const wanted = 'text' in expected ? Buffer.from(expected.text) : Buffer.from(expected.bytes);
  if (stats.size !== wanted.length) {
    return verdict(false, `Expected ${wanted.length} bytes, but there are ${stats.size}.`);
  }
  const content = await readFile(path);
  if (content.equals(wanted)) return verdict(true, `The ${wanted.length} bytes are as expected.`);
  const is = 'text' in expected ? shown(content.toString('utf8')) : `of SHA-256 ${sha256(content)}`;
  return verdict(false, `The content is another: ${is}.`);
}
