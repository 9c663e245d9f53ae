import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { importPackage, packagesFolder } from './optional-package.ts';

it('imports a package that is installed', async () => {
  expect(await importPackage('zod', 'A test', {})).toHaveProperty('z');
});

it('names the command for one that is not', async () => {
  await expect(importPackage('poact-no-such-package', 'A test', { POACT_HOME: '/nowhere' })).rejects.toMatchObject({
    code: 'package-missing',
    message: 'A test needs the package poact-no-such-package. Install it with: npm install poact-no-such-package',
  });
});

it('names the package where a part of it is asked for', async () => {
  const parts = ['poact-no-such-package/node', '@poact-no-such/package/node'];
  const asked = parts.map((part) => importPackage(part, 'A test', { POACT_HOME: '/nowhere' }));
  const facts = (await Promise.allSettled(asked)).map((one) => (one.status === 'rejected' ? one.reason.facts : one));
  expect(facts).toEqual([{ package: 'poact-no-such-package' }, { package: '@poact-no-such/package' }]);
});

it('finds one in the per-user folder', async () => {
  const home = await mkdtemp(join(tmpdir(), 'poact-packages-'));
  const env = { POACT_HOME: home };
  const folder = join(packagesFolder(env), 'node_modules', 'poact-only-there');
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(packagesFolder(env), 'load.mjs'), 'export const load = (name) => import(name);');
    await writeFile(join(folder, 'package.json'), '{"name":"poact-only-there","type":"module","exports":"./index.js"}');
    await writeFile(join(folder, 'index.js'), 'export const here = true;');
    expect(await importPackage('poact-only-there', 'A test', env)).toMatchObject({ here: true });
  } finally {
    await rm(home, { recursive: true });
  }
});
