/**
 * `follow`: a run as it goes on, in whatever process. Going away changes nothing for the run.
 *
 * @module
 */
import type { RunEvent } from '../record/index.ts';
import { type ExitCode, exitCodeOf } from './exit-codes.ts';
import type { Io } from './io.ts';
import { findRun, openExisting, storePath } from './open-store.ts';
import { paintFor, printable } from './paint.ts';
import { renderer } from './render.ts';
import { readConfig } from './settings.ts';
import { answerText } from './words.ts';

export interface FollowFlags {
  from?: number;
  store?: string;
  jsonl?: boolean;
  verbose?: boolean;
}

/** Shows the events from a place on until the run has ended, or Ctrl-C. */
export async function followCommand(
  wanted: string,
  { from = 0, store: given, jsonl = false, verbose = false }: FollowFlags,
  io: Io,
): Promise<ExitCode> {
  const store = await openExisting(storePath(io, given ?? (await readConfig(io.cwd)).store));
  const detach = new AbortController();
  const unhear = io.onInterrupt(() => detach.abort());
  const paint = paintFor(io.stderr, io.env);
  const render = renderer({ write: (text) => void io.stderr.write(text), paint, detailed: verbose });
  try {
    const { run, status } = await findRun(store, wanted);
    let end: RunEvent<'run-end'> | undefined;
    let next = from;
    for await (const event of store.follow(run, from, detach.signal)) {
      next = event.seq + 1;
      if (event.kind === 'run-end') end = event;
      if (jsonl) io.stdout.write(`${JSON.stringify(event)}\n`);
      else await render(event);
      if (!jsonl && event.kind === 'suspend') io.stderr.write(`See it: poact approvals ${run}\n`);
    }
    if (detach.signal.aborted) {
      io.stderr.write(`Detached; the run is as it was. Go on with: poact follow ${run} --from ${next}\n`);
      return 0;
    }
    if (end === undefined) return exitCodeOf(status === 'running' ? 'suspended' : status);
    if (!jsonl && end.status === 'answered') {
      io.stdout.write(`${paintFor(io.stdout, io.env)('bold', printable(answerText(end.answer)))}\n`);
    } else if (!jsonl) io.stderr.write(`${paint('yellow', end.status)}: ${printable(end.why)}\n`);
    return exitCodeOf(end.status);
  } finally {
    unhear();
    await store.close();
  }
}
