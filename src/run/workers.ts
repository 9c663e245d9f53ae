/**
 * Workers: processes that go on with the runs that were left to them, until each ends or waits. A run that waits holds no
 * worker.
 *
 * The store says which runs are due. It tells when to look, and a look every few seconds makes up for a notice that was lost,
 * and finds the runs of workers that died. Whoever goes on with a run holds its lease, so a run that is handed out twice is gone
 * on with once.
 *
 * @module
 */
import { isPoactError, requirePositive } from '../record/index.ts';
import type { Agent } from './agent.ts';
import type { RunSummary } from './run.ts';
import { localQueue, type WorkQueue } from './work-queue.ts';

/** What {@link worker} is built from. */
export interface WorkerOptions {
  /** Goes on with runs that agents of its name were given by `start` or `enqueue`, in its store. */
  agent: Agent;
  /** Hands out the runs: `localQueue()`, or `dbosQueue(url)` with limits that all workers share. @default localQueue() */
  queue?: WorkQueue;
  /** Goes on also with runs that began with another model, policy or tools under the same name. @default false */
  acceptChanges?: boolean;
  /**
   * Most times in a row that a run is taken over without a further event, because each worker died: then it fails with
   * `run-poisoned`. `Infinity` for no limit. @default 5
   */
  takeovers?: number;
  /** How often it looks for runs although nobody told it to, in milliseconds. @default 2_000 */
  sweepMs?: number;
  /** Hears what it does. */
  on?: (news: WorkerNews) => void;
}

/** What a worker did, or could not do. */
export type WorkerNews =
  | { kind: 'advanced'; run: string; status: RunSummary['status']; events: number; ms: number }
  /** The run could not be gone on with, and is as it was; this worker tries again after `retryMs`. */
  | { kind: 'failed'; run: string; error: Error; retryMs: number }
  /** Runs could not be looked for, or the queue has a problem. It goes on trying. */
  | { kind: 'trouble'; error: Error };

/** A worker at work. */
export interface Worker {
  /**
   * Takes no more runs, leaves those under way before their next step, and gives their leases back. Whatever is next goes on with
   * them. Safe to call twice.
   */
  stop(): Promise<void>;
}

/** Runs that are looked at in one go. */
const MOST_DUE = 1_000;
/** How long notices are gathered before a look, in milliseconds. */
const GATHER_MS = 20;
/** First and longest time for which a run is let be that could not be gone on with, in milliseconds. */
const PAUSE_MS = [1_000, 300_000] as const;

/**
 * Starts a worker: it goes on with the runs that are left to agents of this name, until it is stopped.
 *
 * @throws {StoreError | PackageError} store or queue cannot be reached, or a package is missing.
 * @throws {OptionError} `sweepMs` or `takeovers` is not a whole number of at least 1.
 * @example
 * ```ts
 * const agent = createAgent({ model: 'local', store: sqliteStore(':memory:') });
 * const { stop } = await worker({ agent });
 * process.once('SIGTERM', stop);
 * await stop();
 * ```
 */
export async function worker(options: WorkerOptions): Promise<Worker> {
  const { agent, queue = localQueue(), acceptChanges = false, takeovers = 5, sweepMs = 2_000, on = () => {} } = options;
  requirePositive({ sweepMs, takeovers });
  const { store, name, model } = agent;
  const leave = new AbortController();
  const paused = new Map<string, { times: number; until: number }>();
  let looking: Promise<void> | undefined;
  let again = false;
  let soon: NodeJS.Timeout | undefined;
  let stopped: Promise<void> | undefined;

  const due = async () => {
    const now = performance.now();
    const runs = await store.due(name, MOST_DUE);
    return runs.filter((run) => (paused.get(run)?.until ?? now) <= now);
  };

  const look = () => {
    again = looking !== undefined;
    looking ??= due()
      .then((runs) => (leave.signal.aborted ? undefined : queue.offer(runs)))
      .catch((error: Error) => on({ kind: 'trouble', error }))
      .finally(() => {
        looking = undefined;
        if (again) lookSoon();
      });
  };
  const lookSoon = () => {
    if (leave.signal.aborted) return;
    soon ??= setTimeout(() => {
      soon = undefined;
      look();
    }, GATHER_MS);
  };

  /** Lets a run be for a while, each time longer. */
  const pause = (run: string): number => {
    const times = (paused.get(run)?.times ?? 0) + 1;
    const ms = Math.min(PAUSE_MS[0] * 2 ** (times - 1), PAUSE_MS[1]);
    paused.set(run, { times, until: performance.now() + ms });
    return ms;
  };

  const advance = async (run: string): Promise<string> => {
    if (leave.signal.aborted) return 'running';
    const began = performance.now();
    try {
      const { status, events } = await agent.advance(run, { leave: leave.signal, acceptChanges, takeovers });
      if (events > 0) paused.delete(run);
      // What was posted, or the end of its wait, changed nothing.
      else pause(run);
      // It was left: others are told.
      if (status === 'running') await store.enqueue(run, name);
      on({ kind: 'advanced', run, status, events, ms: Math.round(performance.now() - began) });
      return status;
    } catch (error) {
      const retryMs = pause(run);
      if (isPoactError(error) && error.code === 'run-busy') return 'running';
      on({ kind: 'failed', run, error: error as Error, retryMs });
      return 'failed';
    } finally {
      // What was posted while it suspended was told when it could not be taken.
      lookSoon();
    }
  };

  await due();
  await queue.open({ name, model, advance, trouble: (error) => on({ kind: 'trouble', error }) });
  const silence = store.onDue(lookSoon);
  const sweep = setInterval(look, sweepMs);
  look();

  const stop = async () => {
    leave.abort();
    silence();
    clearInterval(sweep);
    clearTimeout(soon);
    await looking;
    await queue.close();
  };
  return {
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
