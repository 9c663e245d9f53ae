import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PostgresServer, postgresServer } from '../../test/postgres-server.ts';
import { digestOf } from '../record/index.ts';
import { quickjs } from '../sandbox/index.ts';
import { postgresStore } from './postgres-store.ts';
import { sqliteStore } from './sqlite-store.ts';

const script = fileURLToPath(new URL('./fixtures/gated-agent.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'poact-gated-'));
const measured: string[] = [];
let server: PostgresServer;
beforeAll(async () => {
  server = await postgresServer();
});
afterAll(async () => {
  await server.remove();
  rmSync(folder, { recursive: true });
  console.log(
    `From the stored bytes to the guest’s next instruction, in a warm process (and to read them): ${measured.join(' · ')}.`,
  );
});

/** Another process; killed as soon as it says that it waits. */
function live(...given: string[]): Promise<{ answer?: unknown; status?: string; why?: string; killed?: true }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--no-warnings', script, ...given]);
    let out = '';
    let problem = '';
    child.stdout.on('data', (data) => {
      out += data;
      if (out.includes('waiting\n')) child.kill('SIGKILL');
    });
    child.stderr.on('data', (data) => {
      problem += data;
    });
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve({ killed: true });
      else if (code === 0) resolve(JSON.parse(out));
      else reject(new Error(problem));
    });
  });
}

it.each([
  ['block', 'begin', 'sqlite'],
  ['function', 'begin', 'sqlite'],
  ['generator', 'begin', 'sqlite'],
  ['constructor', 'begin', 'sqlite'],
  ['iterator', 'begin', 'sqlite'],
  ['block', 'ask', 'sqlite'],
  ['block', 'begin', 'postgres'],
])(
  'pauses three calls at once inside a %s, is killed (%s, %s), and goes on as they are allowed in reverse',
  async (shape, begin, at) => {
    const run = `${shape}-${begin}`;
    const place = at === 'sqlite' ? join(folder, `${run}.db`) : server.url;
    const world = join(folder, `${run}-${at}.world`);
    const step = (...more: string[]) => live(place, world, run, shape, ...more);
    expect(await step(begin)).toEqual({ killed: true });
    // Nobody said yet that it waits for more than the process that was killed.
    if (begin === 'ask') expect((await step('resume')).status).toBe('suspended');
    await measure(place, run, `${shape} (${at})`);

    expect((await step('approve', '3')).status).toBe('suspended');
    expect((await step('approve', '2', '7')).status).toBe('suspended');
    expect(await step('approve', '1')).toEqual({
      status: 'answered',
      why: expect.any(String),
      answer: { total: 499_500, ticks: 1_007, caught: 'nothing', got: [10, 70, 30] },
    });

    const done = readFileSync(world, 'utf8').trim().split('\n');
    expect(done.filter((line) => line === 'look')).toHaveLength(1_000);
    const sends = done.filter((line) => line !== 'look');
    expect(sends.map((line) => line.split(' ')[1])).toEqual(['3', '7', '1']);
    expect(new Set(sends.map((line) => line.split(' ')[2])).size).toBe(3);
    const store = at === 'sqlite' ? sqliteStore(place) : postgresStore(place);
    const log = await store.read(run);
    await store.close();
    const edited = log.find((event) => event.kind === 'approval' && event.verdict === 'edit');
    const id = edited?.kind === 'approval' ? edited.call : '';
    expect(log.find((event) => event.kind === 'call' && event.id === id)).toMatchObject({
      digest: digestOf({ tool: 'send', args: { n: 7 } }),
    });
    expect(log.every((event, place) => event.seq === place)).toBe(true);
  },
);

const sandbox = quickjs();
const WARM_UP = 20;
const ROUNDS = 40;

/** Gets the bytes of the last snapshot, restores it and gives one call its result: the guest goes on. */
async function measure(place: string, run: string, name: string): Promise<void> {
  const store = place.startsWith('postgres:') ? postgresStore(place) : sqliteStore(place);
  const snapshot = (await store.read(run)).findLast((event) => event.kind === 'snapshot');
  if (snapshot?.kind !== 'snapshot') throw new Error('There is no snapshot.');
  const { engine, tools, blob, below = [], bytes: size } = snapshot;
  const read = (name: string) => store.blobs.get(name);
  const reads: number[] = [];
  const times: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const started = performance.now();
    const bytes = (await store.blobs.get(blob)) as Uint8Array;
    const readAt = performance.now();
    const kept = { engine, tools, bytes, below };
    const session = await sandbox.restore(kept, { tools: ['look', 'send'], read });
    const turn = await session.settle([{ id: 1_003, value: 30 }], 0);
    if (round >= WARM_UP) {
      reads.push(readAt - started);
      times.push(performance.now() - readAt);
    }
    expect(turn).toMatchObject({ state: 'waiting', calls: [{ id: 1_001 }, { id: 1_002 }] });
    session.close();
  }
  await store.close();
  const median = (of: number[]) => (of.sort((a, b) => a - b)[ROUNDS / 2] as number).toFixed(1);
  measured.push(`${name} ${median(times)} ms (read ${median(reads)}), ${(size / 1000).toFixed(0)} KB`);
}
