/**
 * Where a command reads and writes: the process, or a test.
 *
 * @module
 */
import { stdin } from 'node:process';
import type { Model } from '../model/index.ts';
import type { EnvVars, Json, RunEvent } from '../record/index.ts';
import { troubleWith } from './files.ts';

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
  /** What comes in, to its end. @default standard input */
  input?(): Promise<string>;
  /** Asks the person. @default prompts on the terminal */
  ask?: Asker;
}

/** The process as it is. */
export function processIo(): Io {
  if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', lostOutput());
  // What is said on the way is not the result: where it cannot be said, the run goes on.
  if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', () => {});
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

/** Says once that the result cannot be written. The run goes on in the log. */
function lostOutput(): (problem: NodeJS.ErrnoException) => void {
  let said = false;
  return (problem) => {
    // A reader that closed its end (`| head`) wants no more.
    if (said || problem.code === 'EPIPE') return;
    said = true;
    process.stderr.write(
      `The output cannot be written: ${troubleWith(problem)}. Of runs nothing is lost: poact log last\n`,
    );
    // It may come after the command has given its code.
    process.once('exit', () => {
      process.exitCode ||= 1;
    });
  };
}
