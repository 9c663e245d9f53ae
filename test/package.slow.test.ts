/** The package as others get it: packed, installed in an empty folder without optional parts, and used there. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgresServer } from './postgres-server.ts';
import { read, root } from './sources.ts';

const MOST_PACKAGES = 15;
const MOST_BYTES = 40_000_000;

const run = promisify(execFile);
const { exports } = JSON.parse(read('package.json')) as {
  exports: { [path: string]: string | { types: string; default: string } };
};
const entries = Object.keys(exports)
  .filter((path) => path !== './package.json')
  .map((path) => `poact${path.slice(1)}`);

let folder = '';
let consumer = '';
let packed: { path: string; size: number }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poact-package-'));
  consumer = join(folder, 'consumer');
  await mkdir(consumer);
  await run('npm', ['run', 'build'], { cwd: root, timeout: 240_000 });
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root });
  const [pack] = JSON.parse(stdout) as [{ filename: string; files: { path: string; size: number }[] }];
  packed = pack.files;
  await writeFile(join(consumer, 'package.json'), '{"name":"consumer","private":true,"type":"module"}');
  const install = [
    'install',
    join(folder, pack.filename),
    '--omit=optional',
    '--omit=peer',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
  ];
  await run('npm', install, { cwd: consumer, timeout: 240_000 });
}, 600_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

it('holds what was built, and no sources, tests or models', () => {
  const paths = packed.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'package.json',
      'README.md',
      'LICENSE',
      'bin/poact.js',
      'dist/index.js',
      'docs/run-log.schema.json',
    ]),
  );
  const strange = paths.filter(
    (path) => !/^(?:package\.json|README\.md|LICENSE|bin\/|dist\/|docs\/|examples\/suppliers\/)/.test(path),
  );
  expect(strange).toEqual([]);
  expect(paths.filter((path) => /\.test\.|(?<!\.d)\.ts$|\.gguf$/.test(path))).toEqual([]);
});

it('has a file for each export', () => {
  const named = Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(target),
  );
  expect(named.filter((path) => !existsSync(join(consumer, 'node_modules/poact', path)))).toEqual([]);
});

it('resolves and loads every export', async () => {
  const code = `${JSON.stringify(entries)}.map((name) => import(name).then((m) => Object.keys(m).length))`;
  await writeFile(join(consumer, 'load.js'), `console.log(JSON.stringify(await Promise.all(${code})));`);
  const { stdout } = await run(process.execPath, ['load.js'], { cwd: consumer });
  const counts = JSON.parse(stdout) as number[];
  expect(counts).toHaveLength(entries.length);
  expect(counts[0]).toBeGreaterThan(10);
});

const usage = `
import { createAgent, tool, type RunEvent } from 'poact';
import { scriptedModel } from 'poact/testing';
import { z } from 'zod';
const price = tool({ description: 'Price', input: z.object({ item: z.string() }), output: z.number(), effect: 'read', run: ({ item }) => item.length });
const model = scriptedModel(['\`\`\`ts\\nanswer(await price({ item: "lamp" }) + 1);\\n\`\`\`']);
const result = await createAgent({ model, tools: { price }, policy: 'codeAct' }).run('How much?', { answer: z.number() });
const answer: number | undefined = result.answer;
const kinds: RunEvent['kind'][] = result.log.map(({ kind }) => kind);
console.log(answer, result.status, kinds.includes('call-result'), result.why);
`;

it.each(['nodenext', 'bundler'])('gives its types to a strict program (%s)', async (resolution) => {
  await writeFile(
    join(consumer, 'usage.ts'),
    `${usage}${entries.map((name, n) => `import * as e${n} from '${name}';\nvoid e${n};\n`).join('')}`,
  );
  const config = {
    compilerOptions: {
      target: 'es2024',
      lib: ['es2024', 'dom', 'esnext.disposable'],
      module: resolution === 'bundler' ? 'esnext' : 'nodenext',
      moduleResolution: resolution,
      // Node's types are the consumer's; here the repository lends them.
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noPropertyAccessFromIndexSignature: true,
      noEmit: true,
      skipLibCheck: false,
    },
    files: ['usage.ts'],
  };
  await writeFile(join(consumer, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(consumer, 'node_modules/typescript/bin/tsc');
  const found = await run(process.execPath, [tsc, '-p', '.'], { cwd: consumer, timeout: 120_000 }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
  // Another package's own types are not ours to judge.
  expect(found.split('\n').filter((line) => /error TS/.test(line) && !/^node_modules\/(?!poact\/)/.test(line))).toEqual(
    [],
  );
});

it('runs an agent', async () => {
  await writeFile(join(consumer, 'usage.ts'), usage);
  const { stdout } = await run(process.execPath, ['usage.ts'], { cwd: consumer, timeout: 60_000 });
  expect(stdout).toMatch(/^5 answered true /);
});

it('says how to install what a store in Postgres needs', async () => {
  const code = `import { postgresStore } from 'poact';
await postgresStore('postgres://me:s3cret@localhost/runs').list().catch(({ code, message }) => console.log(code, message));`;
  await writeFile(join(consumer, 'postgres.js'), code);
  const env = { ...process.env, POACT_HOME: folder };
  const { stdout } = await run(process.execPath, ['postgres.js'], { cwd: consumer, env });
  expect(stdout).toBe('package-missing A Postgres store needs the package pg. Install it with: npm install pg\n');
});

it('says how to install what a queue in Postgres needs, in one sentence', async () => {
  const server = await postgresServer();
  const pg = join(consumer, 'node_modules/pg');
  await symlink(join(root, 'node_modules/pg'), pg);
  try {
    const can =
      '{ contextTokens: 1000, tools: true, schema: false, grammar: false, prefill: false, seed: true, prefix: false }';
    const agent = `export default { name: 'clerk', policy: 'react', model: { id: 'm', can: ${can}, generate: async () => ({}) } };`;
    await writeFile(join(consumer, 'clerk.js'), agent);
    const command = [join(consumer, 'node_modules/poact/bin/poact.js'), 'worker', '--agent', 'clerk.js'];
    const env = { ...process.env, POACT_HOME: folder };
    const failed = await run(process.execPath, [...command, '--postgres', server.url], { cwd: consumer, env }).then(
      () => undefined,
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
    );
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(failed?.stderr).toContain(
      'A queue in Postgres needs the package @dbos-inc/dbos-sdk. Install it with: npm install @dbos-inc/dbos-sdk',
    );
    expect(failed?.stderr).not.toMatch(/^\s+at |s3cret/m);
  } finally {
    await rm(pg);
    await server.remove();
  }
});

it('brings the command, which knows its version', async () => {
  const command = join(consumer, 'node_modules/poact/bin/poact.js');
  const help = await run(process.execPath, [command, '--help'], { cwd: consumer });
  expect(help.stdout).toContain('Usage: poact');
  const { stdout } = await run(process.execPath, [command, '--version'], { cwd: consumer });
  expect(stdout.trim()).toBe((JSON.parse(read('package.json')) as { version: string }).version);
});

it(`installs at most ${MOST_PACKAGES} packages and ${MOST_BYTES / 1e6} MB, nothing native, no script`, () => {
  const lock = JSON.parse(readFileSync(join(consumer, 'node_modules/.package-lock.json'), 'utf8')) as {
    packages: { [path: string]: { hasInstallScript?: boolean } };
  };
  const packages = Object.entries(lock.packages);
  expect(packages.map(([path]) => path).length, packages.map(([path]) => path).join(' ')).toBeLessThanOrEqual(
    MOST_PACKAGES,
  );
  expect(packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([]);
  const all = readdirSync(join(consumer, 'node_modules'), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(all.filter(({ name }) => name.endsWith('.node')).map(({ name }) => name)).toEqual([]);
  const bytes = all.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
});
