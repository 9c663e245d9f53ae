import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { ToolContext } from '../action/index.ts';
import { fakeClock, scriptedModel } from '../testing/index.ts';
import { type Agent, createAgent } from './agent.ts';
import type { AgentOptions } from './agent-options.ts';
import { memoryStore } from './memory-store.ts';
import type { RunStore } from './run.ts';
import { sqliteStore } from './sqlite-store.ts';
import { approvalsOf, cancelRun, respond } from './waits.ts';
import { localQueue } from './work-queue.ts';
import { type WorkerNews, worker } from './workers.ts';

const folder = mkdtempSync(join(tmpdir(), 'poact-workers-'));
afterAll(() => rmSync(folder, { recursive: true }));

const input = { type: 'object', properties: {} } as const;
/** A tool that somebody has to allow. */
const asked = {
  needsApproval: true,
  description: 'Acts',
  input,
  output: { type: 'number' },
  run: async () => 7,
} as const;

/** Calls its tool `steps` times, one call a step, then answers. */
function agentOf(
  store: RunStore,
  act: () => unknown,
  { steps = 1, ...more }: Partial<AgentOptions> & { steps?: number } = {},
): Agent {
  return createAgent({
    model: scriptedModel(({ messages }) => {
      const said = messages.filter(({ role }) => role === 'assistant').length;
      return said < steps ? { calls: [{ id: `c${said}`, tool: 'act', args: {} }] } : `Done after ${said}.`;
    }),
    policy: 'react',
    tools: { act: { description: 'Acts', input, output: { type: 'number' }, effect: 'read', run: async () => act() } },
    store,
    ...more,
  });
}

/** The status in which a run comes to rest. */
async function rest(store: RunStore, run: string, wanted: string): Promise<void> {
  await expect
    .poll(async () => (await store.list()).find((row) => row.run === run)?.status, { timeout: 10_000, interval: 10 })
    .toBe(wanted);
}

it('goes on with a run that was left to it; one that waits holds no worker and goes on when it is answered', async () => {
  const store = memoryStore();
  const agent = agentOf(store, () => 7, { tools: { act: asked } });
  const { run } = await agent.start('Act.');
  expect((await store.read(run)).map(({ kind }) => kind)).toEqual(['run-start', 'task']);
  const news: WorkerNews[] = [];
  const { stop } = await worker({
    agent,
    sweepMs: 60_000,
    queue: localQueue({ concurrency: 1 }),
    on: (one) => news.push(one),
  });
  await rest(store, run, 'suspended');
  const other = await agent.start('Act, too.');
  await rest(store, other.run, 'suspended');
  for (const { id, digest = '', run: waiting } of await approvalsOf(store)) {
    await respond(store, waiting, { kind: 'approval', call: id, digest, verdict: 'approve' });
    await rest(store, waiting, 'answered');
  }
  await stop();
  expect(news.map((one) => 'status' in one && one.status)).toEqual(['suspended', 'suspended', 'answered', 'answered']);
});

it('leaves runs before their next step when it stops, and another goes on with them', async () => {
  const store = memoryStore();
  let acted = 0;
  const agent = agentOf(
    store,
    () => {
      acted += 1;
      if (acted === 2) void first.stop();
      return acted;
    },
    { steps: 4 },
  );
  const first = await worker({ agent });
  const { run } = await agent.start('Act.');
  await expect.poll(() => acted).toBe(2);
  await first.stop();
  expect(acted).toBe(2);
  await rest(store, run, 'running');
  expect(await store.due(agent.name)).toEqual([run]);
  const second = await worker({ agent });
  await rest(store, run, 'answered');
  await second.stop();
  expect(acted).toBe(4);
  const events = await store.read(run);
  expect(events.filter(({ kind }) => kind === 'resume')).toHaveLength(2);
  expect(events.some(({ kind }) => kind === 'suspend')).toBe(false);
});

it('leaves alone what was cancelled, and goes on with it when it is left to workers again', async () => {
  const store = memoryStore();
  const agent = agentOf(store, () => 1);
  const { run } = await agent.start('Act.');
  expect(await cancelRun(store, run)).toBe(true);
  expect(await agent.advance(run)).toEqual({ status: 'cancelled', events: 0 });
  const { stop } = await worker({ agent });
  await agent.enqueue(run);
  await rest(store, run, 'answered');
  await agent.enqueue(run);
  await stop();
  const answers = async () => (await store.read(run)).filter(({ kind }) => kind === 'run-end').length;
  expect(await answers()).toBe(2);
  await agent.enqueue(run, { task: 'And again.' });
  await expect(agent.enqueue(run, { task: 'And again.' })).rejects.toMatchObject({ code: 'run-busy' });
  const again = await worker({ agent });
  await expect.poll(answers).toBe(3);
  await again.stop();
});

