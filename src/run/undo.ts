/**
 * Undo: the world and the run as they were at an earlier event.
 *
 * It plans first, and refuses before anything is touched where something cannot be taken back. Then it takes back call by
 * call, latest first, under the guard and in the log: intent and result of each are durable. An undo that breaks off is
 * finished by asking for it again; what was taken back is not taken back twice.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type NamedTool, type ToolRecord, toolWithSecrets, toTools } from '../action/index.ts';
import { byEffect, type Guard } from '../guard/index.ts';
import {
  CancelledError,
  type Clock,
  isPoactError,
  OptionError,
  type RunEvent,
  type RunView,
  type SecretResolver,
  type Secrets,
  standing,
  systemClock,
  UndoError,
  viewOf,
} from '../record/index.ts';
import { knownSecrets } from './agent-options.ts';
import type { OnApproval } from './approval.ts';
import { callStates } from './calls.ts';
import { deadline } from './deadline.ts';
import { effectsOf, isStanding, type RunEffect } from './effects.ts';
import { takeIn } from './inbox.ts';
import { openLog, type RunLog } from './log.ts';
import { failureOf } from './results.ts';
import type { RunStore } from './run.ts';
import { guarded, takeBackCall, type UndoneCall } from './undo-calls.ts';
import {
  type BegunUndo,
  begunUndo,
  childEffect,
  type OwnPlan,
  planUndo,
  requireUndone,
  UNDO_NOTE,
  type UndoPlan,
} from './undo-plan.ts';

/** What an undo is told. */
export interface UndoOptions {
  /** The last event that is to stand; everything after it is taken back. */
  to: number;
  /** Only says what it would do, also while another process has the run. @default false */
  dryRun?: boolean;
  /** Leaves what cannot be taken back as it is: `true` for anything, or the calls by id. @default false */
  skip?: boolean | readonly string[];
  /** Takes back also what tools did that are not what they were when the run began. @default false */
  acceptChanges?: boolean;
  signal?: AbortSignal;
  /** Hears each event once it is durable. */
  on?: (event: RunEvent) => void;
  /** Asks a person, where the guard wants it. Without it, or when it gives nothing, the undo waits. */
  onApproval?: OnApproval;
}

/** What an undo came to. */
export interface UndoResult extends UndoPlan {
  /** `suspended`: it waits for an approval, or for word on an undo in doubt; post it, and ask for the undo again. */
  status: 'planned' | 'undone' | 'suspended';
  /** Calls that were taken back, latest first. */
  undone: string[];
  waiting: RunEvent<'suspend'>['waiting'];
}

export interface UndoParts {
  store: RunStore;
  tools: ReadonlyMap<string, NamedTool>;
  guard: Guard;
  clock: Clock;
  failpoint?: ((name: string) => void) | undefined;
  open(run: string, on: UndoOptions['on']): Promise<RunLog>;
}

/** What {@link undo} is told where there is no agent. */
export interface UndoInStoreOptions extends UndoOptions {
  /** The tools that the run had. */
  tools: ToolRecord | readonly (NamedTool | ToolRecord)[];
  /** @default byEffect() */
  guard?: Guard;
  clock?: Clock;
  /** Where the values of secrets are found, by name. @default the environment */
  secrets?: SecretResolver | Secrets;
}

/**
 * Undoes a run of a store to an event, without the agent that made it. `agent.undo(run, { to })` does the same.
 *
 * @throws {UndoError} `undo-blocked`: something cannot be taken back, and nothing was touched; `undo-place`;
 *   `undo-failed`: a step failed, those before it are done; `undo-unfinished`: an undo to another event has begun.
 * @throws {RunError} `run-unknown`, `run-busy`.
 * @example
 * ```ts
 * const { run } = await createAgent({ model: 'local', tools, store }).run('Book the blue room.');
 * const { cannot } = await undo(store, run, { to: 1, tools, dryRun: true });
 * if (cannot.length === 0) await undo(store, run, { to: 1, tools });
 * ```
 */
export async function undo(store: RunStore, run: string, options: UndoInStoreOptions): Promise<UndoResult> {
  const { tools: given, guard = byEffect(), clock = systemClock } = options;
  const secrets = knownSecrets(options);
  const tools = toTools(given).map((tool) => toolWithSecrets(tool, secrets));
  const names = tools.flatMap((tool) => Object.values(tool.secrets ?? {}));
  const open: UndoParts['open'] = async (id, on) => {
    await Promise.allSettled(names.map(({ secret }) => secrets.find(secret)));
    const holder = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
    return openLog({ store, run: id, holder, clock, clean: secrets.redact, on }, false);
  };
  return undoRun({ store, tools: new Map(tools.map((tool) => [tool.name, tool])), guard, clock, open }, run, options);
}

