/**
 * Durable steps beside LangGraph's: its Postgres and SQLite savers and poact's stores on the frame of `rivals`, each in a
 * process of its own, on one server, taking turns.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RIVALS_FOLDER } from './rivals.ts';
import { figure, table } from './rows.ts';

const CONTENDERS = [
  { name: 'poact: postgresStore', script: 'poact', durability: 'postgres' },
  {
    name: 'LangGraph.js: PostgresSaver',
    script: 'langgraph',
    durability: 'postgres',
    package: '@langchain/langgraph-checkpoint-postgres',
  },
  { name: 'poact: sqliteStore', script: 'poact', durability: 'committed' },
  {
    name: 'LangGraph.js: SqliteSaver',
    script: 'langgraph',
    durability: 'committed',
    package: '@langchain/langgraph-checkpoint-sqlite',
  },
] as const;
const RUNS = [1, 16];
const TIMES = 3;
/** Longest for one of them; what took longer than the second is not repeated. */
const MOST_MS = 180_000;
const SLOW_MS = 30_000;

/**
 * Steps a second, and pings a second just before, for one run and 16 at once; the best of three. `ping`: how often `SELECT 1`
 * goes there and back.
 */
export async function besideRivals(url: string, steps: number, ping: () => Promise<number>): Promise<string> {
  const rows: string[][] = [];
  for (const runs of RUNS) {
    const best = new Map<string, { stepsPerSecond: number; pingsPerSecond: number } | string>();
    const isOver = new Set<string>();
    for (let time = 0; time < TIMES; time++) {
      for (const contender of CONTENDERS) {
        if (isOver.has(contender.name)) continue;
        const pingsPerSecond = await ping();
        const startedAt = performance.now();
        const came = measured(contender, url, steps, runs);
        if (typeof came === 'string' || performance.now() - startedAt > SLOW_MS) isOver.add(contender.name);
        const before = best.get(contender.name);
        if (typeof came === 'string') best.set(contender.name, came);
        else if (typeof before !== 'object' || came > before.stepsPerSecond)
          best.set(contender.name, { stepsPerSecond: came, pingsPerSecond });
      }
    }
    for (const [name, came] of best) {
      const cells =
        typeof came === 'string'
          ? [came, '', '']
          : [
              figure(came.stepsPerSecond),
              figure(came.pingsPerSecond),
              (came.stepsPerSecond / came.pingsPerSecond).toFixed(2),
            ];
      rows.push([name, String(runs), ...cells]);
    }
  }
  return table(['loop and store', 'runs at once', 'steps a second', 'pings a second', 'steps a ping'], rows);
}

/** Steps a second, or why there are none. */
function measured(contender: (typeof CONTENDERS)[number], url: string, steps: number, runs: number): number | string {
  const { script, durability } = contender;
  if ('package' in contender && !existsSync(join(RIVALS_FOLDER, 'node_modules', contender.package)))
    return 'not installed';
  const folder = mkdtempSync(join(tmpdir(), 'poact-beside-'));
  try {
    const given = [String(steps), durability, durability === 'postgres' ? url : folder];
    const { status, signal, stdout, stderr } = spawnSync(
      process.execPath,
      ['--no-warnings', join(RIVALS_FOLDER, `${script}.js`), ...given],
      { encoding: 'utf8', timeout: MOST_MS, killSignal: 'SIGKILL', env: { ...process.env, RUNS: String(runs) } },
    );
    const line = stdout.trim().split('\n').at(-1) ?? '';
    if (line.startsWith('{"steps"')) return (1_000 * runs * steps) / (JSON.parse(line) as { ms: number }).ms;
    if (signal === 'SIGKILL') return `over ${MOST_MS / 1_000} s`;
    return stderr.split('\n').find((each) => /^\w*Error/.test(each)) ?? `ended with ${status ?? signal}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
