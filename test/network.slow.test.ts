/** Local first: nothing leaves the machine unless something that was configured does it. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { root } from './sources.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poact-offline-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function offline(args: string[]): Promise<{ stdout: string; sockets: string }> {
  const sockets = join(folder, 'sockets.txt');
  const env = {
    ...process.env,
    POACT_SOCKETS: sockets,
    XDG_CACHE_HOME: folder,
    XDG_DATA_HOME: folder,
    POACT_HOME: folder,
  };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', join(root, 'test/no-network.ts'), ...args],
    {
      cwd: folder,
      env,
      timeout: 120_000,
    },
  ).catch((error: { stdout?: string; stderr?: string }) => ({ stdout: `${error.stdout}${error.stderr}` }));
  return { stdout, sockets: existsSync(sockets) ? readFileSync(sockets, 'utf8') : '' };
}

it('runs an agent with files, tools and a store without a socket', async () => {
  const { stdout, sockets } = await offline([join(root, 'test/offline-run.ts'), join(folder, 'runs.sqlite')]);
  expect(sockets).toBe('');
  expect(JSON.parse(stdout)).toMatchObject({ answer: 9, status: 'answered' });
});

it('opens none for commands that only look', async () => {
  for (const command of [['--help'], ['runs'], ['models', 'list'], ['doctor']]) {
    const { sockets } = await offline([join(root, 'bin/poact.js'), ...command]);
    expect(sockets, command.join(' ')).toBe('');
  }
});

it.each([
  ['fetch', "await fetch('http://127.0.0.1:8099/').catch(() => {});"],
  [
    'a thread',
    `import { connect } from 'node:net';
import { isMainThread, Worker } from 'node:worker_threads';
if (isMainThread) new Worker(new URL(import.meta.url)).on('error', () => {});
else connect(9);`,
  ],
  ['a name', "import { lookup } from 'node:dns/promises';\ntry { await lookup('localhost'); } catch {}"],
])('would see one that is opened by %s', async (_title, code) => {
  const file = join(folder, 'leak.mjs');
  await writeFile(file, code);
  const { sockets } = await offline([file]);
  expect(sockets).toContain('A socket was opened');
});
