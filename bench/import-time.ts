/**
 * How long importing a package takes, over an empty process.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { median } from '../src/eval/index.ts';

/** Milliseconds over an empty process, the median of `rounds`, the two taken in turn so that a busy machine hits both. */
export function importMs(name: string, folder: string, rounds = 11): number {
  const empty: number[] = [];
  const full: number[] = [];
  for (let round = 0; round < rounds; round++) {
    empty.push(processMs('', folder));
    full.push(processMs(`await import(${JSON.stringify(name)});`, folder));
  }
  return median(full) - median(empty);
}

function processMs(source: string, cwd: string): number {
  const began = performance.now();
  const args = ['--input-type=module', '-e', `${source} process.exit(0);`];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - began;
}
