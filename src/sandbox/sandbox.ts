/**
 * What an interpreter is to everyone else.
 *
 * @module
 */
import type { GuestError, Json } from '../record/index.ts';

/** Limits of a session. */
export interface SandboxLimits {
  /** @default 128 MiB */
  memoryBytes?: number;
  /** Longest time a program may compute between two waits, in milliseconds. @default 5_000 */
  turnMs?: number;
  /** @default 512 KiB */
  stackBytes?: number;
  /** Longest output of one program, in characters; what is more is cut, and said so. @default 100_000 */
  outputChars?: number;
  /** Most calls that may wait at once. @default 10_000 */
  pendingCalls?: number;
  /** Largest arguments of one call, and largest value handed out, as JSON. @default 16 MiB */
  valueBytes?: number;
}

export interface SandboxOptions {
  /** Names of the tools: global async functions that take one object. */
  tools: readonly string[];
  /** Names of further such functions that are no tools: a snapshot may have been made with others. They take one value. @default none */
  words?: readonly string[];
  /** JSON values that stand in the session as variables. */
  globals?: { readonly [name: string]: Json };
  limits?: SandboxLimits;
  /** Seed of `Math.random`. @default 1 */
  seed?: number;
}

/** A program: the TypeScript the model wrote. The sandbox strips types and rewrites declarations itself. */
export interface Program {
  source: string;
  /** Milliseconds since 1970 that `Date` tells while it runs. */
  now: number;
}

/** A call of a tool that waits for its result. */
export interface PendingCall {
  /** Counts up from 1 over the session's life; the same programs and results give the same ids. */
  id: number;
  /** A tool, or the builtin `setTimeout` with `{ ms }`. */
  tool: string;
  args: Json;
}

/** What came of a call. An error is thrown in the guest as an `Error` of that name and message. */
export type SettledCall = { id: number; value: Json } | { id: number; error: { name: string; message: string } };

/** One thing the guest logged, rendered for reading. */
export interface GuestLog {
  level: 'log' | 'info' | 'warn' | 'error' | 'debug';
  text: string;
  /** The value itself where one JSON value was logged. */
  value?: Json;
}

/** A variable of the session, and how it was last declared; `global` is one from outside. */
export interface SessionName {
  name: string;
  kind: 'const' | 'let' | 'var' | 'function' | 'class' | 'global';
}

/** What a program did until it ended, or until every path of it waits. */
export interface TurnFacts {
  /** What was logged since the last turn. */
  logs: GuestLog[];
  /** The last expression statement's value: rendered, and as JSON where it can be. Only when done, and not for `undefined`. */
  value?: { text: string; json?: Json };
  /** What `answer(value)` was last called with, in this program. */
  answer?: { value: Json };
  /** Names of an earlier program that this one declared again. */
  redeclared?: string[];
  /** The session's variables after this turn, in the order in which they were first declared. */
  names?: SessionName[];
  /** Milliseconds the guest computed. */
  ms: number;
}

export type Turn = TurnFacts &
  ({ state: 'done' } | { state: 'failed'; error: GuestError } | { state: 'waiting'; calls: PendingCall[] });

/** An interpreter as bytes. */
export interface Snapshot {
  /** Name and version of the engine, and the form of the bytes; another one refuses it. */
  engine: string;
  /** Digest of the tools' names; another set refuses it. */
  tools: string;
  /** All of it, or what changed since the snapshots `below`. */
  bytes: Uint8Array;
  /** Snapshots that it lies on, lowest first, by the SHA-256 of their bytes; none unless `over` allowed it. */
  below: readonly string[];
}

/** What a session is restored with. */
export interface RestoreOptions extends Omit<SandboxOptions, 'globals' | 'seed'> {
  /** Gives the bytes of a snapshot that this one lies on, by their SHA-256. */
  read?(name: string): Promise<Uint8Array | undefined>;
}

export interface Sandbox {
  /** Name and version, as snapshots carry it. */
  readonly engine: string;
  open(options: SandboxOptions): Promise<Session>;
  /**
   * @throws {SandboxError} `snapshot-refused`, with `facts.problem`: another `engine`, other `tools`, another `form`;
   * `damaged` bytes; `missing`: `read` does not have what it lies on.
   */
  restore(snapshot: Snapshot, options: RestoreOptions): Promise<Session>;
}

/**
 * A live interpreter. Variables, functions, classes and pending promises stay between programs.
 * Calls of one session are made one after another.
 */
export interface Session {
  /**
   * Runs a program until it ends, or until every path of it waits. A program that waits must be settled to its end
   * before the next is started.
   *
   * Guest failures (syntax, a throw, a limit) are turns, never exceptions.
   */
  start(program: Program): Promise<Turn>;
  /** Answers some of the pending calls, in any order, and goes on. */
  settle(results: readonly SettledCall[], now: number): Promise<Turn>;
  /** Sets variables from outside between programs, as JSON. */
  define(globals: { readonly [name: string]: Json }): Promise<void>;
  /**
   * Also while calls are pending. With `over`, snapshots of this session that the caller keeps (the last one and those
   * below it, lowest first, by the SHA-256 of their bytes), it may be only what changed since.
   */
  snapshot(options?: { over?: readonly string[] }): Promise<Snapshot>;
  /** An independent copy. */
  fork(): Promise<Session>;
  close(): void;
}
