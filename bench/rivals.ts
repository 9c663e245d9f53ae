/**
 * poact beside other agent loops on one scripted task: a model that calls a no-op tool at each step. Each is measured in a
 * process of its own, in memory and, where it has such a thing, with every step committed to disk.
 *
 * Rivals are installed apart: `npm run bench -- --rivals` installs them, without it they are measured where they are there.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { importMs } from './import-time.ts';
import { installedWith, versionOf } from './packages.ts';
import { figure, table } from './rows.ts';

export const RIVALS_FOLDER = fileURLToPath(new URL('./rivals', import.meta.url));

/** One loop to measure: its script in `bench/rivals`, and its packages. */
interface Contender {
  name: string;
  script: string;
  package?: string;
  /** What keeps its steps on disk; left out where it keeps none by itself. */
  committed?: string;
}

const CONTENDERS: readonly Contender[] = [
  { name: 'poact', script: 'poact', committed: 'sqliteStore' },
  { name: 'pi-agent-core', script: 'pi-agent-core', package: '@mariozechner/pi-agent-core' },
  { name: 'AI SDK', script: 'ai-sdk', package: 'ai' },
  { name: 'OpenAI Agents JS', script: 'openai-agents', package: '@openai/agents' },
  {
    name: 'LangGraph.js',
    script: 'langgraph',
    package: '@langchain/langgraph',
    committed: '@langchain/langgraph-checkpoint-sqlite',
  },
  { name: 'Mastra', script: 'mastra', package: '@mastra/core', committed: '@mastra/libsql' },
];

/** Longest a rival may take for one run. */
const RUN_MS = 180_000;
const REPEATS = 3;
/** A run that took longer is not repeated. */
const SLOW_S = 30;

interface Run {
  stepsPerSecond: number;
  rssMb: number;
  bytesPerStep?: number;
}
type Cell = Run | { none: string };

/** Measures what is installed, and gives the section for the results. `poactFolder`: where poact is installed. */
export function measureRivals({ poactFolder, quick }: { poactFolder: string | undefined; quick: boolean }): string {
  const steps = quick ? [50, 200] : [50, 800, 5_000];
  const committedSteps = quick ? [50] : [50, 200, 800];
  const present = CONTENDERS.filter((contender) => contender.package === undefined || isInstalled(contender.package));
  const entry =
    poactFolder === undefined ? [] : [pathToFileURL(join(poactFolder, 'node_modules/poact/dist/index.js')).href];
  const inMemory = grid(present, steps, 'memory', entry);
  const lasting = present.filter((contender) => contender.committed !== undefined);
  const committed = grid(lasting, committedSteps, 'committed', entry);
  return [
    '### Loop, in memory: steps a second',
    '',
    'One call of a no-op tool a step. In brackets: how many times as fast poact is. Median of three runs, each in a process of its own after two seconds of short runs to warm up; a rival that takes over three minutes has none.',
    '',
    gridTable(inMemory, steps, true),
    '',
    '### Loop, committed: steps a second',
    '',
    'The same task with each step kept on disk by what the rival offers for it (named). poact commits the intent of each call before it and the result after it. The others keep nothing on disk by themselves.',
    '',
    gridTable(committed, committedSteps, false),
    '',
    '### Import and install',
    '',
    costTable(present, poactFolder, quick ? 3 : 11),
  ].join('\n');
}

const isInstalled = (name: string) => existsSync(join(RIVALS_FOLDER, 'node_modules', name, 'package.json'));

type Durability = 'memory' | 'committed';
type Grid = Map<Contender, Map<number, Cell>>;

