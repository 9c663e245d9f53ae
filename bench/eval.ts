/**
 * How many scripted tasks an experiment makes in a minute: what it costs beside the models. `node bench/eval.ts`
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lampArms, lampShop } from '../src/eval/fixtures/lamp-shop.ts';
import { experiment, readExperiment } from '../src/eval/index.ts';
import { memoryStore, type RunStore, sqliteStore } from '../src/run/index.ts';

const TASKS = 100;

const folder = mkdtempSync(join(tmpdir(), 'poact-eval-'));
try {
  for (const parallel of [1, 4]) {
    await measure(`in memory, ${parallel} at once`, memoryStore(), parallel);
    await measure(`in SQLite, ${parallel} at once`, sqliteStore(join(folder, `${parallel}.db`)), parallel);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(title: string, store: RunStore, parallel: number): Promise<void> {
  const { arms } = lampArms();
  const began = performance.now();
  const { cells } = await experiment({ name: 'speed', sets: [lampShop(TASKS)], arms, store, parallel });
  const minutes = (performance.now() - began) / 60_000;
  const read = performance.now();
  await readExperiment(store, 'speed');
  const readMs = performance.now() - read;
  const rate = Math.round(cells.length / minutes).toLocaleString('en');
  console.log(
    `${title}: ${rate} scripted tasks a minute; ${cells.length} read off their logs in ${readMs.toFixed(0)} ms`,
  );
  await store.close();
}
