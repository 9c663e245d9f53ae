/**
 * What `approvals`, `approve`, `deny`, `answer`, `settle` and `cancel` do: they read and post, and need no agent.
 *
 * @module
 */
import { type Json, RunError } from '../record/index.ts';
import type { InboxMessage, RunStore, Wait } from '../run/index.ts';
import { type ExitCode, UsageError } from './exit-codes.ts';
import type { Io } from './io.ts';
import { findRun, openExisting, storePath } from './open-store.ts';
import { paintFor, printable } from './paint.ts';
import { readConfig } from './settings.ts';
import { brief } from './words.ts';

/** Of every command that answers. */
export interface AnswerFlags {
  store?: string;
  resume?: boolean;
  json?: boolean;
}

/** Does some work on a run of the store. */
export async function withRun<Result>(
  wanted: string,
  given: string | undefined,
  io: Io,
  work: (store: RunStore, run: string) => Promise<Result>,
): Promise<Result> {
  const store = await openExisting(storePath(io, given ?? (await readConfig(io.cwd)).store));
  try {
    return await work(store, (await findRun(store, wanted)).run);
  } finally {
    await store.close();
  }
}

/** Lists what waits, longest waiting first. */
export async function approvalsCommand(
  wanted: string | undefined,
  { store: given, json = false }: AnswerFlags,
  io: Io,
): Promise<ExitCode> {
  const store = await openExisting(storePath(io, given ?? (await readConfig(io.cwd)).store));
  try {
    const { approvalsOf } = await import('../run/index.ts');
    const run = wanted === undefined ? undefined : (await findRun(store, wanted)).run;
    const waits = await approvalsOf(store, run);
    if (json) io.stdout.write(`${JSON.stringify(waits)}\n`);
    else if (waits.length === 0) io.stderr.write('Nothing waits.\n');
    else for (const wait of waits) io.stdout.write(lines(wait, io));
    return 0;
  } finally {
    await store.close();
  }
}

const WHAT = { approval: 'approval', reply: 'question', doubt: 'in doubt', later: 'put off' } as const;

function lines(wait: Wait, io: Io): string {
  const paint = paintFor(io.stdout, io.env);
  const { run, id, since, tool, args, rule, reason, preview, question, choices, posted } = wait;
  const said =
    posted === undefined
      ? ''
      : paint('green', `  ${'verdict' in posted ? posted.verdict : 'answered'}, not yet resumed`);
  const head = `${run}  ${paint('bold', id)}  ${paint('yellow', WHAT[wait.for])}  since ${since.slice(0, 19).replace('T', ' ')}${said}`;
  const body =
    question === undefined
      ? [`${tool}(${args === undefined ? '…' : brief(args, 400)})`, why(rule, reason), preview]
      : [question, choices?.map((choice) => `- ${choice}`).join('\n')];
  const text = body.filter((part) => part !== undefined && part !== '').join('\n');
  return `${head}\n${printable(text).replace(/^/gm, '  ')}\n`;
}

const why = (rule: string | undefined, reason: string | undefined) =>
  rule === undefined ? reason : `${reason} (${rule})`;

/** What a person says of a call. */
export interface Decided {
  verdict: 'approve' | 'deny';
  edit?: string | undefined;
  reason?: string | undefined;
}

/** `approve` and `deny`. The answer is bound to what waits now, by its digest. */
export async function decideCommand(
  wanted: string,
  call: string | undefined,
  { verdict, edit, reason }: Decided,
  flags: AnswerFlags,
  io: Io,
): Promise<ExitCode> {
  const args = edit === undefined ? undefined : parseJson('--edit', edit);
  return post(wanted, flags, io, async (store, run) => {
    const { approvalsOf } = await import('../run/index.ts');
    const waits = (await approvalsOf(store, run)).filter((wait) => wait.for === 'approval');
    const open = waits.filter(({ posted }) => posted === undefined);
    if (call === undefined && open.length > 1) {
      const list = open.map(({ id, tool, args: given }) => `  ${id}  ${tool}(${brief(given)})`).join('\n');
      throw new UsageError(`${open.length} calls wait in ${run}; name one:\n${list}`);
    }
    const wait = call === undefined ? open[0] : waits.find(({ id }) => id === call);
    const id = call ?? wait?.id;
    if (id === undefined) {
      throw new RunError(
        'run-not-suspended',
        `No call of run ${run} waits for an approval. poact approvals lists what waits.`,
        {
          run,
        },
      );
    }
    return {
      kind: 'approval',
      call: id,
      digest: wait?.digest ?? '',
      verdict: args === undefined ? verdict : 'edit',
      ...(args === undefined ? {} : { args }),
      ...(reason === undefined ? {} : { reason }),
    };
  });
}

