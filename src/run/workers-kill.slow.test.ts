import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PostgresServer, postgresServer } from '../../test/postgres-server.ts';
import { workerScene } from './fixtures/worker-scene.ts';

/** `node bench/workers.ts` has the whole: 200 runs, a kill every five seconds, 30 of them. */
const RUNS = 40;
const KILLS = 6;

let server: PostgresServer;
beforeAll(async () => {
  server = await postgresServer();
});
afterAll(() => server.remove());

it(`finishes ${RUNS} runs on four workers of which one after another is killed: each effect once, one holder at a time`, async () => {
  const figures = await workerScene(server, {
    workers: 4,
    runs: RUNS,
    kills: KILLS,
    everyMs: 2_000,
    stepMs: 1_000,
    queue: { concurrency: 2 },
  });
  console.log(JSON.stringify(figures));
  const { kills, fences, unfinished, duplicates, lost, interleaved, foreign, gaps } = figures;
  expect({ unfinished, duplicates, lost, interleaved, foreign, gaps }).toEqual({
    unfinished: 0,
    duplicates: 0,
    lost: 0,
    interleaved: 0,
    foreign: 0,
    gaps: 0,
  });
  expect(kills).toBe(KILLS);
  expect(fences).toBeGreaterThan(2 * RUNS);
}, 240_000);
