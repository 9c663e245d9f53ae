/**
 * What `effects` and `undo` do.
 *
 * @module
 */
import { CancelledError, type Secrets, viewOf } from '../record/index.ts';
import type { Agent, RunEffect, UndoOptions, UndoResult } from '../run/index.ts';
import { buildAgent } from './agent.ts';
import { terminalAsker } from './ask.ts';
import { type ExitCode, UsageError } from './exit-codes.ts';
import type { Asker, Io } from './io.ts';
import { settingsOf } from './kept-settings.ts';
import { findRun, openExisting, storePath } from './open-store.ts';
import { type Paint, paintFor, printable } from './paint.ts';
import { settleDoubts } from './run-command.ts';
import { absolute, readConfig, type Settings, settingsOver } from './settings.ts';
import { brief, count } from './words.ts';

export interface EffectsFlags {
  store?: string;
  json?: boolean;
}

/** Lists what a run did to the world. The log says it: no agent is needed. */
export async function effectsCommand(
  wanted: string,
  { store: given, json = false }: EffectsFlags,
  io: Io,
): Promise<ExitCode> {
  const store = await openExisting(storePath(io, given ?? (await readConfig(io.cwd)).store));
  try {
    const { effectsOf } = await import('../run/index.ts');
    const { run } = await findRun(store, wanted);
    const found = effectsOf(viewOf(run, await store.read(run)));
    if (json) {
      io.stdout.write(`${JSON.stringify(found)}\n`);
      return 0;
    }
    const paint = paintFor(io.stdout, io.env);
    for (const effect of found.effects) io.stdout.write(`${effectLine(effect, paint)}\n`);
    for (const child of found.children) io.stdout.write(`      and what run ${child} did: poact effects ${child}\n`);
    const standing = Object.entries(found.standing).filter(([, number]) => number > 0);
    const what = standing.map(([effect, number]) => `${number} ${effect}`).join(', ');
    io.stderr.write(what === '' ? 'Nothing that it changed stands.\n' : `What stands: ${what}.\n`);
    return 0;
  } finally {
    await store.close();
  }
}

const COLOURS = {
  done: 'yellow',
  failed: 'red',
  doubt: 'red',
  later: 'yellow',
  undone: 'green',
  compensated: 'green',
} as const;

function effectLine({ seq, tool, args, effect, state, why, takenBackBy, to }: RunEffect, paint: Paint): string {
  const remedy = takenBackBy !== undefined ? `undone by --to ${to}` : (why ?? '');
  const call = `${tool}(${args === undefined ? '…' : brief(args, 60)})`;
  const title = `${String(seq).padStart(5)}  ${paint(COLOURS[state], state.padEnd(11))} ${effect.padEnd(12)}`;
  return `${title} ${printable(call)}${remedy === '' ? '' : paint('dim', `  ${printable(remedy)}`)}`;
}

/** The options of `undo`, as commander gives them. */
export interface UndoFlags {
  to: number;
  dryRun?: boolean;
  skip?: string[];
  skipAll?: boolean;
  acceptChanges?: boolean;
  tools?: string;
  agent?: string;
  out?: string;
  store?: string;
  yes?: boolean;
  json?: boolean;
}

const TAKES_BACK_WITH = 'Say what it worked with: --agent <module>, or --tools <module> and --out <folder>.';

