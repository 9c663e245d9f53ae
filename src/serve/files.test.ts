import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolder, troubleWith } from './files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poact-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const trouble = (path: string) => makeFolder(path).then(() => 'none', troubleWith);

it('makes a folder and those around it, once or twice', async () => {
  const deep = join(folder, 'a', 'b', 'c');
  await Promise.all(Array.from({ length: 50 }, () => makeFolder(deep)));
  await makeFolder(deep);
  expect((await stat(deep)).isDirectory()).toBe(true);
});

it('says what is in the way', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await symlink(join(folder, 'nowhere'), join(folder, 'link'));
  expect(await trouble(file)).toBe('a file has that name');
  expect(await trouble(join(file, 'deep'))).toBe('a part of the path is a file');
  expect(await trouble(join(folder, 'link'))).toBe('a file has that name');
  expect(await trouble(join(folder, 'x'.repeat(300)))).toBe('the name is too long');
});

// Node's own `mkdir` with `recursive` went round and round there, at full load.
it.skipIf(!existsSync('/proc/self'))('ends where nothing can be made', async () => {
  expect(await trouble('/proc/poact-nowhere')).toBe('nothing can be made there');
  expect(await trouble('/proc/poact-nowhere/deep')).toBe('nothing can be made there');
});
