/**
 * What `fork`, `diff` and `replay` do.
 *
 * @module
 */
import type { Json, RunEvent } from '../record/index.ts';
import type { RunStore, Side } from '../run/index.ts';
import { buildAgent } from './agent.ts';
import { type ExitCode, UsageError } from './exit-codes.ts';
import type { Io } from './io.ts';
import { keepSettings, settingsOf } from './kept-settings.ts';
import { findRun, openExisting, storePath } from './open-store.ts';
import { paintFor, printable } from './paint.ts';
import { readConfig, type Settings } from './settings.ts';
import { parseJson, withRun } from './waits-command.ts';
import { brief, count, duration } from './words.ts';

/** Options of `fork`. */
export interface ForkFlags extends Pick<Settings, 'model' | 'policy' | 'store'> {
  at?: string;
  step?: string;
  edit?: string;
  keepEffects?: boolean;
  resume?: boolean;
  json?: boolean;
}

/** Makes a fork; what it is to go on with is kept beside the store, as for any run. */
export async function forkCommand(wanted: string, flags: ForkFlags, io: Io): Promise<ExitCode> {
  const { model, policy, store: given, json = false, keepEffects = false, resume = false } = flags;
  const edit = flags.edit === undefined ? undefined : fieldsIn(flags.edit);
  const changes = { ...(model === undefined ? {} : { model }), ...(policy === undefined ? {} : { policy }) };
  const path = storePath(io, given ?? (await readConfig(io.cwd)).store);
  const { run, fork, at } = await withRun(wanted, given, io, async (store, found) => {
    const { forkRun } = await import('../run/index.ts');
    const place = await placeOf(flags, store, found);
    const isNeeded = model === undefined && (resume || policy !== undefined);
    const remedy = isNeeded ? 'Say what goes on with the fork: --model <name>.' : undefined;
    const kept = await settingsOf(path, found, remedy);
    const effects = keepEffects ? ({ effects: 'keep' } as const) : {};
    const made = await forkRun(store, found, place, { ...(edit && { edit }), ...effects });
    // Without either, whoever goes on with the fork has to say what it is.
    if (kept !== undefined || model !== undefined) await keepSettings(path, made, { ...kept, ...changes });
    return { run: found, fork: made, at: place };
  });
  if (resume) {
    const { runCommand } = await import('./run-command.ts');
    return runCommand({ resume: fork }, given === undefined ? {} : { store: given }, json ? { json } : {}, io);
  }
  if (json) io.stdout.write(`${JSON.stringify({ run: fork, from: run, at })}\n`);
  else {
    io.stdout.write(`${fork}\n`);
    io.stderr.write(`It shares ${count(at, 'event')} of ${run}. Go on with: poact resume ${fork}\n`);
  }
  return 0;
}

function fieldsIn(text: string): { [field: string]: Json } {
  const fields = parseJson('--edit', text);
  if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) return fields;
  throw new UsageError('--edit: give an object with the fields that are told otherwise.');
}

async function placeOf({ at, step }: ForkFlags, store: RunStore, run: string): Promise<number> {
  if ((at === undefined) === (step === undefined)) throw new UsageError('Give one of --at and --step.');
  const number = Number(at ?? step);
  if (!Number.isInteger(number) || number < 1)
    throw new UsageError('--at and --step take a whole number of at least 1.');
  if (at !== undefined) return number;
  const event = (await store.read(run)).find((one) => one.step === number);
  if (event === undefined) throw new UsageError(`Run ${run} has no step ${number}.`);
  return event.seq;
}

/** Options of `diff` and `replay`. */
export interface LookFlags {
  store?: string;
  json?: boolean;
}

