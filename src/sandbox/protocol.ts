/**
 * What host and worker say to each other. One request is under way at a time.
 *
 * @module
 */
import type { WasmModule } from './engine.ts';
import type { Image, SessionFacts } from './image.ts';
import type { EngineLimits, GuestProgram, GuestResult, GuestTurn } from './interpreter.ts';

/** Given to a worker when it starts. */
export interface WorkerSetup {
  module: WasmModule;
  /** One double: the worker's processor time, in milliseconds, when the turn began that is under way. */
  turnStart: SharedArrayBuffer;
}

export type Request =
  | {
      op: 'open';
      session: number;
      limits: EngineLimits;
      tools: readonly string[];
      seed: number;
      globals: [name: string, json: string][];
    }
  /** Layers, lowest first. */
  | { op: 'restore'; session: number; limits: EngineLimits; layers: Uint8Array[] }
  /** After a worker was ended: the session from the image it left. */
  | { op: 'revive'; session: number; limits: EngineLimits; before: Image; now: Image; abandon: boolean }
  | { op: 'run'; session: number; program: GuestProgram }
  | { op: 'settle'; session: number; results: GuestResult[]; now: number }
  | { op: 'define'; session: number; globals: [name: string, json: string][] }
  /** `over`: layers that are kept. */
  | { op: 'snapshot'; session: number; over: readonly string[] }
  | { op: 'fork'; session: number; as: number }
  | { op: 'close'; session: number };

/** What a reply may carry, by the request it answers. */
export interface Reply {
  turn?: GuestTurn;
  /** After `snapshot`: the top layer, and the names of those below it. */
  bytes?: Uint8Array;
  below?: readonly string[];
  /** After `restore`: what waits, as JSON, and whether a program is under way. */
  pending?: string;
  busy?: boolean;
  names?: SessionFacts['names'];
  /** The request failed for a reason that is not the guest's. */
  problem?: string;
  /** The reason is that a snapshot cannot be restored here: what is wrong with it. */
  refused?: string;
}

export type WorkerMessage =
  | { reply: Reply }
  /** The images of a session that the host does not know yet, and where `[before, now]` is told from then on. */
  | { session: number; roles: Roles; images: [id: number, image: Image][] };

/** Ids of two images: before the program that runs, and as the session stands. */
export type Roles = Int32Array<SharedArrayBuffer>;
