/**
 * Workers that die: four of them on one Postgres, one killed every five seconds and started again, until all runs have ended.
 * What must be 0 is counted by the database and by the world that the tools write to.
 *
 * Run: `node bench/workers.ts [runs] [kills] [milliseconds between kills] [milliseconds a call]` (default 200 30 5000 1600). Exits with
 * 1 where one of them is not, or all runs had ended before so many kills.
 *
 * @module
 */
import { workerScene } from '../src/run/fixtures/worker-scene.ts';
import { postgresServer } from '../test/postgres-server.ts';
import { machineLine } from './machine.ts';

const [runs = 200, kills = 30, everyMs = 5_000, stepMs = 1_600] = process.argv.slice(2).map(Number);
console.log(machineLine());
const server = await postgresServer();
try {
  const figures = await workerScene(server, { workers: 4, runs, kills, everyMs, stepMs, queue: { concurrency: 2 } });
  for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(12)} ${value}`);
  const { unfinished, duplicates, lost, interleaved, foreign, gaps } = figures;
  const isClean = unfinished + duplicates + lost + interleaved + foreign + gaps === 0;
  process.exitCode = isClean && figures.kills >= kills ? 0 : 1;
} finally {
  await server.remove();
}
