/**
 * Runs within a run: each has a log of its own in the same store, and what it may take is the outer run's.
 *
 * The outer log says that one has begun before it does anything, and that it has ended when it has. So after a crash it is
 * found by its key: its result is read, or it goes on where its own log stands. Nothing of it is kept elsewhere.
 *
 * @module
 */
import type { RunContext, Solve } from '../action/index.ts';
import {
  type Budget,
  CancelledError,
  digestOf,
  isPoactError,
  LOG_VERSION,
  type NewEvent,
  RunError,
  type RunEvent,
  type RunResult,
  type RunView,
  type Task,
  textOf,
  viewOf,
} from '../record/index.ts';
import { adoptOpen, amountsIn, exhausted, type RunBudget, runBudget } from './budget.ts';
import { childStates, openChildren } from './children.ts';
import type { ContextParts, OwnedContext } from './context-parts.ts';
import { type Deadline, deadline } from './deadline.ts';
import { endRun, isOfStore } from './end-run.ts';
import { takeIn } from './inbox.ts';
import { limitsOf } from './limits.ts';
import { resultOf } from './results.ts';
import type { InboxMessage, RunStore } from './run.ts';
import { activeMs, toldOf } from './spent.ts';
import { statusIn } from './summary.ts';
import { taskEvent } from './task.ts';
import { waitingIn } from './waits.ts';

/** What a run within another is driven with, beside the parts of its context. */
export interface ChildParts extends ContextParts {
  /** What was taken from its inbox. */
  posted: readonly InboxMessage[];
  /** What it waited for before it was gone on with. */
  waited: RunEvent<'suspend'>['waiting'];
  around: { budget: RunBudget; aside: Budget; time: Pick<Deadline, 'pause'> };
}

const homes = new WeakMap<RunContext, ChildParts>();

/** What stands behind the context that a solver was given. @throws {RunError} `run-unknown`: it is not of a run within another. */
export function behind(context: RunContext): ChildParts {
  const parts = homes.get(context);
  if (parts !== undefined) return parts;
  throw new RunError(
    'run-unknown',
    '`solve` works in a run within another: hand it to `child(task, solve)`. Alone an agent is set to work by `run`.',
    { run: context.run },
  );
}

/** Where runs are begun: two places never have equal keys. */
export interface Place {
  /** What all keys begin with. @default '' */
  prefix?: string;
  /** What the keys of those without a name begin with, then. */
  unnamed: () => string;
  /** Ends them. */
  over?: AbortSignal;
}

/** The key of each run that is asked for at a place. */
export function childKeys({ prefix = '', unnamed }: Pick<Place, 'prefix' | 'unnamed'>) {
  const asked = new Map<string, number>();
  return (task: Task, name: string | undefined): string => {
    if (name !== undefined) return `${prefix}${name}`;
    const key = `${prefix}${unnamed()}${digestOf({ ...task }).slice(0, 16)}`;
    const nth = (asked.get(key) ?? 0) + 1;
    asked.set(key, nth);
    return nth === 1 ? key : `${key}/${nth}`;
  };
}

/** A task as it may be given. */
export const taskOf = (given: string | Task): Task =>
  typeof given === 'string' ? { parts: [{ text: given }] } : given;

/** Builds a `child` function. `settled` resolves when none that it began is under way. */
export function childRunner(
  parts: ContextParts,
  contextOf: (parts: ContextParts) => OwnedContext,
  place: Place,
): RunContext['child'] & { settled(): Promise<void> } {
  const { over } = place;
  const keyOf = childKeys(place);
  const under = new Set<Promise<unknown>>();
  const child: RunContext['child'] = async (given, solve, budget = {}, name) => {
    const task = taskOf(given);
    const aside = finite(budget);
    const key = keyOf(task, name);
    const signal = over === undefined ? parts.signal : AbortSignal.any([parts.signal, over]);
    const result = solveWithin({ ...parts, signal }, contextOf, parts.signal, { key, task, solve, aside });
    under.add(result);
    const done = () => void under.delete(result);
    result.then(done, done);
    return result;
  };
  return Object.assign(child, { settled: async () => void (await Promise.allSettled(under)) });
}

interface Order {
  key: string;
  task: Task;
  solve: Solve;
  aside: Budget;
}

