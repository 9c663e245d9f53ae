import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type PostgresServer, postgresServer } from '../../test/postgres-server.ts';
import { dbosQueue } from './dbos-queue.ts';
import { ANSWER, WORLD, workerAgent } from './fixtures/worker-agent.ts';
import { startWorker, workerScene } from './fixtures/worker-scene.ts';
import { cancelRun } from './waits.ts';
import { worker } from './workers.ts';

let server: PostgresServer;
beforeEach(async () => {
  server = await postgresServer();
});
afterEach(() => server.remove());

/** Stops a worker in good order; its last words. */
async function stop({ child, news }: Awaited<ReturnType<typeof startWorker>>) {
  child.kill('SIGTERM');
  const [code] = child.exitCode === null ? await once(child, 'close') : [child.exitCode];
  return { code, last: news.at(-1) };
}

/** Most effects that were under way at a time, in all workers or in one process. */
const overlapping = (where: string) =>
  `SELECT max(n)::int AS most FROM (SELECT count(*) AS n FROM world.effects a JOIN world.effects b
    ON b.began <= a.began AND b.at > a.began AND ${where} GROUP BY a.key) AS q`;

it('keeps the limits of a model over all workers, and gives each agent its own runs', async () => {
  await server.query(WORLD);
  const { agent, close } = workerAgent(server.url, 120);
  const other = workerAgent(server.url, 120, 'auditor');
  const runs: string[] = [];
  for (let n = 0; n < 12; n++) runs.push((await agent.start('Go.')).run);
  const { run: audited } = await other.agent.start('Look.');

  const rateLimit = { runs: 6, seconds: 4 };
  // One after the other: a worker that is there before the limits are set would have none.
  const workers = [
    await startWorker(server.url, 120, { concurrency: 2, globalConcurrency: 3, rateLimit, pollMs: 50 }),
    await startWorker(server.url, 120, { pollMs: 50 }),
  ];
  const ended = async (run: string) => (await agent.store.read(run)).at(-1);
  for (const run of runs) {
    await expect.poll(() => ended(run), { timeout: 60_000 }).toMatchObject({ kind: 'run-end', answer: ANSWER });
  }
  expect(await agent.store.read(audited)).toHaveLength(2);
  for (const one of workers) expect((await stop(one)).code).toBe(0);
  // What was set stays for those that say nothing of it; the auditor's worker shares the model's queue.
  const last = await startWorker(server.url, 120, { pollMs: 50 }, { name: 'auditor' });
  await expect.poll(() => ended(audited), { timeout: 60_000 }).toMatchObject({ kind: 'run-end' });
  await stop(last);

  const [all] = await server.query(overlapping('true'));
  const [each] = await server.query(overlapping('b.pid = a.pid'));
  expect(all?.most).toBeLessThanOrEqual(3);
  expect(each?.most).toBeLessThanOrEqual(2);
  const [rate] = await server.query(`SELECT max(n)::int AS most FROM (SELECT count(*) OVER (ORDER BY started_at_epoch_ms
    RANGE BETWEEN ${rateLimit.seconds * 1_000 - 1} PRECEDING AND CURRENT ROW) AS n FROM poact_dbos.workflow_status) AS q`);
  expect(rate?.most).toBeLessThanOrEqual(rateLimit.runs);
  await close();
  await other.close();
});

it('leaves its runs in good order on SIGTERM; it listened to nobody and talked to Postgres alone', async () => {
  await server.query(WORLD);
  const { agent, close } = workerAgent(server.url, 400);
  const { run } = await agent.start('Go.');
  const first = await startWorker(server.url, 400);
  await expect.poll(async () => (await agent.store.read(run)).length, { timeout: 60_000 }).toBeGreaterThan(6);
  const { code, last } = await stop(first);
  expect({ code, last }).toEqual({
    code: 0,
    last: { kind: 'stopped', places: [`to 127.0.0.1:${new URL(server.url).port}`], listens: false },
  });
  expect(first.problems()).toBe('');
  expect(first.news[0]).toMatchObject({ kind: 'advanced', run, status: 'running' });
  expect(await agent.store.due(agent.name)).toEqual([run]);

  // What is long over leaves DBOS's tables when a worker starts.
  await server.query(`UPDATE poact_dbos.workflow_status SET completed_at = 1000`);
  const second = await startWorker(server.url, 400);
  await expect
    .poll(async () => (await agent.store.read(run)).at(-1), { timeout: 60_000 })
    .toMatchObject({ answer: ANSWER });
  await stop(second);
  expect(await server.query('SELECT key FROM world.effects')).toHaveLength(3);
  expect(await server.query('SELECT status FROM poact_dbos.workflow_status')).toEqual([{ status: 'SUCCESS' }]);
  await close();
});

