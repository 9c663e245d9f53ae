import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PostgresServer, postgresServer } from '../../test/postgres-server.ts';
import { scriptedModel } from '../testing/index.ts';
import { main } from './main.ts';

let server: PostgresServer;
let cwd: string;
const home = process.cwd();
beforeAll(async () => {
  server = await postgresServer();
  cwd = await mkdtemp(join(tmpdir(), 'poact-cli-'));
  process.chdir(cwd);
});
afterAll(async () => {
  process.chdir(home);
  await server.remove();
  await rm(cwd, { recursive: true });
});

async function poact(...argv: string[]) {
  let out = '';
  let err = '';
  const code = await main(argv, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    interactive: false,
    env: { POACT_HOME: join(cwd, 'home') },
    cwd,
    onInterrupt: () => () => {},
    exit: () => {},
    model: () => scriptedModel(['Twelve.', 'Thirteen.']),
  });
  return { code, out, err };
}

it('keeps runs in Postgres, and shows its password nowhere', async () => {
  const store = ['--store', server.url];
  const run = await poact('run', 'How many?', '--policy', 'react', ...store);
  expect(run).toMatchObject({ code: 0, out: 'Twelve.\n' });
  expect((await poact('runs', ...store)).out).toContain('How many?');
  expect((await poact('log', 'last', '--jsonl', ...store)).out).toContain('"kind":"run-end"');
  expect(await poact('continue', 'last', 'And one more?', ...store)).toMatchObject({ code: 0 });
  const doctor = await poact('doctor', ...store);
  expect(doctor.out + doctor.err).toContain(`Postgres at ${new URL(server.url).host}`);
  const wrong = await poact('runs', '--store', server.url.replace('poact:', 'poact:not-'));
  expect(wrong.code).toBe(1);
  expect(wrong.err).toContain('refused the user or the password');
  const settings = join(cwd, '.poact', 'settings');
  const kept = await Promise.all((await readdir(settings)).map((name) => readFile(join(settings, name), 'utf8')));
  expect(kept.length).toBeGreaterThan(0);
  for (const text of [...kept, ...[run, doctor, wrong].flatMap(({ out, err }) => [out, err])]) {
    expect(text).not.toMatch(/s3cret/);
  }
});
