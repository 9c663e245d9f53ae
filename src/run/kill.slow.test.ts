import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PostgresServer, postgresServer } from '../../test/postgres-server.ts';
import { seededRandom } from '../record/index.ts';
import { FAILPOINTS } from '../testing/index.ts';

/** As data there are no snapshots; programs are compiled first, which takes a second a process, so there are fewer kills. */
const KINDS = [
  {
    at: 'sqlite',
    format: 'json',
    random: 50,
    every: ['append.before', 'append.after', 'effect.before', 'effect.after'],
  },
  {
    at: 'sqlite',
    format: 'code',
    random: 10,
    every: ['effect.before', 'effect.after', 'snapshot.before', 'snapshot.after'],
  },
  { at: 'postgres', format: 'json', random: 20, every: ['append.before', 'append.after', 'effect.after'] },
] as const;
/** Payments and the like that the world must hold once each: the ends of their calls' ids differ by format. */
const EFFECTS = 5;
const ANSWER = 1 + 10 + 20 + 30 + 40 + 50;
/** Processes at a time. */
const AT_ONCE = 2;

const script = fileURLToPath(new URL('./fixtures/killed-agent.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'poact-kill-'));
const killed: { [point: string]: number } = {};

interface Said {
  answer: unknown;
  status: string;
  why: string;
  passed: { [point: string]: number };
  ms: number;
}

interface Kind {
  at: 'sqlite' | 'postgres';
  format: 'json' | 'code';
}
let server: PostgresServer;

/** One process; killed after `ms` from when it is ready, or by itself at a failpoint. */
function live(
  name: string,
  { at, format }: Kind,
  { failpoint = '', killAfterMs = Number.POSITIVE_INFINITY } = {},
): Promise<Said | undefined> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, POACT_FAILPOINT: failpoint };
    const store = at === 'sqlite' ? join(folder, `${name}.db`) : server.url;
    const given = [script, store, join(folder, `${name}.world`), name, format];
    const child = spawn(process.execPath, ['--no-warnings', ...given], { env });
    let out = '';
    let problem = '';
    let readyAt = 0;
    child.stdout.on('data', (data) => {
      out += data;
      if (readyAt !== 0 || !out.startsWith('ready')) return;
      readyAt = Date.now();
      if (Number.isFinite(killAfterMs)) setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    });
    child.stderr.on('data', (data) => {
      problem += data;
    });
    child.on('close', (code, signal) => {
      const line = out.split('\n')[1];
      if (signal === 'SIGKILL' && !line) return resolve(undefined);
      if (line) return resolve({ ...(JSON.parse(line) as Said), ms: Date.now() - readyAt });
      reject(new Error(`The process of ${name} ended with ${code ?? signal}: ${problem}`));
    });
  });
}

/** Killed once at the place, perhaps again while it goes on, then left in peace. */
async function killAndResume(
  name: string,
  kind: Kind,
  first: Parameters<typeof live>[2],
  again?: number,
): Promise<boolean> {
  const { format } = kind;
  const died = (await live(name, kind, first)) === undefined;
  if (again !== undefined) await live(name, kind, { killAfterMs: again });
  const said = await live(name, kind);
  const world = readFileSync(join(folder, `${name}.world`), 'utf8')
    .trim()
    .split('\n');
  if (said?.status !== 'answered') throw new Error(`${name}: ${said?.status}: ${said?.why}`);
  expect(said.answer, name).toEqual(ANSWER_OF[format]);
  // `keep` is idempotent: it may be done again, under the same key.
  const repeated = world.filter((key, at) => world.indexOf(key) !== at);
  expect(new Set(world).size).toBe(EFFECTS);
  expect(repeated.filter((key) => !key.endsWith(KEEP[format]))).toEqual([]);
  return died;
}

const ANSWER_OF = { json: String(ANSWER), code: ANSWER };
/** How the id of the idempotent call ends. */
const KEEP = { json: '.c11', code: '.5' };

async function inTurns(works: (() => Promise<void>)[]): Promise<void> {
  const lanes = Array.from({ length: AT_ONCE }, async () => {
    for (let work = works.shift(); work !== undefined; work = works.shift()) await work();
  });
  await Promise.all(lanes);
}

const whole: { [kind: string]: Said } = {};
const nameOf = ({ at, format }: Kind) => `${at}-${format}`;
beforeAll(async () => {
  server = await postgresServer();
  for (const kind of KINDS) whole[nameOf(kind)] = (await live(`whole-${nameOf(kind)}`, kind)) as Said;
}, 120_000);
afterAll(async () => {
  await server.remove();
  rmSync(folder, { recursive: true });
  const points = Object.entries(killed).map(([point, times]) => `${point} ${times}`);
  console.log(`Killed and resumed: ${points.join(' · ')}.`);
});

it.each(KINDS)(
  'gives the same answer and each effect once after a kill at every failpoint ($format, $at)',
  async ({ every, ...kind }) => {
    const name = nameOf(kind);
    const { passed } = whole[name] as Said;
    const works: (() => Promise<void>)[] = [];
    for (const point of every) {
      expect(FAILPOINTS).toContain(point);
      expect(passed[point]).toBeGreaterThan(0);
      for (let n = 1; n <= (passed[point] ?? 0); n++) {
        works.push(async () => {
          // Under load, results come together and a run passes fewer of them than the whole one did.
          const died = await killAndResume(`${name}-${point}-${n}`, kind, { failpoint: `${point}:${n}` });
          if (n === 1) expect(died, `${point} is passed`).toBe(true);
          if (!died) return;
          killed[`${name} ${point}`] = (killed[`${name} ${point}`] ?? 0) + 1;
        });
      }
    }
    await inTurns(works);
  },
  900_000,
);

it.each(KINDS)(
  'gives the same answer and each effect once after kills at $random random moments ($format, $at)',
  async ({ random, ...kind }) => {
    const { next } = seededRandom(7);
    const { ms } = whole[nameOf(kind)] as Said;
    const works = Array.from({ length: random }, (_, n) => async () => {
      const again = n % 5 === 0 ? next() * ms : undefined;
      // A moment after the end kills nothing; it is drawn again.
      for (let tries = 0; tries < 5; tries++) {
        const name = `${nameOf(kind)}-random-${n}-${tries}`;
        if (await killAndResume(name, kind, { killAfterMs: next() * ms * 0.9 }, again)) break;
      }
      const point = `${nameOf(kind)} random`;
      killed[point] = (killed[point] ?? 0) + 1;
    });
    await inTurns(works);
  },
  900_000,
);