it('says why it cannot go on with a run of another agent, and goes on where changes are accepted', async () => {
  const store = memoryStore();
  const agent = agentOf(store, () => 1);
  const { run } = await agent.start('Act.');
  const changed = agentOf(store, () => 1, { tools: {} });
  const news: WorkerNews[] = [];
  const strict = await worker({ agent: changed, sweepMs: 10, on: (one) => news.push(one) });
  await expect.poll(() => news.length).toBe(1);
  await strict.stop();
  expect(news).toMatchObject([{ kind: 'failed', run, error: { code: 'run-changed' }, retryMs: 1_000 }]);
  expect(await store.read(run)).toHaveLength(2);
  const lenient = await worker({ agent: agentOf(store, () => 1, { steps: 0, tools: {} }), acceptChanges: true });
  await rest(store, run, 'answered');
  await lenient.stop();
});

it('takes as many runs at a time as it is told', async () => {
  const store = memoryStore();
  let now = 0;
  let most = 0;
  const agent = agentOf(store, async () => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setTimeout(resolve, 20));
    now -= 1;
    return now;
  });
  const runs = await Promise.all(Array.from({ length: 6 }, async () => (await agent.start('Act.')).run));
  const { stop } = await worker({ agent, queue: localQueue({ concurrency: 2 }) });
  for (const run of runs) await rest(store, run, 'answered');
  await stop();
  expect(most).toBe(2);
});

it('goes on with a run when what a run within it waits for is answered', async () => {
  const store = memoryStore();
  const inner = agentOf(store, () => 7, { tools: { act: asked } });
  const delegate = {
    description: 'Acts',
    input,
    output: { type: 'string' },
    effect: 'read',
    run: async (_args: object, { child }: ToolContext) => (await child('Act.', inner.solve)).answer as string,
  } as const;
  const agent = agentOf(store, () => 0, { tools: { act: delegate } });
  const news: WorkerNews[] = [];
  const { stop } = await worker({ agent, on: (one) => news.push(one) });
  const { run } = await agent.start('Act.');
  await rest(store, run, 'suspended');
  const [wait] = await approvalsOf(store);
  const { id = '', digest = '', run: within = '' } = wait ?? {};
  expect(within).toMatch(new RegExp(`^${run}\\.\\d+$`));
  await respond(store, within, { kind: 'approval', call: id, digest, verdict: 'approve' });
  await rest(store, run, 'answered');
  await stop();
  expect(news).toHaveLength(2);
});

it('lets a run be for a while where going on changes nothing', async () => {
  const clock = fakeClock();
  const store = memoryStore({ clock });
  const { run } = await agentOf(store, () => 7, { tools: { act: asked }, limits: { waitMs: 30 }, clock }).start('Act.');
  const news: WorkerNews[] = [];
  const on = (one: WorkerNews) => news.push(one);
  const first = await worker({
    agent: agentOf(store, () => 7, { tools: { act: asked }, limits: { waitMs: 30 }, clock }),
    on,
  });
  await expect.poll(() => news.length).toBeGreaterThan(0);
  await first.stop();
  clock.advance(50);
  expect(await store.due('react')).toEqual([run]);
  // This one waits for ever, whatever the log says.
  const second = await worker({ agent: agentOf(store, () => 7, { tools: { act: asked }, clock }), sweepMs: 10, on });
  await new Promise((resolve) => setTimeout(resolve, 300));
  await second.stop();
  expect(news).toMatchObject([{ status: 'suspended' }, { status: 'suspended', events: 0 }]);
});

it('goes on with a run whose wait is over', async () => {
  const store = memoryStore();
  const tools = {
    act: { needsApproval: true, description: 'Acts', input, output: { type: 'number' }, run: async () => 7 },
  } as const;
  const agent = agentOf(store, () => 7, { tools, limits: { waitMs: 50 } });
  const { stop } = await worker({ agent, sweepMs: 20 });
  const { run } = await agent.start('Act.');
  await rest(store, run, 'answered');
  await stop();
  const suspend = (await store.read(run)).find((event) => event.kind === 'suspend');
  expect(suspend?.kind === 'suspend' && suspend.until).toMatch(/^\d{4}-.*Z$/);
});

it('shares the runs of one SQLite file with another worker', async () => {
  const path = join(folder, 'runs.db');
  const stores = [sqliteStore(path, { pollMs: 10 }), sqliteStore(path, { pollMs: 10 })] as const;
  const acted = [0, 0];
  const slow = (which: number) => async () => {
    acted[which] = (acted[which] ?? 0) + 1;
    await new Promise((resolve) => setTimeout(resolve, 10));
    return which;
  };
  const agents = [agentOf(stores[0], slow(0), { steps: 2 }), agentOf(stores[1], slow(1), { steps: 2 })] as const;
  const queue = () => localQueue({ concurrency: 2 });
  const workers = [
    await worker({ agent: agents[0], queue: queue() }),
    await worker({ agent: agents[1], queue: queue() }),
  ];
  const client = sqliteStore(path);
  const starter = agentOf(client, () => 0, { steps: 2 });
  const runs = await Promise.all(Array.from({ length: 12 }, async () => (await starter.start('Act.')).run));
  for (const run of runs) await rest(client, run, 'answered');
  for (const { stop } of workers) await stop();
  for (const store of [...stores, client]) await store.close();
  expect((acted[0] ?? 0) + (acted[1] ?? 0)).toBe(24);
  expect(Math.min(...acted)).toBeGreaterThan(0);
});
