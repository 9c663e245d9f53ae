/**
 * What is asked of a run, and what it came to.
 *
 * @module
 */
import type { RunEvent } from './event.ts';
import type { Json, JsonSchema } from './json.ts';
import type { Part } from './parts.ts';
import type { RunUsage } from './usage.ts';

/** What is asked. */
export interface Task {
  parts: readonly Part[];
  input?: Json;
  /** JSON Schema of the answer. */
  answer?: JsonSchema;
}

export type RunStatus = 'answered' | 'suspended' | 'stopped' | 'failed' | 'cancelled';

/** What a run came to. */
export interface RunResult<Answer = Json> {
  /** Present when `status` is `answered`. */
  answer?: Answer;
  status: RunStatus;
  /** Why it ended or waits, in a sentence. */
  why: string;
  run: string;
  /** What it took, with the runs within it. */
  usage: RunUsage;
  /** What the user should know of the answer: disagreement between candidates, an answer that rests on nothing. */
  warnings: string[];
  log: readonly RunEvent[];
}