/** What is to be set aside. @throws {OptionError} an amount cannot be one. */
function finite(budget: Budget): Budget {
  limitsOf(budget, [], 'budget');
  const { ms } = budget;
  const named = amountsIn(budget);
  const calls = Object.fromEntries(
    named.flatMap(([amount, most]) => (amount.startsWith('calls.') ? [[amount.slice(6), most]] : [])),
  );
  const plain = Object.fromEntries(named.filter(([amount]) => !amount.startsWith('calls.'))) as Budget;
  return {
    ...plain,
    ...(ms !== undefined && Number.isFinite(ms) && { ms }),
    ...(Object.keys(calls).length > 0 && { calls }),
  };
}

async function solveWithin(
  parts: ContextParts,
  contextOf: (parts: ContextParts) => OwnedContext,
  outer: AbortSignal,
  order: Order,
): Promise<RunResult> {
  const { log, store } = parts;
  outer.throwIfAborted();
  const { key, task } = order;
  const state = log.view.project(childStates).get(key);
  if (state !== undefined && state.started.task !== undefined && state.started.task !== textOf([...task.parts])) {
    throw new RunError(
      'run-diverged',
      `Run ${state.started.child} has another task than it began with. Give each its own key.`,
      {
        key,
        recorded: state.started.task,
      },
    );
  }
  if (state?.ended !== undefined) {
    const { child } = state.started;
    const view = viewOf(child, await store.read(child));
    requireOurs(view, state.started);
    return resultOf(view);
  }
  // One that the run which this is a fork of began is that run's.
  const isOwn = state?.started.run === log.view.run;
  const started = state !== undefined && isOwn ? state.started : await begin(parts, order);
  const result = await goOn(parts, contextOf, started, order).catch((error: unknown) => {
    // It never came to work: what was set aside for it is free again.
    if (!isOfStore(error)) ended(log, started, key, 'failed');
    throw error;
  });
  if (result.status === 'suspended') return result;
  // It did not end: this run did. Whoever goes on with this one goes on with it.
  if (result.status === 'cancelled' && outer.aborted) throw outer.reason;
  const view = viewOf(started.child, result.log);
  const answer = result.answer === undefined ? {} : { answer: result.answer };
  ended(log, started, key, result.status, { ...answer, ...toldOf(view) });
  await log.commit();
  return result;
}

function ended(
  { append }: Pick<ContextParts['log'], 'append'>,
  { seq, child }: RunEvent<'child'>,
  key: string,
  status: RunResult['status'],
  more: Pick<RunEvent<'child'>, 'answer' | 'usage' | 'lost'> = {},
): void {
  append<'child'>({ kind: 'child', by: 'action', cause: seq, child, key, state: 'ended', status, ...more });
}

/** @throws {RunError} `run-diverged`: somebody else began a run of that id. */
function requireOurs(view: RunView, { child, run, seq }: RunEvent<'child'>): void {
  const parent = view.last('run-start')?.parent;
  if (view.length === 0 || (parent?.run === run && parent.seq === seq)) return;
  throw new RunError(
    'run-diverged',
    `Run ${child} is there already and was not begun by run ${run}. Give runs ids that do not end in a point and a number.`,
    { run, child },
  );
}

/** Sets its budget aside, durably. @throws {BudgetError} less is left. */
async function begin({ log, budget, signal }: ContextParts, { key, task, aside }: Order): Promise<RunEvent<'child'>> {
  for (;;) {
    const short = amountsIn(aside)
      .map(([amount, most]) => ({ amount, most, bound: budget.bound(amount) }))
      .find(({ most, bound }) => bound !== undefined && bound.left < most);
    if (short?.bound === undefined) break;
    if (budget.flight.size > 0) {
      await budget.flight.next(signal);
      continue;
    }
    const { amount, bound, most } = short;
    const { used, of } = bound;
    log.append<'budget'>({ kind: 'budget', by: 'loop', limit: amount, used, of, state: 'exhausted' });
    throw exhausted(amount, bound, budget.run, `a run with ${most}`);
  }
  const started = log.append<'child'>({
    kind: 'child',
    by: 'action',
    child: `${log.view.run}.${log.view.length}`,
    key,
    state: 'started',
    task: textOf([...task.parts]),
    ...(Object.keys(aside).length > 0 && { budget: aside }),
  });
  await log.commit();
  return started;
}

