/**
 * The task of a command: as it is given, or what comes in on standard input.
 *
 * @module
 */
import { text } from 'node:stream/consumers';
import { UsageError } from './exit-codes.ts';
import type { Io } from './io.ts';

/**
 * The task; `-` stands for what comes in, without space around it.
 *
 * @throws {UsageError} it is empty.
 */
export async function taskOf(given: string, { input = () => text(process.stdin) }: Io): Promise<string> {
  const task = given === '-' ? (await input()).trim() : given;
  if (task.trim() !== '') return task;
  const what = given === '-' ? 'Nothing came in on standard input' : 'The task is empty';
  throw new UsageError(`${what}. Say what is to be done: poact run "…", or echo "…" | poact run -`);
}
