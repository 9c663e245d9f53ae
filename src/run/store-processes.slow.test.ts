import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, postgresServer } from '../../test/postgres-server.ts';
import { postgresStore } from './postgres-store.ts';
import type { RunStore } from './run.ts';
import { sqliteStore } from './sqlite-store.ts';

const script = fileURLToPath(new URL('./fixtures/store-process.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'poact-stores-'));
let server: PostgresServer;
beforeAll(async () => {
  server = await postgresServer();
});
afterAll(async () => {
  await server.remove();
  rmSync(folder, { recursive: true });
});

const place = (kind: string) => (kind === 'sqlite' ? join(folder, 'runs.db') : server.url);
const open = (kind: string): RunStore =>
  kind === 'sqlite' ? sqliteStore(place(kind), { pollMs: 20 }) : postgresStore(server.url);
const start = (...given: string[]) =>
  promisify(execFile)(process.execPath, ['--no-warnings', script, ...given]).then(({ stdout }) => stdout);

describe.each(['sqlite', 'postgres'])('processes on one %s store', (kind) => {
  it('contend for one run, and its log shows that one at a time had it', async () => {
    const most = 120;
    const holders = ['a', 'b', 'c'];
    const said = await Promise.all(holders.map((name) => start('contend', place(kind), 'shared', name, String(most))));
    const refused = said.map((text) => (JSON.parse(text) as { refused: number }).refused);
    const store = open(kind);
    const events = await store.read('shared');
    await store.close();
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, seq) => seq));
    expect(events.length).toBeGreaterThanOrEqual(most);
    const notes = events.flatMap((event) => (event.kind === 'note' ? [event] : []));
    const fences = notes.map(({ value }) => Number(value));
    expect(fences).toEqual([...fences].sort((a, b) => a - b));
    const holderOf = new Map<number, string>();
    for (const { value, name } of notes) {
      const fence = Number(value);
      expect(holderOf.get(fence) ?? name).toBe(name);
      holderOf.set(fence, name);
    }
    expect(new Set(holderOf.values()).size).toBe(holders.length);
    // Stalled holders tried to write with the fence they had lost.
    expect(refused.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0);
    console.log(`${kind}: ${holderOf.size} holders in turn, ${refused.join(' + ')} refused with an old fence.`);
  });

  it('take over from one that was killed, with what it had taken from the inbox', async () => {
    const child = spawn(process.execPath, ['--no-warnings', script, 'hold', place(kind), 'killed', '600000']);
    await once(child.stdout, 'data');
    const store = open(kind);
    await expect(store.lease('killed', 'next', 1_000)).rejects.toMatchObject({ code: 'run-busy' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { fence } = await store.lease('killed', 'next', 1_000);
    expect(fence).toBe(2);
    expect(await store.read('killed')).toHaveLength(1);
    expect(await store.drain('killed', fence)).toEqual([{ kind: 'message', text: 'for whoever holds it' }]);
    await store.close();
  });

  it('follow what another appends, without a gap, and promptly', async () => {
    const store = open(kind);
    const appending = start('append', place(kind), 'followed', '300');
    const follow = async (from: number) => {
      const seen: number[] = [];
      const late: number[] = [];
      for (;;) {
        try {
          for await (const event of store.follow('followed', from)) {
            seen.push(event.seq);
            late.push(Date.now() - Date.parse(event.at));
          }
          return { seen, late };
        } catch {
          // It has not begun yet.
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
    };
    const [all, rest] = await Promise.all([follow(0), follow(77)]);
    await appending;
    expect(all.seen).toEqual(Array.from({ length: 300 }, (_, seq) => seq));
    expect(rest.seen).toEqual(all.seen.slice(77));
    // Far less than the time after which followers look by themselves.
    const median = all.late.sort((a, b) => a - b)[150] ?? 0;
    expect(median).toBeLessThan(500);
    console.log(`${kind}: an event of another process is seen ${median} ms after its time (median).`);
    await store.close();
  });
});