async function goOn(
  parts: ContextParts,
  contextOf: (parts: ContextParts) => OwnedContext,
  started: RunEvent<'child'>,
  { task, solve }: Order,
): Promise<RunResult> {
  const { store, clock } = parts;
  const { child: run, budget: aside = {} } = started;
  const log = await parts.log.within(run);
  const { view } = log;
  const because = () => new CancelledError('The run around it was stopped.');
  const time = deadline({
    ms: aside.ms,
    spentMs: activeMs(view),
    clock,
    around: parts.signal,
    because,
    outer: parts.time,
    waited: log.waited,
  });
  try {
    requireOurs(view, started);
    const status = statusIn(view);
    const waited = waitingIn(view);
    if (view.length > 0 && status !== 'running' && status !== 'suspended' && status !== 'cancelled')
      return resultOf(view);
    if (view.last('task') === undefined) start(log.append, parts, started, solve, taskEvent(log, task, {}, undefined));
    else log.append<'resume'>({ kind: 'resume', by: 'loop' });
    const limits = { ...limitsOf(aside), ownSteps: Number.POSITIVE_INFINITY };
    const around = { budget: parts.budget, aside, time };
    const budget = runBudget({ view, step: () => log.step, limits, around });
    await adoptOpen(budget, view, store);
    parts.budget.adopt(budget);
    const posted = await store.drain(run, log.fence);
    const within: ChildParts = { ...parts, log, budget, around, posted, waited, signal: time.signal, time };
    const own = contextOf(within);
    const { context, settled } = tracked(own);
    homes.set(context, within);
    try {
      const cancelled = solve.start === undefined ? (await takeIn(log, posted, parts.tools)).cancelled : undefined;
      await log.commit();
      if (cancelled === undefined) written(log.append, view, await solve(task, context).finally(settled));
      else endRun(log, { status: 'cancelled', why: cancelled }, limits);
    } catch (error) {
      if (isOfStore(error)) throw error;
      const { aborted, reason } = time.signal;
      endRun(log, { error: aborted ? reason : error, cancelled: aborted }, limits);
      await log.commit();
    } finally {
      own.close();
    }
    return resultOf(view);
  } finally {
    time.over();
    await log.close();
  }
}

/** What a solver leaves under way when it ends is waited for: its run ends after everything in it. */
function tracked(own: RunContext): { context: RunContext; settled(): Promise<void> } {
  const under = new Set<Promise<unknown>>();
  const track = <Result>(work: Promise<Result>): Promise<Result> => {
    under.add(work);
    const done = () => void under.delete(work);
    work.then(done, done);
    return work;
  };
  const context: RunContext = {
    ...own,
    generate: (request, model) => track(own.generate(request, model)),
    call: (call, options) => track(own.call(call, options)),
    child: (task, solve, budget, key) => track(own.child(task, solve, budget, key)),
  };
  const settled = async () => {
    while (under.size > 0) await Promise.allSettled(under);
  };
  return { context, settled };
}

type Append = ContextParts['log']['append'];

function start(
  append: Append,
  parts: ContextParts,
  started: RunEvent<'child'>,
  solve: Solve,
  task: NewEvent<'task'>,
): void {
  const { view } = parts.log;
  const around = view.last('run-start');
  const agent = solve.name === '' ? 'solve' : solve.name;
  append<'run-start'>({
    kind: 'run-start',
    by: 'loop',
    version: LOG_VERSION,
    agent: digestOf({ solve: agent }),
    model: parts.model.id,
    policy: agent,
    tools: around?.tools ?? {},
    ...solve.start,
    seed: parts.random.below(2 ** 31),
    parent: { run: view.run, seq: started.seq },
  });
  append<'task'>(task);
}

/** How a plain function's run came out, unless it is in the log. */
function written(append: Append, view: RunView, { status, why, answer, warnings }: RunResult): void {
  if (statusIn(view) !== 'running') return;
  if (status === 'suspended') return void append<'suspend'>({ kind: 'suspend', by: 'loop', waiting: [] });
  append<'run-end'>({
    kind: 'run-end',
    by: 'loop',
    status,
    why,
    ...(answer === undefined ? {} : { answer }),
    ...(warnings.length > 0 && { warnings }),
  });
}

/** @throws {RunError} `run-busy`: the run works for another one, which has not heard its end. */
export async function requireFree(view: RunView, store: Pick<RunStore, 'read'>): Promise<void> {
  const parent = view.last('run-start')?.parent;
  if (parent === undefined) return;
  const events = await store.read(parent.run).catch((error: unknown) => {
    if (isPoactError(error) && error.code === 'run-unknown') return [];
    throw error;
  });
  if (!viewOf(parent.run, events).project(openChildren).has(view.run)) return;
  throw new RunError(
    'run-busy',
    `Run ${view.run} works for run ${parent.run}. Go on with that one: poact resume ${parent.run}`,
    {
      run: view.run,
      parent: parent.run,
    },
  );
}