/** Shows where two runs part. */
export async function diffCommand(
  wanted: string,
  other: string,
  { store: given, json = false }: LookFlags,
  io: Io,
): Promise<ExitCode> {
  return withRun(wanted, given, io, async (store, run): Promise<ExitCode> => {
    const { diffRuns } = await import('../run/index.ts');
    const found = await diffRuns(store, run, (await findRun(store, other)).run);
    if (json) {
      io.stdout.write(`${JSON.stringify(found)}\n`);
      return 0;
    }
    const paint = paintFor(io.stdout, io.env);
    const { differ, same, fields, a, b } = found;
    const where = differ ? `The same for ${count(same, 'event')}; then they part` : `The same: ${count(same, 'event')}`;
    const what = fields.length === 0 ? '' : ` (${fields.slice(0, 5).join(', ')})`;
    io.stdout.write(`${paint('bold', `${where}${what}.`)}\n`);
    for (const [side, colour] of [
      [a, 'red'],
      [b, 'green'],
    ] as const) {
      io.stdout.write(`${paint(colour, `${side.run}  ${side.status}`)}${answerIn(side)}\n`);
      if (side.event !== undefined) io.stdout.write(`  ${printable(told(side.event))}\n`);
      io.stdout.write(`  since then: ${costLine(side.since)}\n  in all: ${costLine(side.total)}\n`);
    }
    return 0;
  });
}

const answerIn = ({ answer }: Side) => (answer === undefined ? '' : `  ${printable(brief(answer))}`);

/** An event in a line: its place, kind, and what it says. */
function told(event: RunEvent): string {
  const { seq, kind, step, at: _at, run: _run, by, cause: _cause, ...rest } = event;
  return `event ${seq}, step ${step}: ${kind} by ${by} ${brief(rest as unknown as Json, 300)}`;
}

function costLine({ steps, modelCalls, toolCalls, sent, written, costUsd, ms }: Side['total']): string {
  const tokens = `${sent.toLocaleString('en-US')} tokens in, ${written.toLocaleString('en-US')} out`;
  const calls = `${count(modelCalls, 'model call')}, ${count(toolCalls, 'tool call')}`;
  const money = costUsd === undefined ? [] : [`${costUsd.toFixed(4)} USD`];
  return [count(steps, 'step'), calls, tokens, ...money, duration(ms)].join(' · ');
}

const REPLAYS_WITH = 'Say it in poact.config.ts: `agent`, or the `policy`, `tools` and `model` that it had.';

/** Replays a run. Exit code 1 where it went another way. */
export async function replayCommand(
  wanted: string,
  { store: given, json = false }: LookFlags,
  io: Io,
): Promise<ExitCode> {
  const path = storePath(io, given ?? (await readConfig(io.cwd)).store);
  const store = await openExisting(path);
  try {
    const { run } = await findRun(store, wanted);
    const config = await readConfig(io.cwd);
    const isTold = (config.agent ?? config.policy ?? config.tools) !== undefined;
    const settings = { ...config, ...(await settingsOf(path, run, isTold ? undefined : REPLAYS_WITH)) };
    const built = await buildAgent(settings, {
      io,
      store,
      yes: false,
      // No model is called, so none needs to be here.
      fetch: async () => {},
      watch: (model) => model,
      secretive: () => {},
    });
    try {
      const replayed = await built.agent.replay(run);
      const { same, events, compared, from, hash, divergence } = replayed;
      if (json) io.stdout.write(`${JSON.stringify(replayed)}\n`);
      else if (same) {
        const part = from > 0 ? ` from event ${from} on` : '';
        io.stdout.write(
          `The same${part}: ${compared} of ${count(events, 'event')} made again, view ${hash.replayed.slice(0, 16)}.\n`,
        );
      } else if (divergence === undefined) {
        io.stdout.write(
          `Another view: ${hash.recorded.slice(0, 16)} recorded, ${hash.replayed.slice(0, 16)} replayed.\n`,
        );
      } else {
        const { seq, kind, expected, got } = divergence;
        const recorded = printable(brief(expected, 600));
        io.stdout.write(
          `Another way at event ${seq} (${kind}).\n  recorded: ${recorded}\n  replayed: ${printable(brief(got, 600))}\n`,
        );
      }
      return same ? 0 : 1;
    } finally {
      await built.close();
    }
  } finally {
    await store.close();
  }
}