/** Loops take turns, repeat by repeat, so that a busy moment of the machine hits all of them. What was too slow is not tried again. */
function grid(
  contenders: readonly Contender[],
  steps: readonly number[],
  durability: Durability,
  entry: string[],
): Grid {
  const cells: Grid = new Map(contenders.map((contender) => [contender, new Map()]));
  for (const count of steps) {
    const done = new Map<Contender, Run[]>(contenders.map((contender) => [contender, []]));
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      for (const contender of contenders) {
        const own = cells.get(contender) as Map<number, Cell>;
        const hopeless = [...own.values()].find((cell) => 'none' in cell);
        const slow = (done.get(contender)?.[0]?.stepsPerSecond ?? Number.POSITIVE_INFINITY) < count / SLOW_S;
        if (slow || hopeless !== undefined) {
          if (hopeless !== undefined) own.set(count, hopeless);
          continue;
        }
        const cell = runOnce(contender, count, durability, contender.package === undefined ? entry : []);
        if ('none' in cell) own.set(count, cell);
        else done.get(contender)?.push(cell);
      }
    }
    for (const [contender, runs] of done) {
      const middle = runs.toSorted((a, b) => a.stepsPerSecond - b.stepsPerSecond)[Math.floor(runs.length / 2)];
      if (middle !== undefined) cells.get(contender)?.set(count, middle);
    }
  }
  return cells;
}

function runOnce({ script }: Contender, steps: number, durability: Durability, more: string[]): Cell {
  const folder = mkdtempSync(join(tmpdir(), 'poact-rival-'));
  try {
    const { status, stdout, stderr, signal } = spawnSync(
      process.execPath,
      [join(RIVALS_FOLDER, `${script}.js`), String(steps), durability, folder, ...more],
      { encoding: 'utf8', timeout: RUN_MS, killSignal: 'SIGKILL' },
    );
    if (signal !== null) return { none: `over ${RUN_MS / 1000} s` };
    // A rival may crash on its way out (a native part does); what it measured before that counts.
    const line = stdout.trim().split('\n').at(-1) ?? '';
    if (!line.startsWith('{"steps"')) {
      return { none: stderr.split('\n').find((each) => /^\w*Error/.test(each)) ?? `exit ${status}` };
    }
    const { ms, rssMb, warmSteps } = JSON.parse(line) as { ms: number; rssMb: number; warmSteps: number };
    return {
      stepsPerSecond: (1000 * steps) / ms,
      rssMb,
      ...(durability === 'memory' ? {} : { bytesPerStep: databaseBytes(folder) / (steps + warmSteps) }),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the databases in a folder take on disk, once what is written ahead has been folded in. */
function databaseBytes(folder: string): number {
  const files = readdirSync(folder).filter((name) => name.endsWith('.sqlite'));
  return files.reduce((sum, name) => {
    const path = join(folder, name);
    const database = new DatabaseSync(path);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    return sum + statSync(path).size;
  }, 0);
}

function gridTable(cells: Grid, steps: readonly number[], memory: boolean): string {
  const own = [...cells].find(([contender]) => contender.name === 'poact')?.[1];
  const last = steps.at(-1) as number;
  const body = [...cells].map(([contender, byCount]) => {
    const speeds = steps.map((count) => {
      const cell = byCount.get(count) as Cell;
      if ('none' in cell) return cell.none;
      const ours = own?.get(count);
      const ratio = ours === undefined || 'none' in ours ? undefined : ours.stepsPerSecond / cell.stepsPerSecond;
      const shown = ratio === undefined || contender.name === 'poact' ? '' : ` (${figure(ratio)}×)`;
      return `${figure(cell.stepsPerSecond)}${shown}`;
    });
    const end = byCount.get(last);
    const more = end === undefined || 'none' in end ? undefined : memory ? end.rssMb : end.bytesPerStep;
    const name = memory ? contender.name : `${contender.name}: ${contender.committed}`;
    return [name, ...speeds, more === undefined ? '' : figure(more)];
  });
  const unit = memory ? `MB resident after ${last}` : `bytes a step at ${last}`;
  return table(['loop', ...steps.map((count) => `${count.toLocaleString('en-US')} steps`), unit], body);
}

function costTable(present: readonly Contender[], poactFolder: string | undefined, rounds: number): string {
  const body = present.flatMap((contender) => {
    const folder = contender.package === undefined ? poactFolder : RIVALS_FOLDER;
    if (folder === undefined) return [];
    const name = contender.package ?? 'poact';
    const { packages, megabytes, native, scripts } = installedWith(name, folder);
    const numbers = [importMs(name, folder, rounds), megabytes, packages.length, native.length, scripts.length];
    return [[`${contender.name} ${versionOf(name, folder)}`, ...numbers.map(figure)]];
  });
  return table(
    ['package', 'import, ms over an empty process', 'MB', 'packages', 'with native parts', 'with install scripts'],
    body,
  );
}
