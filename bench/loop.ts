/**
 * What the loop itself costs: N steps, each one call of a tool that does nothing, in memory and in SQLite.
 *
 * Run: `node bench/loop.ts` (all sizes, each in a process of its own) or `node bench/loop.ts memory 800 [bare]`.
 *
 * @module
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { actionController, type NamedTool, RULES, toTools } from '../src/action/index.ts';
import { allowAll } from '../src/guard/index.ts';
import type { Model } from '../src/model/index.ts';
import { react } from '../src/policy/index.ts';
import { createAgent, memoryStore, sqliteStore } from '../src/run/index.ts';

export interface LoopFigures {
  store: string;
  /** With the default reviews of calls, path and answer, or without any, as the loops of others have none. */
  reviews: boolean;
  steps: number;
  stepsPerSecond: number;
  /** Processor time of all threads: what to compare on a busy machine. */
  cpuMicrosAStep: number;
  logBytesAStep: number;
  blobBytesAStep: number;
  rssMb: number;
}

const SIZES = [50, 200, 800, 5_000];
const STORES = ['memory', 'sqlite'];
/** Short runs before the measured ones, so that the machine code is there: of a step, and of a run's beginning and end. */
const WARM_RUNS = 100;
const WARM_STEPS = 50;
/** Steps that are measured at least, in whole runs and at least three; the fastest run counts. */
const MEASURED_STEPS = 4_000;

/** A model that calls the tool N times with other arguments each time, then answers. It costs as little as can be. */
export function callingModel(): Model & { left: number } {
  const usage = { sent: 100, evaluated: 10, written: 10 };
  const model = {
    id: 'bench/calling',
    can: { contextTokens: 1e9, tools: true, schema: false, grammar: false, prefill: false, seed: true, prefix: false },
    left: 0,
    async generate() {
      model.left -= 1;
      if (model.left < 0) return { text: 'Done.', finish: 'stop' as const, usage };
      return {
        text: '',
        calls: [{ id: 'c', tool: 'nothing', args: { n: model.left } }],
        finish: 'calls' as const,
        usage,
      };
    },
  };
  return model;
}

export const tools: NamedTool[] = toTools({
  nothing: {
    description: 'Does nothing',
    input: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] },
    run: () => 0,
  },
});

export const withoutReviews = actionController({
  format: 'json',
  review: {
    types: false,
    answers: false,
    path: false,
    rules: Object.fromEntries(Object.keys(RULES).map((name) => [name, false])),
  },
});

/** Measures one store and size in this process. */
export async function measureLoop(kind: string, steps: number, reviews = true): Promise<LoopFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'poact-bench-'));
  const store = kind === 'memory' ? memoryStore() : sqliteStore(join(folder, 'runs.db'));
  const model = callingModel();
  const limits = { steps: Number.POSITIVE_INFINITY };
  const run = async (n: number, on = kind === 'memory' ? memoryStore() : store) => {
    model.left = n;
    const agent = createAgent({
      model,
      tools,
      policy: react(),
      guard: allowAll(),
      limits,
      store: on,
      ...(reviews ? {} : { action: withoutReviews }),
    });
    const startedAt = performance.now();
    const cpuBefore = process.cpuUsage();
    const result = await agent.run('Go.');
    if (result.status !== 'answered') throw new Error(result.why);
    const { user, system } = process.cpuUsage(cpuBefore);
    return { result, ms: performance.now() - startedAt, cpuMs: (user + system) / 1_000 };
  };
  for (let time = 0; time < WARM_RUNS; time++) await run(WARM_STEPS);
  let best = Number.POSITIVE_INFINITY;
  let bestCpu = Number.POSITIVE_INFINITY;
  let last = await run(steps, store);
  const times = Math.max(3, Math.ceil(MEASURED_STEPS / steps));
  for (let time = 0; time < times; time++) {
    last = await run(steps, store);
    best = Math.min(best, last.ms);
    bestCpu = Math.min(bestCpu, last.cpuMs);
  }
  const rssMb = process.memoryUsage().rss / 1e6;
  const { log } = last.result;
  const bytes = kind === 'sqlite' ? sqliteBytes(join(folder, 'runs.db')) : undefined;
  const runs = times + 1;
  await store.close();
  rmSync(folder, { recursive: true });
  const all = runs * steps + WARM_RUNS * WARM_STEPS;
  return {
    store: kind,
    reviews,
    steps,
    stepsPerSecond: Math.round(((steps + 1) / best) * 1_000),
    cpuMicrosAStep: Math.round((bestCpu / (steps + 1)) * 1_000),
    logBytesAStep: Math.round(bytes === undefined ? JSON.stringify(log).length / steps : bytes.log / all),
    blobBytesAStep: Math.round(bytes === undefined ? 0 : bytes.blobs / all),
    rssMb: Math.round(rssMb),
  };
}

function sqliteBytes(path: string): { log: number; blobs: number } {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const db = new DatabaseSync(path);
  const used = (table: string) =>
    db.prepare('SELECT sum(pgsize) AS bytes FROM dbstat WHERE name = ?').get(table)?.bytes as number;
  const index = db.prepare(
    "SELECT coalesce(sum(pgsize), 0) AS bytes FROM dbstat WHERE name LIKE 'sqlite_autoindex_blobs%'",
  );
  try {
    return { log: used('events'), blobs: used('blobs') + (index.get()?.bytes as number) };
  } finally {
    db.close();
  }
}

/** Measures all, each in a fresh process. */
export function measureLoops(): LoopFigures[] {
  const path = fileURLToPath(import.meta.url);
  const cases = STORES.flatMap((store) =>
    [true, false].flatMap((reviews) => SIZES.map((steps) => [store, String(steps), ...(reviews ? [] : ['bare'])])),
  );
  return cases.map((given) => {
    const said = execFileSync(process.execPath, [path, ...given], { stdio: ['ignore', 'pipe', 'ignore'] });
    return JSON.parse(String(said)) as LoopFigures;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [store, steps, bare] = process.argv.slice(2);
  if (store !== undefined) console.log(JSON.stringify(await measureLoop(store, Number(steps), bare === undefined)));
  else console.table(measureLoops());
}