/** See {@link undo}. */
export async function undoRun(parts: UndoParts, run: string, options: UndoOptions): Promise<UndoResult> {
  requireOptions(options);
  if (options.dryRun === true) {
    const view = viewOf(run, await parts.store.read(run));
    const plan = await planned(parts, view, options);
    return { ...resultOf(plan), status: 'planned' };
  }
  const log = await parts.open(run, options.on);
  try {
    await takeIn(log, await parts.store.drain(run, log.fence), parts.tools);
    const plan = await planned(parts, log.view, options);
    const { undo: begun } = log.view.project(begunUndo);
    if (begun === undefined) {
      requireNothingInTheWay(plan, options);
      if (plan.nothing) return { ...resultOf(plan), status: 'undone' };
    }
    return await act(parts, log, plan, begun ?? begin(log, plan), options);
  } finally {
    await log.close();
  }
}

const resultOf = ({ run, to, steps, cannot }: UndoPlan) => ({ run, to, steps, cannot, undone: [], waiting: [] });

function requireOptions({ to, skip = false }: UndoOptions): void {
  if (!Number.isInteger(to)) throw new OptionError('to', `expected the \`seq\` of an event, got ${to}.`);
  const isList = Array.isArray(skip) && skip.every((call) => typeof call === 'string');
  if (typeof skip !== 'boolean' && !isList) throw new OptionError('skip', 'expected true, or a list of calls by id.');
}

/** The plan; of an undo that has begun, what is left of it. What the guard denies cannot be undone. */
async function planned(parts: UndoParts, view: RunView, options: UndoOptions): Promise<OwnPlan> {
  const { tools, guard, store } = parts;
  const { acceptChanges = false } = options;
  const { undo: begun } = view.project(begunUndo);
  if (begun !== undefined && begun.to !== options.to) {
    const asked = planUndo(view, options.to, { tools, acceptChanges }).to;
    if (asked !== begun.to) requireUndone(view);
  }
  const plan = planUndo(view, begun?.to ?? options.to, { tools, acceptChanges });
  const steps: RunEffect[] = [];
  const denied: RunEffect[] = [];
  for (const step of plan.steps) {
    const { verdict, reason } = await guarded(guard, `u.${step.call}`, step, view, tools);
    if (verdict !== 'deny') steps.push(step);
    else {
      const { takenBackBy: _takenBackBy, ...rest } = step;
      denied.push({ ...rest, why: `The guard denies it: ${reason}` });
    }
  }
  const children: RunEffect[] = [];
  for (const child of plan.children) {
    const { effects } = effectsOf(viewOf(child.child, await store.read(child.child)));
    if (effects.some(({ state }) => isStanding(state))) children.push(childEffect(child, plan.to));
  }
  const cannot = [...denied, ...children, ...plan.cannot].sort((one, other) => other.seq - one.seq);
  return { ...plan, steps, cannot };
}

const skips = (skip: UndoOptions['skip'], call: string): boolean =>
  typeof skip === 'boolean' ? skip : (skip?.includes(call) ?? false);

function requireNothingInTheWay({ run, to, cannot }: UndoPlan, { skip }: UndoOptions): void {
  const inTheWay = cannot.filter(({ call }) => !skips(skip, call));
  if (inTheWay.length === 0) return;
  const shown = inTheWay.slice(0, 5).map(({ tool, call, why }) => `${tool} (call ${call}): ${why}`);
  const more = inTheWay.length > shown.length ? ` And ${inTheWay.length - shown.length} more.` : '';
  throw new UndoError(
    'undo-blocked',
    `Run ${run} cannot be undone to event ${to}, and nothing was touched. ${shown.join(' ')}${more} Leave them as they are with \`skip\`.`,
    {
      run,
      to,
      cannot: inTheWay.map(({ call, tool, effect, state, why = '' }) => ({ call, tool, effect, state, why })),
    },
  );
}

