/**
 * What an experiment costs beside its models: scripted tasks in a minute, and how fast its results are read off the logs.
 *
 * `node bench/eval.ts [--json]`; the tasks and arms are those of the test that kills experiments.
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lampArms, lampShop } from '../src/eval/fixtures/lamp-shop.ts';
import { experiment, readExperiment } from '../src/eval/index.ts';
import { memoryStore, type RunStore, sqliteStore } from '../src/run/index.ts';
import { type Measured, printRows } from './rows.ts';

const TASKS = 100;
const GOAL = 1_000;

const folder = mkdtempSync(join(tmpdir(), 'poact-eval-'));
try {
  const rows: Measured[] = [];
  for (const parallel of [1, 4]) {
    rows.push(...(await measure('in memory', memoryStore(), parallel)));
    rows.push(...(await measure('in SQLite', sqliteStore(join(folder, `${parallel}.db`)), parallel)));
  }
  printRows(rows);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(where: string, store: RunStore, parallel: number): Promise<Measured[]> {
  const { arms } = lampArms();
  const began = performance.now();
  const { cells } = await experiment({ name: 'speed', sets: [lampShop(TASKS)], arms, store, parallel });
  const perMinute = cells.length / ((performance.now() - began) / 60_000);
  const read = performance.now();
  await readExperiment(store, 'speed');
  const readMs = performance.now() - read;
  await store.close();
  const how = `${cells.length} attempts, ${parallel} at once`;
  return [
    {
      what: `scripted tasks, ${where}`,
      value: perMinute,
      unit: 'a minute',
      goal: `at least ${GOAL}`,
      holds: perMinute >= GOAL,
      how,
    },
    { what: `results read off the logs, ${where}`, value: readMs, unit: 'ms', how },
  ];
}
