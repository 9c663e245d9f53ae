/**
 * `log` and `runs`: what is in the store.
 *
 * @module
 */
import { type Message, type RunEvent, textOf, viewOf } from '../record/index.ts';
import type { RunStore, RunSummary } from '../run/index.ts';
import type { ExitCode } from './exit-codes.ts';
import { UsageError } from './exit-codes.ts';
import type { Io } from './io.ts';
import { findRun, openExisting, storePath } from './open-store.ts';
import { paintFor, printable } from './paint.ts';
import { renderer } from './render.ts';
import { readConfig } from './settings.ts';
import { answerText, count } from './words.ts';

export interface LogFlags {
  store?: string;
  jsonl?: boolean;
  prompt?: number;
}

/** Shows a run: as people read it, as JSON lines, or one step's prompts. */
export async function logCommand(
  wanted: string,
  { store: given, jsonl = false, prompt }: LogFlags,
  io: Io,
): Promise<ExitCode> {
  const store = await openExisting(storePath(io, given ?? (await readConfig(io.cwd)).store));
  try {
    const { run } = await findRun(store, wanted);
    const events = await store.read(run);
    if (jsonl) for (const event of events) io.stdout.write(`${JSON.stringify(event)}\n`);
    else if (prompt !== undefined) await showPrompts(run, events, prompt, store.blobs, io);
    else await show(events, io);
    return 0;
  } finally {
    await store.close();
  }
}

async function show(events: readonly RunEvent[], io: Io): Promise<void> {
  const paint = paintFor(io.stdout, io.env);
  const render = renderer({ write: (text) => void io.stdout.write(text), paint, detailed: true });
  for (const event of events) await render(event);
  const end = events.findLast((event) => event.kind === 'run-end');
  if (end?.kind === 'run-end' && end.answer !== undefined)
    io.stdout.write(`${paint('bold', printable(answerText(end.answer)))}\n`);
}

async function showPrompts(
  run: string,
  events: RunEvent[],
  step: number,
  blobs: Parameters<typeof import('../run/index.ts')['promptOf']>[1],
  io: Io,
): Promise<void> {
  const { promptOf } = await import('../run/index.ts');
  const paint = paintFor(io.stdout, io.env);
  const calls = events.filter((event) => event.kind === 'model-call' && event.step === step);
  if (calls.length === 0) {
    const steps = [...new Set(events.filter(({ kind }) => kind === 'model-call').map((event) => event.step))];
    throw new UsageError(`No model was called in step ${step}. Steps with a prompt: ${steps.join(', ') || 'none'}.`);
  }
  for (const call of calls) {
    if (call.kind !== 'model-call') continue;
    const { messages } = await promptOf(viewOf(run, events), blobs, call.seq);
    io.stdout.write(`${paint('bold', `── ${call.purpose ?? 'model call'} · event ${call.seq} · ${call.model} ──`)}\n`);
    for (const { role, parts } of messages as Message[])
      io.stdout.write(`${paint('cyan', `[${role}]`)}\n${printable(textOf(parts))}\n`);
    if (call.reply !== undefined) io.stdout.write(`${paint('green', '[reply]')}\n${printable(call.reply.text)}\n`);
  }
}

export interface RunsFlags {
  store?: string;
  status?: string;
  limit?: string;
  json?: boolean;
}

/** Lists the runs of the store, newest first. */
export async function runsCommand(
  { store: given, status, limit = '20', json = false }: RunsFlags,
  io: Io,
): Promise<ExitCode> {
  const store = await openExisting(storePath(io, given ?? (await readConfig(io.cwd)).store));
  try {
    const most = Number(limit);
    if (!Number.isInteger(most) || most < 1)
      throw new UsageError(`--limit ${limit}: give a whole number of at least 1.`);
    const runs = await runsThat(store, status, most);
    if (json) {
      io.stdout.write(`${JSON.stringify(runs)}\n`);
      return 0;
    }
    const paint = paintFor(io.stdout, io.env);
    for (const summary of runs) {
      const { run, startedAt, task, events } = summary;
      const state = stateOf(summary);
      const colour = state === 'answered' ? 'green' : state === 'failed' ? 'red' : 'yellow';
      const line = printable(task).replace(/\s+/g, ' ');
      io.stdout.write(
        `${run}  ${paint(colour, state.padEnd(11))}  ${startedAt.slice(0, 16).replace('T', ' ')}  ${count(events, 'event').padStart(12)}  ${line.length > 70 ? `${line.slice(0, 69)}…` : line}\n`,
      );
    }
    // A run within another goes on with that one.
    const lost = runs.find(({ run, interrupted }) => interrupted && !run.includes('.'));
    if (lost !== undefined)
      io.stderr.write(`Nobody is at work on what is interrupted. Go on with: poact resume ${lost.run}\n`);
    if (runs.length === 0) io.stderr.write('No runs.\n');
    return 0;
  } finally {
    await store.close();
  }
}

const stateOf = ({ status, interrupted }: RunSummary) => (interrupted ? 'interrupted' : status);

/** Stores know `running` alone, of which the interrupted ones are a part. */
async function runsThat(store: RunStore, state: string | undefined, limit: number): Promise<RunSummary[]> {
  if (state === undefined) return store.list({ limit });
  const status = (state === 'interrupted' ? 'running' : state) as RunSummary['status'];
  if (status !== 'running') return store.list({ limit, status });
  return (await store.list({ status })).filter((run) => stateOf(run) === state).slice(0, limit);
}
