/**
 * Durable steps in Postgres: the task of `loop.ts`, intent and result each committed, by one run and by 16 at once, on a
 * server that is started for it; and beside it the savers of LangGraph.js, where they are installed in `bench/rivals`.
 *
 * Run: `node bench/postgres.ts [steps]` (default 500 steps a run).
 *
 * @module
 */
import pg from 'pg';
import { allowAll } from '../src/guard/index.ts';
import { react } from '../src/policy/index.ts';
import { createAgent, postgresStore, type RunStore } from '../src/run/index.ts';
import { type PostgresServer, postgresServer } from '../test/postgres-server.ts';
import { callingModel, tools, withoutReviews } from './loop.ts';
import { machineLine } from './machine.ts';
import { besideRivals } from './postgres-rivals.ts';

interface PostgresFigures {
  /** What a commit survives: with `full`, each waits for the disk. */
  durability: 'process' | 'full';
  runs: number;
  /** Steps a run. */
  steps: number;
  stepsPerSecond: number;
  /** Times that `SELECT 1` goes there and back in a second on one connection, just before: what the machine gives at the time. */
  pingsPerSecond: number;
  /** The one over the other: what to compare on a busy machine. */
  stepsAPing: number;
  /** Processor time of this process a step. */
  cpuMicrosAStep: number;
  /** Of the table of events, without its index. */
  logBytesAStep: number;
}

const RUNS = [1, 16];
const TIMES = 3;
/** Most steps of a run beside rivals: what LangGraph's savers write grows with the square of it. */
const RIVAL_STEPS = 100;

async function measurePostgres(server: PostgresServer, steps: number): Promise<PostgresFigures[]> {
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
      const stepsAPing = Number((best / pingsPerSecond).toFixed(2));
      figures.push({
        durability,
        runs,
        steps,
        stepsPerSecond,
        pingsPerSecond,
        stepsAPing,
        cpuMicrosAStep,
        logBytesAStep,
      });
    }
    await store.close();
  }
  return figures;
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

const steps = Number(process.argv[2] ?? 500);
console.log(machineLine());
const server = await postgresServer();
try {
  console.table(await measurePostgres(server, steps));
  console.log(await besideRivals(server.url, Math.min(steps, RIVAL_STEPS), () => pings(server.url)));
} finally {
  await server.remove();
}
