/**
 * Durable steps in Postgres: the task of `loop.ts`, intent and result each committed, by one run and by 16 at once, on a
 * server that is started for it.
 *
 * Run: `node bench/postgres.ts [steps]` (default 500 steps a run).
 *
 * @module
 */
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { allowAll } from '../src/guard/index.ts';
import { react } from '../src/policy/index.ts';
import { createAgent, postgresStore, type RunStore } from '../src/run/index.ts';
import { postgresServer } from '../test/postgres-server.ts';
import { callingModel, tools, withoutReviews } from './loop.ts';

export interface PostgresFigures {
  /** What a commit survives: with `full`, each waits for the disk. */
  durability: 'process' | 'full';
  runs: number;
  /** Steps a run. */
  steps: number;
  stepsPerSecond: number;
  /** Times that `SELECT 1` goes there and back in a second on one connection, just before: what the machine gives at the time. */
  pingsPerSecond: number;
  /** Processor time of this process a step. */
  cpuMicrosAStep: number;
  /** Of the table of events, without its index. */
  logBytesAStep: number;
}

const RUNS = [1, 16];
const TIMES = 3;

/** Starts a server, measures, and takes the server away again. */
export async function measurePostgres(steps: number): Promise<PostgresFigures[]> {
  const server = await postgresServer();
  try {
    const figures: PostgresFigures[] = [];
    for (const durability of ['process', 'full'] as const) {
      const schema = `bench_${durability}`;
      const store = postgresStore(server.url, { schema, durability });
      await go(store, 1, 200);
      let done = 200;
      for (const runs of RUNS) {
        let best = 0;
        let cpuMicrosAStep = Number.POSITIVE_INFINITY;
        const pingsPerSecond = await pings(server.url);
        for (let time = 0; time < TIMES; time++) {
          const startedAt = performance.now();
          const before = process.cpuUsage();
          await go(store, runs, steps);
          const { user, system } = process.cpuUsage(before);
          best = Math.max(best, (runs * steps * 1_000) / (performance.now() - startedAt));
          cpuMicrosAStep = Math.min(cpuMicrosAStep, Math.round((user + system) / runs / steps));
          done += runs * steps;
        }
        const [size] = await server.query(`SELECT pg_relation_size('${schema}.events')::float8 AS bytes`);
        const logBytesAStep = Math.round((size?.bytes as number) / done);
        const stepsPerSecond = Math.round(best);
        figures.push({ durability, runs, steps, stepsPerSecond, pingsPerSecond, cpuMicrosAStep, logBytesAStep });
      }
      await store.close();
    }
    return figures;
  } finally {
    await server.remove();
  }
}

async function pings(url: string): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  const startedAt = performance.now();
  const times = 500;
  for (let n = 0; n < times; n++) await client.query({ name: 'ping', text: 'SELECT 1' });
  const ms = performance.now() - startedAt;
  await client.end();
  return Math.round((times * 1_000) / ms);
}

async function go(store: RunStore, runs: number, steps: number): Promise<void> {
  const one = async () => {
    const model = callingModel();
    model.left = steps;
    const limits = { steps: Number.POSITIVE_INFINITY };
    const agent = createAgent({
      model,
      tools,
      policy: react(),
      guard: allowAll(),
      limits,
      store,
      action: withoutReviews,
    });
    const result = await agent.run('Go.');
    if (result.status !== 'answered') throw new Error(result.why);
  };
  await Promise.all(Array.from({ length: runs }, one));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.table(await measurePostgres(Number(process.argv[2] ?? 500)));
}
