/**
 * What hands out runs to a worker, and the simplest of them: as many at a time as one process is to take.
 *
 * @module
 */
import { requirePositive } from '../record/index.ts';

/** What a queue is told by its worker. */
export interface WorkQueueParts {
  /** Name of the agent: only workers of the same name can go on with its runs. */
  name: string;
  /** Id of its model. */
  model: string;
  /** Goes on with a run; never rejects. It does nothing where another worker has it. */
  advance(run: string): Promise<string>;
  /** Hears of what went wrong in the background. */
  trouble(error: Error): void;
}

/**
 * Hands out runs. Which are due is the store's to say, and the worker offers all of them whenever it has looked: a queue decides
 * when and where each begins, and forgets those that are offered no more.
 */
export interface WorkQueue {
  /**
   * @throws {StoreError} what it needs cannot be reached.
   * @throws {PackageError} what it needs is not installed.
   */
  open(parts: WorkQueueParts): Promise<void>;
  offer(runs: readonly string[]): Promise<void>;
  /** Hands out no more, and waits for those under way here. */
  close(): Promise<void>;
}

/**
 * Hands out runs within this process. Several workers of one store share its runs by the store's leases.
 *
 * @throws {OptionError} `concurrency` is not a whole number of at least 1.
 * @example
 * ```ts
 * const { stop } = await worker({ agent: createAgent({ model: 'local' }), queue: localQueue({ concurrency: 2 }) });
 * await stop();
 * ```
 */
export function localQueue({
  concurrency = 4,
}: {
  /** Most runs at a time. @default 4 */
  concurrency?: number;
} = {}): WorkQueue {
  requirePositive({ concurrency });
  const underWay = new Map<string, Promise<unknown>>();
  let offered: string[] = [];
  let advance: WorkQueueParts['advance'] | undefined;

  const begin = () => {
    while (advance !== undefined && underWay.size < concurrency) {
      const run = offered.shift();
      if (run === undefined) return;
      const done = advance(run).finally(() => {
        underWay.delete(run);
        begin();
      });
      underWay.set(run, done);
    }
  };

  return {
    async open(parts) {
      advance = parts.advance;
    },
    async offer(runs) {
      offered = runs.filter((run) => !underWay.has(run));
      begin();
    },
    async close() {
      offered = [];
      advance = undefined;
      await Promise.all(underWay.values());
    },
  };
}
