/**
 * Runs that are killed and gone on with: processes of `src/run/fixtures/killed-agent.ts` that get a SIGKILL at a failpoint or
 * at a random moment, and what must hold afterwards of the logs and of the world.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunEvent, seededRandom } from '../src/record/index.ts';
import { postgresStore, type RunStore, type RunUsage, sqliteStore } from '../src/run/index.ts';

/** What is killed: where the log is, and whether the model writes programs or calls. */
export interface Kind {
  at: 'sqlite' | 'postgres';
  format: 'code' | 'json';
}

/** How many kills. */
export interface Counts {
  /** At most so many passings of each failpoint, spread over all of them. */
  each: number;
  /** Random moments. */
  random: number;
}

/** Kills by point, `sqlite code append.before`; and how often a call was in doubt. */
export interface Killed {
  points: { [point: string]: number };
  doubts: number;
}

/** Failpoints of a run; those of an undo are killed at in `undo-kill.slow.test.ts`. As calls there are no snapshots. */
export const POINTS = {
  code: ['append.before', 'append.after', 'effect.before', 'effect.after', 'snapshot.before', 'snapshot.after'],
  json: ['append.before', 'append.after', 'effect.before', 'effect.after'],
} as const;

/** 1, base; 60, 10, 20, put and paid; 30, 40, sent and kept; 50, 70 and 2. */
const ANSWER = 283;
const ANSWERS = { json: String(ANSWER), code: ANSWER };
/** How the key of the idempotent call ends: it may be done again, under the same key. */
const KEEP = { json: '.c11', code: '.6' };
/** Processes at a time: while one waits for a tool, another computes. */
const AT_ONCE = 2;

const script = fileURLToPath(new URL('../src/run/fixtures/killed-agent.ts', import.meta.url));

interface Said {
  runs: { run: string; answer: unknown; status: string; why: string; usage: RunUsage }[];
  passed: { [point: string]: number };
  ms: number;
}

interface Death {
  failpoint?: string;
  afterMs?: number;
}

/** Kills, resumes and checks, as often as `counts` says. */
export async function killRuns(kind: Kind, counts: Counts, postgresUrl = ''): Promise<Killed> {
  const { at, format } = kind;
  const folder = mkdtempSync(join(tmpdir(), 'poact-kill-'));
  const killed: Killed = { points: {}, doubts: 0 };
  const placeOf = (name: string) => (at === 'sqlite' ? join(folder, `${name}.db`) : postgresUrl);
  const worldOf = (name: string) => join(folder, `${name}.world`);
  const live = (name: string, death?: Death) => lived([placeOf(name), worldOf(name), name, format], folder, death);
  try {
    const first = `whole-${at}-${format}`;
    const whole = await live(first);
    assert.ok(whole !== undefined);
    const expected = keysOf(worldOf(first), first);
    const verify = async (name: string) => {
      const said = await live(name);
      assert.ok(said !== undefined, name);
      for (const { status, why, answer } of said.runs) {
        assert.deepEqual({ status, answer }, { status: 'answered', answer: ANSWERS[format] }, `${name}: ${why}`);
      }
      const keys = keysOf(worldOf(name), name);
      assert.deepEqual([...new Set(keys)].sort(), [...new Set(expected)].sort(), `${name}: an effect is lost`);
      const twice = keys.filter((key, place) => keys.indexOf(key) !== place && !key.endsWith(KEEP[format]));
      assert.deepEqual(twice, [], `${name}: an effect happened twice`);
      const store = at === 'sqlite' ? sqliteStore(placeOf(name)) : postgresStore(placeOf(name));
      try {
        for (const { run, usage } of said.runs) killed.doubts += await verifyLog(store, run, usage);
      } finally {
        await store.close();
      }
    };
    /** Killed once, perhaps again while it goes on, then left in peace. */
    const one = async (name: string, death: Death, again?: Death): Promise<boolean> => {
      const died = (await live(name, death)) === undefined;
      if (again !== undefined) await live(name, again);
      await verify(name);
      return died;
    };
    const count = (point: string) => {
      const name = `${at} ${format} ${point}`;
      killed.points[name] = (killed.points[name] ?? 0) + 1;
    };
    const works: (() => Promise<void>)[] = [];
    for (const point of POINTS[format]) {
      const passes = whole.passed[point] ?? 0;
      assert.ok(passes > 0, `${point} is not passed`);
      for (const n of spread(passes, counts.each)) {
        works.push(async () => {
          // Under load, results come together and a run passes fewer places than the whole one did.
          if (await one(`${at}-${format}-${point}-${n}`, { failpoint: `${point}:${n}` })) count(point);
        });
      }
    }
    const { next } = seededRandom(7);
    for (let n = 0; n < counts.random; n++) {
      works.push(async () => {
        // A moment after the end kills nothing; it is drawn again.
        for (let tries = 0; tries < 10; tries++) {
          const again = n % 5 === 0 ? { afterMs: next() * whole.ms } : undefined;
          if (!(await one(`${at}-${format}-random-${n}-${tries}`, { afterMs: next() * whole.ms * 0.9 }, again)))
            continue;
          return count('random moment');
        }
      });
    }
    await inTurns(works);
    return killed;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One process, killed by itself at a failpoint, or so long after it is ready; then there is nothing that it said. */
function lived(given: string[], folder: string, { failpoint = '', afterMs }: Death = {}): Promise<Said | undefined> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, POACT_FAILPOINT: failpoint, NODE_COMPILE_CACHE: join(folder, 'compiled') };
    const child = spawn(process.execPath, ['--no-warnings', script, ...given], { env });
    let out = '';
    let problem = '';
    let readyAt = 0;
    child.stdout.on('data', (data) => {
      out += data;
      if (readyAt !== 0 || !out.startsWith('ready')) return;
      readyAt = Date.now();
      if (afterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), afterMs);
    });
    child.stderr.on('data', (data) => {
      problem += data;
    });
    child.on('close', (code, signal) => {
      const line = out.split('\n')[1];
      if (line) resolve({ ...(JSON.parse(line) as Said), ms: Date.now() - readyAt });
      else if (signal === 'SIGKILL') resolve(undefined);
      else reject(new Error(`The process of ${given[2]} ended with ${code ?? signal}: ${problem}`));
    });
  });
}

