import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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

/** A command while it runs, and when it has ended. */
function begin(...argv: string[]) {
  const said = { out: '', err: '' };
  let interrupt = () => {};
  const model = scriptedModel(({ tools = [], messages }) => {
    if (tools.length === 0) return 'Twelve.';
    return messages.some(({ role }) => role === 'assistant') ? 'Thirteen.' : { calls: [{ tool: 'send', args: {} }] };
  });
  const code = main(argv, {
    stdout: { write: (text) => (said.out += text) },
    stderr: { write: (text) => (said.err += text) },
    interactive: false,
    env: { POACT_HOME: join(cwd, 'home') },
    cwd,
    onInterrupt: (hear) => {
      interrupt = hear;
      return () => {};
    },
    exit: () => {},
    model: () => model,
  });
  return { said, interrupt: () => interrupt(), done: code.then((ended) => ({ code: ended, ...said })) };
}
const poact = (...argv: string[]) => begin(...argv).done;

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

it('leaves a run to a worker by DBOS, and shows its password nowhere', async () => {
  await writeFile(
    join(cwd, 'clerk.mjs'),
    `export default { name: 'clerk', model: 'local', policy: 'react', tools: { send: {
      description: 'Sends', input: { type: 'object', properties: {} }, output: { type: 'string' }, needsApproval: true, run: () => 'sent' } } };`,
  );
  const store = ['--store', server.url];
  const detached = await poact('run', 'Send it.', '--detach', '--agent', 'clerk.mjs', ...store);
  const run = detached.out.trim();
  expect(detached.err).toContain(`poact follow ${run}\n`);
  const worker = begin(
    'worker',
    '--agent',
    'clerk.mjs',
    '--postgres',
    server.url,
    '--concurrency',
    '2',
    '--rate',
    '100/s',
  );
  const follower = begin('follow', run, '--jsonl', ...store);
  await expect.poll(() => follower.said.out, { timeout: 30_000 }).toContain('"kind":"suspend"');
  expect((await poact('approve', run, ...store)).code).toBe(0);
  const followed = await follower.done;
  expect(followed).toMatchObject({ code: 0, out: expect.stringContaining('"answer":"Thirteen."') });
  worker.interrupt();
  const ended = await worker.done;
  expect(ended.code).toBe(0);
  expect(ended.err).toContain(`on postgres://${new URL(server.url).host}/postgres. Ctrl-C stops it.`);
  for (const { out, err } of [detached, followed, ended]) expect(out + err).not.toMatch(/s3cret/);
});

it('says that a worker cannot reach Postgres', async () => {
  const nowhere = server.url.replace(/:\d+\/postgres/, ':1/postgres');
  const { code, err } = await poact('worker', '--agent', 'clerk.mjs', '--postgres', nowhere);
  expect({ code, err }).toEqual({
    code: 1,
    err: expect.stringMatching(/^(?!.*s3cret).* cannot be reached.*\n\(store-failed;/),
  });
});
