/**
 * What check 7 of the issue on durable runs promises, for random trees of runs that are killed at random places: a limit of
 * tokens is never passed, by what the models really read and wrote, lost replies included; and what was set aside comes back.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type RunContext, type Solve, tool } from '../action/index.ts';
import type { Model, ModelRequest } from '../model/index.ts';
import { isPoactError, type RunResult, textOf, viewOf } from '../record/index.ts';
import { createAgent } from './agent.ts';
import { memoryStore } from './memory-store.ts';
import type { RunStore } from './run.ts';
import { solved } from './solve.ts';
import { takenInAll } from './spent.ts';
import { sqliteStore } from './sqlite-store.ts';

/** What a run does: asks a model, several at once, or has a run within it do something. */
type Work =
  | { kind: 'ask'; at: string; prompt: number; reply: number; maxTokens?: number; goesOn: boolean }
  | { kind: 'child'; at: string; tokens?: number; all: boolean; works: Work[] };

const asking = (at: string): fc.Arbitrary<Work> =>
  fc.record(
    {
      kind: fc.constant('ask' as const),
      at: fc.constant(at),
      prompt: fc.integer({ min: 1, max: 60 }),
      reply: fc.integer({ min: 0, max: 300 }),
      maxTokens: fc.integer({ min: 1, max: 300 }),
      goesOn: fc.boolean(),
    },
    { requiredKeys: ['kind', 'at', 'prompt', 'reply', 'goesOn'] },
  );
const works = (at: string, depth: number): fc.Arbitrary<Work[]> =>
  fc
    .integer({ min: 1, max: 3 })
    .chain((n) =>
      fc.tuple(
        ...Array.from({ length: n }, (_, each) =>
          depth === 0
            ? asking(`${at}.${each}`)
            : fc.oneof(
                { weight: 2, arbitrary: asking(`${at}.${each}`) },
                { weight: 1, arbitrary: child(`${at}.${each}`, depth - 1) },
              ),
        ),
      ),
    );
const child = (at: string, depth: number): fc.Arbitrary<Work> =>
  fc.record(
    {
      kind: fc.constant('child' as const),
      at: fc.constant(at),
      tokens: fc.integer({ min: 50, max: 900 }),
      all: fc.boolean(),
      works: works(at, depth),
    },
    { requiredKeys: ['kind', 'at', 'all', 'works'] },
  );

const scene = fc.record({
  limit: fc.integer({ min: 300, max: 4_000 }),
  children: fc.tuple(child('a', 1), child('b', 1), child('c', 1)),
  /** After how many steps of its life each process is killed; the one after them lives. */
  kills: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 4 }),
});
type Scene = typeof scene extends fc.Arbitrary<infer Each> ? Each : never;

class Killed extends Error {}

/** A process that is killed: from then on nothing of it writes or asks. */
function processOf(store: RunStore, livesFor: number) {
  let left = livesFor;
  const held: [string, number][] = [];
  const step = () => {
    left -= 1;
    if (left < 0) throw new Killed('Killed.');
  };
  const alive = () => {
    if (left < 0) throw new Killed('Killed.');
  };
  const guarded: RunStore = {
    ...store,
    append(run, events, options) {
      alive();
      return store.append(run, events, options);
    },
    async lease(run, holder, ms) {
      alive();
      const lease = await store.lease(run, holder, ms);
      held.push([run, lease.fence]);
      return lease;
    },
    async drain(run, fence) {
      alive();
      return store.drain(run, fence);
    },
  };
  return { store: guarded, step, bury: () => Promise.all(held.map(([run, fence]) => store.release(run, fence))) };
}

/** The world: what models really read and wrote, by whom. */
interface World {
  total: number;
  by: Map<string, number>;
  lost: number;
}

const tokensOf = (text: string) => Math.ceil(text.length / 4);

/** Reads and writes, says so to the world, and may be killed before, in between and after. */
function modelOf(world: World, step: () => void): Model {
  return {
    id: 'world/model',
    can: {
      contextTokens: 8_000,
      tools: true,
      schema: false,
      grammar: false,
      prefill: false,
      seed: true,
      prefix: false,
    },
    tokenize: async (text) => Array.from({ length: tokensOf(text) }, () => 0),
    async generate({ messages, maxTokens = Number.POSITIVE_INFINITY }: ModelRequest) {
      step();
      const asked = textOf(messages.at(-1)?.parts ?? []);
      const [, at, wanted] = /^(\S+) (\d+)/.exec(asked) ?? [];
      const isAgent = at === undefined;
      const sent = messages.reduce((sum, { parts }) => sum + tokensOf(textOf(parts)), 0);
      const written = Math.min(isAgent ? 5 : Number(wanted), maxTokens);
      world.total += sent + written;
      for (let run = at ?? ''; run !== ''; run = run.slice(0, run.lastIndexOf('.'))) {
        world.by.set(run, (world.by.get(run) ?? 0) + sent + written);
        if (!run.includes('.')) break;
      }
      await new Promise((resolve) => setImmediate(resolve));
      step();
      const usage = { sent, evaluated: sent, written };
      if (!isAgent) return { text: 'x'.repeat(written * 4), finish: 'stop' as const, usage };
      const isDone = messages.some(({ role }) => role === 'tool');
      return isDone
        ? { text: 'Done.', finish: 'stop' as const, usage }
        : { text: '', calls: [{ id: 'c', tool: 'work', args: {} }], finish: 'calls' as const, usage };
    },
  };
}

const solveOf =
  (work: Extract<Work, { kind: 'child' }>): Solve =>
  async (_task, context) => {
    const each = (one: Work) => perform(one, context);
    if (work.all) await Promise.all(work.works.map(each));
    else for (const one of work.works) await each(one);
    return solved(context, work.at);
  };

