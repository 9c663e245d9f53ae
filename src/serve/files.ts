/**
 * What is wrong where a command can make no file or folder.
 *
 * @module
 */
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
