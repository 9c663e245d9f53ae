import { mkdir, mkdtemp, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileIs } from './file.ts';

let folder = '';
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'poact-file-')));
  await writeFile(at('right.txt'), 'grüß');
  await writeFile(at('wrong.txt'), 'gruss!');
  await symlink(at('right.txt'), at('link.txt'));
  await mkdir(at('gold/deep'), { recursive: true });
  await writeFile(at('gold/right.txt'), 'grüß');
  await writeFile(at('gold/deep/right.txt'), 'grüß');
  await symlink(at('gold'), at('out'));
  await writeFile(at('huge.txt'), '');
  await truncate(at('huge.txt'), 2 ** 40);
});
afterAll(() => rm(folder, { recursive: true }));

it.each([
  ['right.txt', 'pass', 'The 6 bytes are as expected.'],
  ['wrong.txt', 'fail', 'The content is another: "gruss!".'],
  ['missing.txt', 'fail', 'The file is not there.'],
  ['right.txt/within', 'fail', 'The file is not there.'],
  ['link.txt', 'fail', 'It is no regular file.'],
  ['.', 'fail', 'It is no regular file.'],
  ['huge.txt', 'fail', 'Expected 6 bytes, but there are 1099511627776.'],
])('%s is a %s', async (name, verdict, reason) => {
  expect(await fileIs('file', at(name), { text: 'grüß' })).toEqual({ name: 'file', verdict, reason });
});

it.each(['out/right.txt', 'out/deep/right.txt'])('%s lies in a folder that is a link, and is a fail', async (name) => {
  expect(await fileIs('file', at(`gold/${name.slice('out/'.length)}`), { text: 'grüß' })).toMatchObject({
    verdict: 'pass',
  });
  expect(await fileIs('file', at(name), { text: 'grüß' })).toMatchObject({
    verdict: 'fail',
    reason: expect.stringContaining('Its folder is reached by a link'),
  });
});

it('knows bytes, and absence', async () => {
  expect(await fileIs('file', at('right.txt'), { bytes: new TextEncoder().encode('grüß') })).toMatchObject({
    verdict: 'pass',
  });
  expect(await fileIs('file', at('missing.txt'), { absent: true })).toMatchObject({ verdict: 'pass' });
  expect(await fileIs('file', at('right.txt'), { absent: true })).toMatchObject({ verdict: 'fail' });
});
