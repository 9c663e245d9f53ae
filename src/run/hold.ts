/**
 * Holding a run: its lease is renewed until it is let go, and whoever has lost it is told.
 *
 * @module
 */
import { isPoactError } from '../record/index.ts';
import type { RunStore } from './run.ts';
import { busy } from './store-errors.ts';

export interface HoldParts {
  store: Pick<RunStore, 'lease' | 'release'>;
  run: string;
  holder: string;
  /** How long the run is held without a sign of life, in milliseconds. */
  leaseMs: number;
}

export interface Hold {
  readonly fence: number;
  /** Why the run is held no more: another holds it, or it could not be renewed until the lease ran out. */
  readonly lost: { error: unknown } | undefined;
  /** Ends it. What the store says to that counts only where the log is `whole`: else there is another error to tell. */
  letGo(whole: boolean): Promise<void>;
  /** Ends it, because of an error, and throws that. */
  letGoFor(error: unknown): Promise<never>;
}

/** So many times is a lease renewed before it has run out. */
const RENEWALS = 3;

/** @throws {RunError} `run-busy`: another holds it. */
export async function holdRun({ store, run, holder, leaseMs }: HoldParts): Promise<Hold> {
  const { fence } = await store.lease(run, holder, leaseMs);
  let lost: Hold['lost'];
  let missed = 0;
  let renewing: Promise<void> | undefined;

  const renew = async () => {
    try {
      const renewed = await store.lease(run, holder, leaseMs);
      missed = 0;
      if (renewed.fence === fence) return;
      // It had run out, and another had it in between: this lease is a new one, which nobody asked for.
      lost ??= { error: busy(run, 'another') };
      await store.release(run, renewed.fence);
    } catch (error) {
      missed += 1;
      const isTaken = isPoactError(error) && error.code === 'run-busy';
      if (isTaken || missed === RENEWALS) lost ??= { error };
    }
  };
  const heartbeat = setInterval(() => {
    renewing ??= renew().finally(() => {
      renewing = undefined;
    });
  }, leaseMs / RENEWALS);
  heartbeat.unref();

  const letGo = async (whole: boolean) => {
    clearInterval(heartbeat);
    // One that is under way would take the run again.
    await renewing;
    try {
      await store.release(run, fence);
    } catch (error) {
      if (whole) throw error;
    }
  };
  return {
    fence,
    get lost() {
      return lost;
    },
    letGo,
    async letGoFor(error) {
      await letGo(false);
      throw error;
    },
  };
}
