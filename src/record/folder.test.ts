import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolder } from './folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'poact-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('makes a folder and those around it, once or twice, and says which was the first', () => {
  const deep = join(folder, 'a', 'b', 'c');
  expect(makeFolder(deep)).toBe(join(folder, 'a'));
  expect(makeFolder(deep)).toBeUndefined();
  expect(makeFolder(join(folder, 'a', 'd'))).toBe(join(folder, 'a', 'd'));
  expect(statSync(deep).isDirectory()).toBe(true);
});

it('throws where something is in the way', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
  expect(() => makeFolder(file)).toThrow('EEXIST');
  expect(() => makeFolder(join(file, 'deep'))).toThrow('ENOTDIR');
  expect(() => makeFolder(join(folder, 'link'))).toThrow('EEXIST');
});

// Node's own `mkdir` with `recursive` goes round and round there, at full load.
it.skipIf(!existsSync('/proc/self'))('ends where nothing can be made', () => {
  expect(() => makeFolder('/proc/poact-nowhere')).toThrow('ENOENT');
  expect(() => makeFolder('/proc/poact-nowhere/deep')).toThrow('ENOENT');
});
