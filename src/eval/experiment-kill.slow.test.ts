import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { digestOf, isPoactError, type Json, seededRandom } from '../record/index.ts';
import { sqliteStore } from '../run/index.ts';
import type { Cell } from './cell.ts';
import { type ExperimentResult, readExperiment } from './results.ts';
import { tableOf } from './table.ts';

/** Tasks under four arms; `POACT_EXPERIMENT_KILLS=100` kills at so many moments. */
const TASKS = 100;
const ARMS = 4;
const AT_ONCE = 2;
const KILLS = Number(process.env.POACT_EXPERIMENT_KILLS ?? 10);
/** Longest wait after an attempt was made, so that moments within attempts are met. */
const WITHIN_MS = 40;

const script = fileURLToPath(new URL('fixtures/killed-experiment.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'poact-experiment-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Where a process is killed: after so many attempts that it made, and so much time. */
interface Death {
  made: number;
  ms: number;
}

/** Lets a process go on with the experiment; gives the digest of its results, or nothing where it was killed. */
async function live(name: string, death?: Death): Promise<string | undefined> {
  const found = (await resultsOf(name))?.cells.length ?? 0;
  const args = [script, join(folder, `${name}.db`), join(folder, `${name}.jsonl`), String(TASKS), String(AT_ONCE)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  let heard = 0;
  let digest: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('digest ')) digest = line.slice('digest '.length);
    else heard += 1;
    // It tells of what it found made first.
    if (heard === found + (death?.made ?? Number.NaN)) setTimeout(() => child.kill('SIGKILL'), death?.ms);
  }
  if (death === undefined) expect(await ended).toBe(0);
  return digest;
}

/** Read here, from the store alone; nothing before the experiment began. */
async function resultsOf(name: string) {
  const store = sqliteStore(join(folder, `${name}.db`));
  try {
    return await readExperiment(store, 'killed').catch((error: unknown) => {
      if (isPoactError(error) && error.code === 'run-unknown') return undefined;
      throw error;
    });
  } finally {
    await store.close();
  }
}

/** Without times, and without which try it was. */
const lasting = ({ seconds: _seconds, run: _run, brokenOff: _brokenOff, ...cell }: Cell) => cell;

it('comes to the same, however often it is killed', async () => {
  const digest = await live('whole');
  const whole = (await resultsOf('whole')) as ExperimentResult;
  expect(whole.cells).toHaveLength(TASKS * ARMS);
  expect(digestOf(whole.cells as unknown as Json)).toBe(digest);

  const random = seededRandom(1);
  const most = Math.floor((TASKS * ARMS) / (KILLS + 1));
  for (let kill = 0; kill < KILLS; kill++) {
    const death = { made: 1 + random.below(most), ms: random.next() * WITHIN_MS };
    expect(await live('broken', death)).toBeUndefined();
  }
  const last = await live('broken');
  const broken = (await resultsOf('broken')) as ExperimentResult;
  expect(digestOf(broken.cells as unknown as Json)).toBe(last);
  expect(broken.cells.map(lasting)).toEqual(whole.cells.map(lasting));
  const rows = (result: ExperimentResult) => tableOf(result).rows.map(({ seconds: _seconds, ...row }) => row);
  expect(rows(broken)).toEqual(rows(whole));
  const anew = broken.cells.reduce((sum, { brokenOff }) => sum + brokenOff, 0);
  expect(anew).toBeLessThanOrEqual(KILLS * AT_ONCE);
  console.log(`${TASKS} tasks × ${ARMS} arms, ${AT_ONCE} at once: killed ${KILLS} times, ${anew} attempts made anew.`);
}, 600_000);