async function perform(work: Work, context: Pick<RunContext, 'generate' | 'child'>): Promise<unknown> {
  const { at } = work;
  if (work.kind === 'child') {
    const budget = work.tokens === undefined ? {} : { tokens: work.tokens };
    return context.child(at, solveOf(work), budget).catch(unless(true));
  }
  const { prompt, reply, maxTokens, goesOn } = work;
  const messages = [{ role: 'user' as const, parts: [{ text: `${at} ${reply} ${'p'.repeat(prompt * 4)}` }] }];
  return context.generate({ messages, ...(maxTokens === undefined ? {} : { maxTokens }) }).catch(unless(goesOn));
}

/** What does not fit may be gone on without. */
const unless = (goesOn: boolean) => (error: unknown) => {
  if (goesOn && isPoactError(error) && error.code === 'budget-exceeded') return undefined;
  throw error;
};

async function play({ limit, children, kills }: Scene, store: RunStore) {
  const world: World = { total: 0, by: new Map(), lost: 0 };
  const run = `run${++runs}`;
  let result: RunResult | undefined;
  let killed = 0;
  for (const livesFor of [...kills, Number.POSITIVE_INFINITY]) {
    const life = processOf(store, livesFor);
    const agent = createAgent({
      model: modelOf(world, life.step),
      policy: 'react',
      store: life.store,
      limits: { tokens: limit },
      failpoint: life.step,
      tools: {
        work: tool({
          description: 'Works',
          input: z.object({}),
          idempotent: true,
          timeoutMs: Number.POSITIVE_INFINITY,
          run: async (_args, { child: begin }) => {
            const context = { child: begin } as Pick<RunContext, 'generate' | 'child'>;
            await Promise.all(children.map((one) => perform(one, context)));
            return null;
          },
        }),
      },
    });
    const events = await store.read(run).catch(() => []);
    const isBegun = events.some(({ kind }) => kind === 'task');
    try {
      result = isBegun ? await agent.resume(run) : await agent.run('Go.', { run });
      break;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      killed += 1;
      // What is left of the dead process finds out.
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      await life.bury();
    }
  }
  if (result === undefined) throw new Error('No result.');
  return { world, result, killed, run };
}
let runs = 0;
const seen = { scenes: 0, kills: 0, children: 0, stopped: 0 };

/** The limits of a tree of works, by where they are. */
function limitsIn(all: readonly Work[]): [string, number][] {
  return all.flatMap((one) =>
    one.kind === 'ask'
      ? []
      : [...(one.tokens === undefined ? [] : [[one.at, one.tokens] as [string, number]]), ...limitsIn(one.works)],
  );
}

async function check(given: Scene, store: RunStore): Promise<void> {
  const { world, result, killed, run } = await play(given, store);
  seen.scenes += 1;
  seen.kills += killed;
  if (result.status === 'stopped') seen.stopped += 1;
  expect(['answered', 'stopped']).toContain(result.status);
  // Never passed, by what the world saw: replies that died with their process are in it.
  expect(world.total).toBeLessThanOrEqual(given.limit);
  for (const [at, tokens] of limitsIn(given.children)) expect(world.by.get(at) ?? 0, at).toBeLessThanOrEqual(tokens);
  const view = viewOf(run, await store.read(run));
  const known = result.usage.sent + result.usage.written;
  const taken = takenInAll(view, 'tokens');
  expect(taken).toBeLessThanOrEqual(given.limit);
  // The logs of all runs, each by itself, say what the outer one says of them together.
  const logged = await loggedIn(run, store);
  expect(known).toBe(logged);
  // Nothing stays set aside but for what was lost with a process.
  if (killed === 0) expect(taken).toBe(known);
  if (killed === 0) expect(known).toBe(world.total);
  expect(taken).toBeGreaterThanOrEqual(world.total);
  const began = view
    .events()
    .flatMap((event) => (event.kind === 'child' && event.state === 'started' ? [event.child] : []));
  const ended = view
    .events()
    .flatMap((event) => (event.kind === 'child' && event.state === 'ended' ? [event.child] : []));
  expect(ended.toSorted()).toEqual(began.toSorted());
  expect(new Set(began).size).toBe(began.length);
}

/** What the calls of models in a run's log took, and in those of the runs within it. */
async function loggedIn(run: string, store: RunStore): Promise<number> {
  let sum = 0;
  for (const event of await store.read(run)) {
    if (event.kind === 'model-call') sum += event.usage.sent + event.usage.written;
    if (event.kind !== 'child' || event.state !== 'started') continue;
    seen.children += 1;
    sum += await loggedIn(event.child, store);
  }
  return sum;
}

const folder = mkdtempSync(join(tmpdir(), 'poact-budget-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
  console.log(
    `${seen.scenes} trees of runs, ${seen.children} runs within them, ${seen.kills} kills, ${seen.stopped} stopped by the limit.`,
  );
});

/** More with POACT_BUDGET_TREES. */
const TREES = Number(process.env.POACT_BUDGET_TREES ?? 250);

it('is never passed by a tree of runs that is killed and resumed (memory)', async () => {
  await fc.assert(
    fc.asyncProperty(scene, (given) => check(given, memoryStore())),
    { numRuns: TREES },
  );
}, 120_000);

it('is never passed by a tree of runs that is killed and resumed (SQLite)', async () => {
  const store = sqliteStore(join(folder, 'runs.db'));
  await fc.assert(
    fc.asyncProperty(scene, (given) => check(given, store)),
    { numRuns: Math.ceil(TREES / 5) },
  );
  await store.close();
}, 120_000);