/** From here on the undo is to be finished. */
function begin(log: RunLog, { to, steps, cannot }: UndoPlan): BegunUndo {
  log.append<'resume'>({ kind: 'resume', by: 'user', process: `${hostname()}/${process.pid}` });
  const calls = steps.map(({ call }) => call);
  const value = { to, calls, cannot: cannot.map(({ call }) => call) };
  const { seq } = log.append<'note'>({ kind: 'note', by: 'user', name: UNDO_NOTE, value });
  return { seq, ...value };
}

async function act(
  parts: UndoParts,
  log: RunLog,
  plan: UndoPlan,
  begun: BegunUndo,
  { skip, signal = new AbortController().signal, onApproval }: UndoOptions,
): Promise<UndoResult> {
  const { failpoint = () => {}, clock } = parts;
  const time = deadline({ spentMs: 0, clock, waited: log.waited });
  const result = { run: plan.run, to: begun.to, steps: plan.steps, cannot: plan.cannot };
  const undone: string[] = [];
  const cannot = [...begun.cannot];
  if (begun.seq < log.view.length - 1) {
    log.append<'resume'>({ kind: 'resume', by: 'user', process: `${hostname()}/${process.pid}` });
  }
  await log.commit();
  failpoint('undo.begun');
  for (const [at, call] of begun.calls.entries()) {
    if (Array.isArray(skip) && skip.includes(call) && !isTakenBack(log.view, call)) {
      cannot.push(call);
      continue;
    }
    let outcome: UndoneCall;
    try {
      if (signal.aborted) throw new CancelledError('The undo was cancelled; ask for it again to finish it.');
      outcome = await takeBackCall(
        { ...parts, log, signal, time, failpoint, onApproval },
        `u${begun.seq}.${at + 1}`,
        call,
      );
    } catch (error) {
      throw await broken(log, error);
    }
    if (outcome.state === 'waiting') {
      const waiting = [{ for: outcome.for, id: outcome.id }];
      log.append<'suspend'>({ kind: 'suspend', by: 'loop', waiting });
      await log.commit();
      return { ...result, status: 'suspended', undone, waiting };
    }
    if (outcome.state === 'done') undone.push(call);
    else if (skip === true) cannot.push(call);
    else {
      const { code, message } = outcome.error;
      const left = begun.calls.slice(at + 1);
      const facts = { run: plan.run, to: begun.to, call, code, undone: [...undone], left };
      const why = `Taking back call ${call} failed: ${message} ${undone.length} of ${begun.calls.length} are taken back.`;
      throw await broken(log, new UndoError('undo-failed', why, facts));
    }
  }
  const { seq } = log.append<'undo'>({ kind: 'undo', by: 'user', to: begun.to, undone, cannot });
  appendStatus(log, begun.to, seq);
  await log.commit();
  return { ...result, status: 'undone', undone, waiting: [] };
}

const isTakenBack = (view: RunView, call: string) =>
  [...view.project(callStates).values()].some(({ intent, result }) => intent?.undoes === call && result?.ok === true);

/** The run ended for now, and the undo is still to be finished; a log that cannot be written says nothing. */
async function broken(log: RunLog, error: unknown): Promise<unknown> {
  if (!isPoactError(error) || (error.code !== 'undo-failed' && error.code !== 'cancelled')) return error;
  const { code, message, facts } = failureOf(error);
  const failed = error.code === 'undo-failed';
  log.append<'run-end'>({
    kind: 'run-end',
    by: 'loop',
    status: failed ? 'failed' : 'cancelled',
    why: message,
    ...(failed && { error: { code, message, ...(facts && { facts }) } }),
  });
  await log.commit();
  return error;
}

/** The run stands as it did: ended as it had ended there, or stopped in the middle. */
function appendStatus(log: RunLog, to: number, cause: number): void {
  for (const event of standing(log.view.events().slice(0, cause), to).reverse()) {
    if (event.kind === 'task' || event.kind === 'decision') break;
    if (event.kind !== 'run-end') continue;
    const { status, why, answer, warnings, error } = event;
    log.append<'run-end'>({
      kind: 'run-end',
      by: 'loop',
      cause,
      status,
      why,
      ...(answer !== undefined && { answer }),
      ...(warnings && { warnings }),
      ...(error && { error }),
    });
    return;
  }
  const why = `It was undone to event ${to}. Resumed, it decides anew from there.`;
  log.append<'run-end'>({ kind: 'run-end', by: 'loop', cause, status: 'stopped', why });
}
