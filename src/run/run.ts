/**
 * Runs, their stores and results.
 *
 * @module
 */
import type { Budget, Json, RunEvent, RunStatus } from '../record/index.ts';

/** Circles in which a run is stopped; `Infinity` for never. Steps that only poll (tools with `poll: true`) are no circle. */
export interface LoopLimits {
  /** Equal steps in a row: same decision, same observation. @default 4 */
  same?: number;
  /** Rounds in a row between the same two steps: A B A B. @default 4 */
  swings?: number;
  /** Steps in a row that decided and saw nothing that was not there before in the turn. @default 10 */
  stale?: number;
}

/**
 * Hard limits of a run, or of a follow-up turn of it, with the runs within it. What is left out has none, except `steps`,
 * which are 30; `Infinity` for none.
 */
export interface RunLimits extends Budget {
  /** Parts of a limit at which the log warns, from 0 to 1. @default [0.5, 0.8] */
  warnAt?: readonly number[];
  /** @default { same: 4, swings: 4, stale: 10 } */
  loops?: LoopLimits;
  /**
   * Longest wait for an approval, a reply or a result that was put off, in milliseconds. A run that is resumed later goes
   * on without: the call is denied or fails, the question is told that nobody answered. @default Infinity
   */
  waitMs?: number;
}

/** What a run's listing shows. */
export interface RunSummary {
  run: string;
  task: string;
  status: RunStatus | 'running';
  startedAt: string;
  events: number;
  model: string;
  /**
   * It is `running`, and yet nobody holds it and no queue has it: its process ended, or it is a fork that nobody has gone on
   * with. Left out otherwise.
   */
  interrupted?: true;
}

/** A message in a run's durable inbox. */
export type InboxMessage =
  | {
      kind: 'approval';
      call: string;
      digest: string;
      verdict: 'approve' | 'deny' | 'edit';
      reason?: string;
      args?: Json;
    }
  | { kind: 'reply'; to: string; text: string }
  | { kind: 'doubt'; call: string; happened: boolean; value?: Json }
  /** What came of a call that the tool put off: its result, or why there is none. */
  | { kind: 'result'; call: string; value: Json }
  | { kind: 'result'; call: string; error: string }
  | { kind: 'message'; text: string }
  | { kind: 'cancel'; reason: string };

/** A blob and its name: the SHA-256 of its content. */
export interface NamedBlob {
  name: string;
  content: string | Uint8Array;
}

/** What a store says of an append where it costs nothing to say it. */
export interface Appended {
  /** Whether something was in the run's inbox at that time that {@link RunStore.drain} has not given and this append not taken. */
  posted: boolean;
}

/**
 * Where logs, blobs and inboxes live. Appends are all or nothing, in order, without gaps.
 *
 * Every method may throw a {@link StoreError}; `append` with a wrong `expectedSeq` or an old `fence` throws
 * `run-busy`, and reading a run that is not there throws `run-unknown`.
 */
export interface RunStore {
  /** Blobs that the events name may come along: they are stored in the same transaction. */
  append(
    run: string,
    events: readonly RunEvent[],
    options: { expectedSeq: number; fence: number; blobs?: readonly NamedBlob[] },
  ): Promise<Appended> | Promise<void> | Appended | void;
  read(run: string, fromSeq?: number): Promise<RunEvent[]>;
  /** Events from `fromSeq` on, as they are appended, until the run ends or `signal` aborts. */
  follow(run: string, fromSeq: number, signal?: AbortSignal): AsyncIterable<RunEvent>;
  list(filter?: { status?: RunSummary['status']; limit?: number }): Promise<RunSummary[]>;
  /**
   * A new run that shares the first `seq` events and begins with a `fork` event. The shared events keep the run they were
   * appended to.
   */
  fork(run: string, seq: number, newRun: string): Promise<void>;
  post(run: string, message: InboxMessage): Promise<void>;
  /** What was posted and is not gone yet, in order. Anybody may look; nothing is taken. */
  posted(run: string): Promise<InboxMessage[]>;
  /**
   * Takes what was posted since the last time, in order. Only the lease's holder does. What was taken is gone for good with
   * the next append, in one transaction: a holder that dies in between leaves it to the next one.
   */
  drain(run: string, fence: number): Promise<InboxMessage[]>;
  /**
   * Takes the run, or renews: the holder of a lease keeps its fence. A lease ends after `ms`, or, where the store can
   * tell, with the process that took it.
   *
   * @throws {RunError} `run-busy`: another holder's lease has not run out.
   */
  lease(run: string, holder: string, ms: number): Promise<{ fence: number }>;
  release(run: string, fence: number): Promise<void>;
  /**
   * Leaves the run to the workers of a queue: from then on {@link due} names it whenever it could be gone on with. A run is in
   * one queue at most, and stays in it.
   */
  enqueue(run: string, queue: string): Promise<void>;
  /**
   * Runs of a queue that could be gone on with now and that nobody holds, oldest first: they have begun and not ended, or they
   * are suspended and something was posted to them or to a suspended run within them (their id, a point, and more), or the
   * `until` of what they wait for is over.
   */
  due(queue: string, limit?: number): Promise<string[]>;
  /** Calls `heard` when a run may have become due, until the returned function is called. Notices may be lost or too many. */
  onDue(heard: () => void): () => void;
  readonly blobs: {
    put(content: string | Uint8Array): Promise<string>;
    get(name: string): Promise<Uint8Array | undefined>;
  };
  close(): Promise<void>;
}
