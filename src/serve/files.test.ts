import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolder } from '../record/index.ts';
import { troubleWith } from './files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poact-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const trouble = (path: string) => {
  try {
    makeFolder(path);
    return 'none';
  } catch (problem) {
    return troubleWith(problem);
  }
};

it('says what is in the way', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  expect(trouble(file)).toBe('a file has that name');
  expect(trouble(join(file, 'deep'))).toBe('a part of the path is a file');
  expect(trouble(join(folder, 'x'.repeat(300)))).toBe('the name is too long');
});
