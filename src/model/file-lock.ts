/**
 * A lock that processes share through a file, so that two of them never fetch the same thing.
 *
 * Its holder touches the file every few seconds; one that is not touched belongs to a process that died, and is taken.
 *
 * @module
 */
import { open, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder } from '../record/index.ts';
import { throwIfAborted } from './cancel.ts';

/** How the waiting is done. */
export interface FileLockOptions {
  /** Time between looks at a lock that is held, in milliseconds. @default 250 */
  pollMs?: number;
  /** A lock untouched for so long is abandoned, in milliseconds. @default 20_000 */
  staleMs?: number;
  /** Called once, when the lock turns out to be held by another process. */
  onWait?: () => void;
  signal?: AbortSignal | undefined;
}

/** Does the work while this process holds the lock. */
export async function withFileLock<T>(file: string, work: () => Promise<T>, options: FileLockOptions = {}): Promise<T> {
  const { pollMs = 250, staleMs = 20_000, onWait, signal } = options;
  makeFolder(dirname(file));
  let waited = false;
  while (!(await take(file))) {
    throwIfAborted(signal);
    if (!waited) onWait?.();
    waited = true;
    const touched = await stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    if (touched !== undefined && Date.now() - touched > staleMs) await rm(file, { force: true });
    else await sleep(pollMs);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {});
  }, staleMs / 4);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(file, { force: true });
  }
}

async function take(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(`${process.pid}\n`);
    await handle.close();
    return true;
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw problem;
  }
}