it('gives free what a dead worker had claimed, also where its run has ended', async () => {
  await server.query(WORLD);
  const { agent, close } = workerAgent(server.url, 1_000);
  const { run } = await agent.start('Go.');
  const dying = await startWorker(server.url, 1_000, { concurrency: 1, globalConcurrency: 1 });
  await expect.poll(async () => (await agent.store.read(run)).length, { timeout: 60_000 }).toBeGreaterThan(6);
  dying.child.kill('SIGKILL');
  await once(dying.child, 'exit');
  expect(await cancelRun(agent.store, run)).toBe(true);
  const next = await agent.start('Go, too.');
  // It was in the queue for an agent of another name.
  const other = workerAgent(server.url, 10, 'auditor');
  const queue = dbosQueue(server.url);
  const parts = { name: 'auditor', model: agent.model, advance: async () => 'running', trouble: () => {} };
  await queue.open(parts);
  await queue.offer([next.run]);
  await queue.close();
  await other.close();
  const alive = await startWorker(server.url, 10);
  const last = async () => (await agent.store.read(next.run)).at(-1);
  await expect.poll(last, { timeout: 60_000 }).toMatchObject({ answer: ANSWER });
  await stop(alive);
  expect((await agent.store.read(run)).at(-1)).toMatchObject({ status: 'cancelled' });
  await close();
});

it('goes on when the server was away', async () => {
  await server.query(WORLD);
  const { agent, close } = workerAgent(server.url, 20);
  const one = await startWorker(server.url, 20);
  await server.stop();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await server.start();
  const { run } = await agent.start('Go.');
  await expect
    .poll(async () => (await agent.store.read(run)).at(-1), { timeout: 60_000 })
    .toMatchObject({ answer: ANSWER });
  await stop(one);
  await close();
});

it('finishes the runs of workers that are killed at each failpoint: each effect once, one holder at a time', async () => {
  const failpoints = ['append.before:2', 'append.after:7', 'effect.before:1', 'effect.after:2'];
  const scene = {
    workers: 1,
    runs: 8,
    kills: 0,
    everyMs: 200,
    stepMs: 40,
    queue: { concurrency: 2, pollMs: 100 },
    failpoints,
  };
  const figures = await workerScene(server, scene);
  console.log(JSON.stringify(figures));
  const { kills, unfinished, duplicates, lost, interleaved, foreign, gaps } = figures;
  expect({ kills, unfinished, duplicates, lost, interleaved, foreign, gaps }).toEqual({
    kills: failpoints.length,
    unfinished: 0,
    duplicates: 0,
    lost: 0,
    interleaved: 0,
    foreign: 0,
    gaps: 0,
  });
});

it('says what stands in its way', async () => {
  const { agent, close } = workerAgent(server.url, 20);
  const queue = (url: string) => dbosQueue(url, { pollMs: 50 });
  const first = await worker({ agent, queue: queue(server.url) });
  await expect(worker({ agent, queue: queue(server.url) })).rejects.toMatchObject({ code: 'option-invalid' });
  await first.stop();
  const again = await worker({ agent, queue: queue(server.url) });
  await again.stop();
  const nowhere = server.url.replace(/:\d+\/postgres/, ':1/postgres');
  await expect(worker({ agent, queue: queue(nowhere) })).rejects.toMatchObject({
    code: 'store-failed',
    facts: { problem: 'unreachable' },
    message: expect.stringMatching(/^(?!.*s3cret).*127\.0\.0\.1:1.*cannot be reached/),
  });
  const stranger = server.url.replace('poact:', 'stranger:');
  await expect(worker({ agent, queue: queue(stranger) })).rejects.toMatchObject({ facts: { problem: 'unauthorised' } });
  await close();
});