/** Replies to a question. */
export function answerCommand(
  wanted: string,
  question: string,
  text: string,
  flags: AnswerFlags,
  io: Io,
): Promise<ExitCode> {
  return post(wanted, flags, io, async () => ({ kind: 'reply', to: question, text }));
}

/** What came of a call. */
export interface SettleFlags {
  value?: string | undefined;
  error?: string | undefined;
  notHappened?: boolean | undefined;
}

/** Settles a call that was put off, or is in doubt. */
export async function settleCommand(
  wanted: string,
  call: string,
  { value, error, notHappened = false }: SettleFlags,
  flags: AnswerFlags,
  io: Io,
): Promise<ExitCode> {
  if ([value !== undefined, error !== undefined, notHappened].filter(Boolean).length !== 1) {
    throw new UsageError('Give one of --value, --error and --not-happened.');
  }
  const result = value === undefined ? undefined : parseJson('--value', value);
  return post(wanted, flags, io, async (store, run) => {
    const { approvalsOf } = await import('../run/index.ts');
    const wait = (await approvalsOf(store, run)).find(({ id }) => id === call);
    if (error !== undefined) return { kind: 'result', call, error };
    if (wait?.for !== 'doubt' && result !== undefined) return { kind: 'result', call, value: result };
    return { kind: 'doubt', call, happened: !notHappened, ...(result === undefined ? {} : { value: result }) };
  });
}

async function post(
  wanted: string,
  { store: given, resume = false, json = false }: AnswerFlags,
  io: Io,
  messageFor: (store: RunStore, run: string) => Promise<InboxMessage>,
): Promise<ExitCode> {
  const { approvalsOf, respond } = await import('../run/index.ts');
  const { run, left } = await withRun(wanted, given, io, async (store, found) => {
    await respond(store, found, await messageFor(store, found));
    const open = (await approvalsOf(store, found)).filter(({ posted }) => posted === undefined);
    return { run: found, left: open.map(({ id }) => id) };
  });
  if (resume) {
    const { runCommand } = await import('./run-command.ts');
    return runCommand({ resume: run }, given === undefined ? {} : { store: given }, json ? { json } : {}, io);
  }
  if (json) io.stdout.write(`${JSON.stringify({ run, waiting: left })}\n`);
  else {
    const rest = left.length === 0 ? 'Nothing else waits.' : `Still open: ${left.join(', ')}.`;
    io.stderr.write(
      `Noted. ${rest} A run that was left to workers goes on by itself; any other with: poact resume ${run}\n`,
    );
  }
  return 0;
}

/** Ends a run. */
export function cancelCommand(
  wanted: string,
  { store: given, reason, json = false }: { store?: string; reason?: string; json?: boolean },
  io: Io,
): Promise<ExitCode> {
  return withRun(wanted, given, io, async (store, run): Promise<ExitCode> => {
    const { cancelRun } = await import('../run/index.ts');
    const ended = await cancelRun(store, run, reason ?? 'Cancelled from the command line.');
    if (json) io.stdout.write(`${JSON.stringify({ run, cancelled: ended })}\n`);
    else
      io.stderr.write(ended ? `Cancelled ${run}.\n` : `A process is at work on ${run}; it stops at its next step.\n`);
    return 0;
  });
}

/** @throws {UsageError} it is no JSON. */
export function parseJson(option: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (problem) {
    throw new UsageError(`${option}: this is no valid JSON: ${(problem as Error).message}`);
  }
}