/** Plans, shows, asks, and takes back. */
export async function undoCommand(wanted: string, flags: UndoFlags, io: Io): Promise<ExitCode> {
  const { tools, agent, out, store: given } = flags;
  const flagged = absolute(
    {
      ...(tools === undefined ? {} : { tools }),
      ...(agent === undefined ? {} : { agent }),
      ...(out === undefined ? {} : { out }),
      ...(given === undefined ? {} : { store: given }),
    },
    io.cwd,
  );
  const path = storePath(io, flagged.store ?? (await readConfig(io.cwd)).store);
  const store = await openExisting(path);
  let secrets: Secrets | undefined;
  try {
    const { run } = await findRun(store, wanted);
    // Neither its data nor its model are needed to take something back.
    const kept = await settingsOf(path, run, (tools ?? agent ?? out) ? undefined : TAKES_BACK_WITH);
    const { files: _files, ...settings }: Settings = settingsOver(kept ?? {}, flagged);
    const built = await buildAgent(settings, {
      io,
      store,
      yes: flags.yes === true,
      fetch: async () => {},
      watch: (model) => model,
      secretive: (known) => {
        secrets = known;
      },
    });
    try {
      const ask = io.ask ?? terminalAsker(paintFor(io.stderr, io.env));
      if (io.interactive && flags.dryRun !== true) await settleDoubts(run, store, ask);
      return await perform(built.agent, run, flags, ask, io);
    } finally {
      await built.close();
    }
  } catch (problem) {
    throw secrets === undefined ? problem : secrets.redactError(problem);
  } finally {
    await store.close();
  }
}

async function perform(agent: Agent, run: string, flags: UndoFlags, ask: Asker, io: Io): Promise<ExitCode> {
  const { to, dryRun = false, skip, skipAll = false, acceptChanges = false, yes = false, json = false } = flags;
  const options: UndoOptions = { to, acceptChanges, skip: skipAll || (skip ?? false) };
  const plan = await agent.undo(run, { ...options, dryRun: true });
  const inTheWay = plan.cannot.filter(({ call, left }) => !skipAll && left !== true && skip?.includes(call) !== true);
  if (dryRun) {
    if (json) io.stdout.write(`${JSON.stringify(plan)}\n`);
    else show(plan, io);
    return inTheWay.length === 0 ? 0 : 1;
  }
  if (!json) show(plan, io);
  if (inTheWay.length === 0 && plan.steps.length > 0 && !yes) {
    if (!io.interactive) throw new UsageError('Nobody can be asked here: --yes says that it may be taken back.');
    const sure = await ask.confirm(`Take ${count(plan.steps.length, 'call')} back?`);
    if (sure !== true) {
      io.stderr.write('Nothing was taken back.\n');
      return 5;
    }
  }
  const abort = new AbortController();
  const unhear = io.onInterrupt(() => {
    if (abort.signal.aborted) return io.exit(130);
    abort.abort(new CancelledError('Cancelled with Ctrl-C.'));
  });
  try {
    if (io.interactive) options.onApproval = (request) => ask.approve(request);
    const result = await agent.undo(run, { ...options, signal: abort.signal });
    if (json) io.stdout.write(`${JSON.stringify(result)}\n`);
    else report(result, io);
    return result.status === 'suspended' ? 3 : 0;
  } finally {
    unhear();
  }
}

function show({ run, to, steps, cannot }: UndoResult, io: Io): void {
  const paint = paintFor(io.stdout, io.env);
  const write = (mark: string, { call, tool, args, seq }: RunEffect, more: string) =>
    io.stdout.write(
      `${mark} ${tool}(${args === undefined ? '…' : printable(brief(args, 60))}) ${paint('dim', `call ${call}, event ${seq}`)}${more}\n`,
    );
  for (const step of steps) write(paint('yellow', step.takenBackBy === 'undo' ? '↶ undo' : '↶ make good'), step, '');
  for (const one of cannot) write(paint('red', '✗ cannot'), one, `: ${printable(one.why ?? '')}`);
  if (steps.length + cannot.length === 0)
    io.stdout.write(`Run ${run} changed nothing after event ${to} that still stands.\n`);
}

function report({ run, to, status, undone, waiting }: UndoResult, io: Io): void {
  if (status === 'suspended') {
    const what = waiting.map(({ for: kind, id }) => (kind === 'doubt' ? `word on ${id}` : `an approval of ${id}`));
    io.stderr.write(
      `The undo waits for ${what.join(', ')}: poact approvals ${run}. Then: poact undo ${run} --to ${to}\n`,
    );
    return;
  }
  io.stderr.write(
    `${count(undone.length, 'call')} taken back; run ${run} stands at event ${to}.\nGo on with: poact resume ${run}, or poact continue ${run} "…"\n`,
  );
}
