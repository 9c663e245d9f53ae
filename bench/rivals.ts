/**
 * poact beside other agent loops on one scripted task: a model that calls a no-op tool at each step. Each is measured in a
 * process of its own, in memory and, where it has such a thing, with every step committed to disk.
 *
 * Rivals are installed apart: `npm run bench -- --rivals` installs them, without it they are measured where they are there.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
  const inMemory = grid(present, steps, 'memory');
  const committed = grid(
    present.filter((contender) => contender.committed !== undefined),
    committedSteps,
    'committed',
  );
  return [
    '### Loop, in memory: steps a second',
    '',
    'One call of a no-op tool a step. In brackets: how many times as fast poact is. Median of three runs, each in a process of its own after a short run to warm up; a rival that takes over three minutes has none.',
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

type Grid = Map<Contender, Map<number, Cell>>;

function grid(contenders: readonly Contender[], steps: readonly number[], durability: 'memory' | 'committed'): Grid {
  return new Map(
    contenders.map((contender) => {
      const cells = new Map<number, Cell>();
      for (const count of steps) {
        // What was too slow once is not tried with more.
        const before = [...cells.values()].find((cell) => 'none' in cell);
        cells.set(count, before ?? runs(contender, count, durability));
      }
      return [contender, cells];
    }),
  );
}

/** The median run by speed. A first run that was slow is not repeated. */
function runs(contender: Contender, steps: number, durability: string): Cell {
  const done: Run[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const began = performance.now();
    const cell = runOnce(contender, steps, durability);
    if ('none' in cell) return cell;
    done.push(cell);
    if (performance.now() - began > 30_000) break;
  }
  return done.toSorted((a, b) => a.stepsPerSecond - b.stepsPerSecond)[Math.floor(done.length / 2)] as Run;
}

function runOnce({ script }: Contender, steps: number, durability: string): Cell {
  const folder = mkdtempSync(join(tmpdir(), 'poact-rival-'));
  try {
    const { status, stdout, stderr, signal } = spawnSync(
      process.execPath,
      [join(RIVALS_FOLDER, `${script}.js`), String(steps), durability, folder],
      { encoding: 'utf8', timeout: RUN_MS },
    );
    if (signal !== null) return { none: `over ${RUN_MS / 1000} s` };
    if (status !== 0) return { none: stderr.split('\n').find((line) => /^\w*Error/.test(line)) ?? `exit ${status}` };
    const line = stdout.trim().split('\n').at(-1) ?? '';
    const { ms, rssMb, bytes } = JSON.parse(line) as { ms: number; rssMb: number; bytes?: number };
    return {
      stepsPerSecond: (1000 * steps) / ms,
      rssMb,
      ...(bytes === undefined ? {} : { bytesPerStep: bytes / steps }),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