/** The log has no gap, each call at most one result, and usage is the sum of its events. Gives the number of doubts. */
async function verifyLog(store: RunStore, run: string, usage: RunUsage): Promise<number> {
  const log = await store.read(run);
  assert.deepEqual(
    log.map(({ seq }) => seq),
    log.map((_, place) => place),
    `${run}: the log has a gap`,
  );
  const results = log.flatMap((event) => (event.kind === 'call-result' ? [event.id] : []));
  assert.equal(new Set(results).size, results.length, `${run}: a call has two results`);
  const replies = log.filter((event): event is RunEvent<'model-call'> => event.kind === 'model-call');
  const sum = (of: 'sent' | 'written') => replies.reduce((total, { usage }) => total + usage[of], 0);
  const toolCalls = log.filter(({ kind }) => kind === 'call').length;
  const { sent, written, modelCalls } = usage;
  assert.deepEqual(
    { sent, written, modelCalls, toolCalls: usage.toolCalls },
    { sent: sum('sent'), written: sum('written'), modelCalls: replies.length, toolCalls },
    `${run}: usage is not the sum of the events`,
  );
  const waits = log.flatMap((event) => (event.kind === 'suspend' ? event.waiting : []));
  return new Set(waits.flatMap(({ for: what, id }) => (what === 'doubt' ? [id] : []))).size;
}

/** What was done in the world, by the call: without the run's name, and without the place of its decision, which resuming moves. */
function keysOf(world: string, name: string): string[] {
  return readFileSync(world, 'utf8')
    .trim()
    .split('\n')
    .map((key) => key.slice(name.length).replace(/\.\d+\./, '.'));
}

/** Up to `most` of the numbers from 1 to `count`, from the first to the last. */
function spread(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, n) => n + 1);
  return Array.from({ length: most }, (_, n) => 1 + Math.round((n * (count - 1)) / Math.max(1, most - 1)));
}

async function inTurns(works: (() => Promise<void>)[]): Promise<void> {
  const lanes = Array.from({ length: AT_ONCE }, async () => {
    for (let work = works.shift(); work !== undefined; work = works.shift()) await work();
  });
  await Promise.all(lanes);
}
