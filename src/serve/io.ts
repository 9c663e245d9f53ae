/**
 * Where a command reads and writes: the process, or a test.
 *
 * @module
 */
import { stdin } from 'node:process';
import type { Model } from '../model/index.ts';
import type { EnvVars, Json, RunEvent } from '../record/index.ts';

/** Somewhere to write text. */
export interface Output {
  write(text: string): unknown;
  /** A person reads it. */
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** What a person said to an approval; `undefined`: decides later. */
export type Approved =
  | { verdict: 'approve' }
  | { verdict: 'deny'; reason?: string }
  | { verdict: 'edit'; args: Json }
  | undefined;

/** Asks the person. Each gives `undefined` when they would rather not say now. */
export interface Asker {
  confirm(question: string): Promise<boolean | undefined>;
  approve(request: RunEvent<'approval-request'>): Promise<Approved>;
  reply(question: string, choices?: readonly string[]): Promise<string | undefined>;
}

/** What a command may use of the process. */
export interface Io {
  /** The result: an answer, a list, JSON. */
  stdout: Output;
  /** Everything said on the way. */
  stderr: Output;
  /** A person can be asked. */
  interactive: boolean;
  env: EnvVars;
  cwd: string;
  /** Hears Ctrl-C until what it returns is called. */
  onInterrupt(hear: () => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
  /** Finds a model by its name. Tests give a scripted one. @default the model room's */
  model?(name: string): Model | undefined;
  /** Asks the person. @default prompts on the terminal */
  ask?: Asker;
}

/** The process as it is. */
export function processIo(): Io {
  // A reader that closed its end (`| head`) wants no more; the run goes on in the log.
  for (const output of [process.stdout, process.stderr]) {
    if (output.listenerCount('error') === 0) output.on('error', closedReader);
  }
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    interactive: stdin.isTTY === true && process.stderr.isTTY === true,
    env: process.env,
    cwd: process.cwd(),
    onInterrupt(hear) {
      process.on('SIGINT', hear);
      process.on('SIGTERM', hear);
      return () => {
        process.off('SIGINT', hear);
        process.off('SIGTERM', hear);
      };
    },
    exit: (code) => process.exit(code),
  };
}

function closedReader(problem: NodeJS.ErrnoException): void {
  if (problem.code !== 'EPIPE') throw problem;
}
