/**
 * How many cores a computation may use without fighting other processes for them.
 *
 * llama.cpp's threads wait for each other by spinning: with as many threads as cores, and another busy process beside,
 * each token waits for the scheduler. Measured on two cores beside one busy rival, 0.5B: 2 to 4 tokens/s with two
 * threads, 12 to 16 with one.
 *
 * @module
 */
import { cpus } from 'node:os';

/** What is measured: time in milliseconds, since whenever. */
export interface CoreTimes {
  /** The wall clock. */
  wallMs: number;
  /** Idle time of all cores together. */
  idleMs: number;
  /** Processor time of this process. */
  ownMs: number;
}

/** Long enough for the system's counters (10 ms a tick) to mean something. */
const WINDOW_MS = 250;

/**
 * Builds a gauge: how many cores are idle or ours, between 1 and `most`, by the last quarter of a second or longer.
 * Cheap enough to be asked before every token.
 */
export function freeCores(most: number, read = readCoreTimes, now = () => performance.now()): () => number {
  let from = read();
  let free = most;
  return () => {
    if (now() - from.wallMs < WINDOW_MS) return free;
    const to = read();
    const wallMs = to.wallMs - from.wallMs;
    free = Math.min(most, Math.max(1, Math.round((to.idleMs - from.idleMs + to.ownMs - from.ownMs) / wallMs)));
    from = to;
    return free;
  };
}

function readCoreTimes(): CoreTimes {
  const { user, system } = process.cpuUsage();
  return {
    wallMs: performance.now(),
    idleMs: cpus().reduce((sum, { times }) => sum + times.idle, 0),
    ownMs: (user + system) / 1000,
  };
}
