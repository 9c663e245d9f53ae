import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { filesOf } from './data-files.ts';
import { readData } from './read-data.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poact-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = (name: string) => writeFile(join(folder, name), 'a\n1\n');

/** Root may read everything, and is nobody meanwhile. */
async function asNobody<T>(ask: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await ask();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

// It ended the reading of all, with a bare EACCES.
it.skipIf(process.platform === 'win32')('skips a folder that may not be read', async () => {
  await put('a.csv');
  await mkdir(join(folder, 'private'), { mode: 0o000 });
  await put('z.csv');
  await chmod(folder, 0o755);
  const { files, skipped } = await asNobody(() => filesOf([folder], () => true));
  expect(files.map(({ title }) => title)).toEqual(['a.csv', 'z.csv']);
  expect(skipped).toEqual([{ file: 'private/', why: 'It may not be read: permission is denied.' }]);
  await chmod(join(folder, 'private'), 0o700);
});

it('says where a link leads that is not followed', async () => {
  await mkdir(join(folder, 'data'));
  await put('secret.csv');
  await symlink(join(folder, 'secret.csv'), join(folder, 'data', 'a.csv'));
  await symlink(join(folder, 'none.csv'), join(folder, 'data', 'b.csv'));
  await symlink('c.csv', join(folder, 'data', 'c.csv'));
  const { files, skipped } = await filesOf([join(folder, 'data')], () => true);
  expect(files).toEqual([]);
  expect(skipped).toEqual([
    { file: 'a.csv', why: 'The link leads out of the folder.' },
    { file: 'b.csv', why: 'The link leads nowhere.' },
    { file: 'c.csv', why: 'The link leads in a circle.' },
  ]);
});

// Each had a line of its own: 1,800 of them.
it('says once how many files are left out', async () => {
  await Promise.all(['a.csv', 'b.csv', 'c.csv', 'd.csv'].map(put));
  const { skipped } = await readData(folder, { maxFiles: 2 });
  const why = 'only the first 2 are read; name the ones that matter.';
  expect(skipped).toEqual([{ file: '2 more files', why, files: 2 }]);
  expect((await readData(folder, { maxFiles: 3 })).skipped).toMatchObject([{ file: '1 more file' }]);
});
