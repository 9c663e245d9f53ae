/**
 * Agents: a model, tools and the two controls, put together once; and the ways to set one to work.
 *
 * @module
 */
import { randomInt, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type NamedTool, type Solve, type ToolSchema, toTools, type ValueOf } from '../action/index.ts';
import { byEffect } from '../guard/index.ts';
import { costUsd, resolveModel } from '../model/index.ts';
import {
  digestOf,
  type Json,
  LOG_VERSION,
  RunError,
  type RunEvent,
  type RunResult,
  seededRandom,
  sortedIds,
  systemClock,
  type Task,
  viewOf,
} from '../record/index.ts';
import {
  type AdvanceOptions,
  type AgentOptions,
  controlsOf,
  type EnqueueOptions,
  knownSecrets,
  type NewRunOptions,
  type ResumeOptions,
  type RunOptions,
  requireOptions,
  type StartOptions,
  type TaskOptions,
} from './agent-options.ts';
import { requireUnchanged } from './changes.ts';
import { requireFree } from './child-run.ts';
import { waitsWithin } from './children.ts';
import { discretion } from './discretion.ts';
import { type DriveParts, drive, type RunHandlers } from './drive-run.ts';
import { effectsOf, type RunEffects } from './effects.ts';
import { overdue } from './expire.ts';
import { type ForkOptions, forkRun } from './fork.ts';
import { appendResume, hasEnded, nobodyToAsk, seedOf } from './go-on.ts';
import { takeIn, withoutStaleCancels } from './inbox.ts';
import { limitsOf } from './limits.ts';
import { openLog, type RunLog } from './log.ts';
import { memoryStore } from './memory-store.ts';
import { type Replayed, replayRun } from './replay.ts';
import { resultOf } from './results.ts';
import type { RunLimits, RunStore, RunSummary } from './run.ts';
import { type RunStream, streamOf } from './run-stream.ts';
import { agentSolver } from './solve.ts';
import { statusIn } from './summary.ts';
import { endPoisoned } from './takeovers.ts';
import { answerSchema, taskEvent, typed } from './task.ts';
import { type UndoOptions, type UndoResult, undoRun } from './undo.ts';
import { requireUndone } from './undo-plan.ts';
import { waitingIn } from './waits.ts';

/** How the agent of a fork differs. A policy brings its own action controller, unless one is given. */
export type ForkChanges = Partial<Pick<AgentOptions, 'model' | 'policy' | 'action' | 'guard' | 'limits'>>;

/** A fork, and the agent that goes on with it. */
export interface Forked {
  run: string;
  agent: Agent;
  resume(options?: ResumeOptions): Promise<RunResult>;
}

type AnswerOf<Schema> = Schema extends ToolSchema ? ValueOf<Schema> : Json;

/** A configuration that can be set to work, any number of times at once. It knows no run. */
export interface Agent {
  readonly name: string;
  /** Id of the model. */
  readonly model: string;
  readonly store: RunStore;
  readonly tools: readonly NamedTool[];
  /** The agent as one that solves tasks within other runs: `child(task, agent.solve)`. Its limits hold there, too. */
  readonly solve: Solve;
  /**
   * Works on a task until there is an answer or a reason to stop. What goes wrong in the run is in the result.
   *
   * @throws {StoreError} the log cannot be written.
   */
  run<Schema extends ToolSchema | undefined = undefined>(
    task: string | Task,
    options?: NewRunOptions<Schema>,
  ): Promise<RunResult<AnswerOf<Schema>>>;
  /** The same, event by event. */
  stream<Schema extends ToolSchema | undefined = undefined>(
    task: string | Task,
    options?: NewRunOptions<Schema>,
  ): RunStream<AnswerOf<Schema>>;
  /**
   * Begins a run and leaves it to the workers of an agent of this name: it is in the store, and nothing of it is done here.
   *
   * @throws {StoreError} the log cannot be written.
   */
  start<Schema extends ToolSchema | undefined = undefined>(
    task: string | Task,
    options?: StartOptions<Schema>,
  ): Promise<{ run: string }>;
  /**
   * Leaves a run to the workers of an agent of this name, with a `task` as a follow-up turn. One that was stopped, failed or
   * was cancelled goes on; one that is answered has nothing left to do without a task.
   *
   * @throws {RunError} `run-unknown`; `run-busy`: a process is at work on it, or there is a task and it has not ended;
   *   `run-changed`: this agent is not the one it began with.
   */
  enqueue(run: string, options?: EnqueueOptions): Promise<void>;
  /**
   * Goes on with a run that has begun and not ended, until it ends or waits. One that ended is left as it is. This is what
   * workers do.
   *
   * @returns How it stands then (`running` where it was left), and how many events were appended.
   * @throws {RunError} as `resume` does.
   */
  advance(run: string, options?: AdvanceOptions): Promise<{ status: RunSummary['status']; events: number }>;
  /**
   * Goes on with a run that waits, was stopped, failed, or whose process died. One that is answered gives its result.
   *
   * @throws {RunError} `run-unknown`; `run-busy`: another process has it; `run-changed`: this agent is not the one it began with.
   */
  resume(run: string, options?: ResumeOptions): Promise<RunResult>;
  /**
   * A follow-up turn on a run that has ended.
   *
   * @throws {RunError} `run-unknown`, `run-changed`; `run-busy`: it has not ended.
   */
  continue<Schema extends ToolSchema | undefined = undefined>(
    run: string,
    task: string | Task,
    options?: TaskOptions<Schema> & ResumeOptions,
  ): Promise<RunResult<AnswerOf<Schema>>>;
  /**
   * A new run that shares the first `at` events, to be gone on with by this agent or by one that differs in what is given.
   *
   * @throws {RunError} `run-unknown`; `run-not-forkable`: what the run did after that place stands in the world.
   * @throws {OptionError} `edit` does not fit the event at that place.
   */
  fork(run: string, at: number, options?: ForkOptions & ForkChanges & { store?: RunStore }): Promise<Forked>;
  /**
   * Runs the loop once more from the log alone, with no call of a model and none of a tool, and compares.
   *
   * @throws {RunError} `run-unknown`; `run-changed`: this agent is not the one that the run last went on with.
   */
  replay(run: string, options?: { store?: RunStore }): Promise<Replayed>;
  /**
   * Puts the world and the run back to where they were at an event; `resume` or `continue` go on from there. It plans first:
   * where something cannot be taken back nothing is touched, unless `skip` leaves it as it is.
   *
   * @throws {UndoError} `undo-blocked`, `undo-place`, `undo-failed`, `undo-unfinished`.
   * @throws {RunError} `run-unknown`, `run-busy`.
   */
  undo(run: string, options: UndoOptions & { store?: RunStore }): Promise<UndoResult>;
  /** What a run may at most have changed, and what of it can be taken back. */
  effects(run: string, options?: { store?: RunStore }): Promise<RunEffects>;
  /** A run's events from the first on, as they come, until it ends. */
  events(run: string, options?: { fromSeq?: number; signal?: AbortSignal; store?: RunStore }): AsyncIterable<RunEvent>;
}

/**
 * Builds an agent. Nothing is loaded or called before it is set to work.
 *
 * @throws {OptionError} an option cannot work; it names the option and what to do.
 * @throws {ModelError} `model-unknown`: no model has that name.
 * @example
 * ```ts
 * const agent = createAgent({ model: 'local', tools: { price } });
 * const { answer } = await agent.run('What do a lamp and two mugs cost?', { answer: z.number() });
 * ```
 */
export function createAgent(options: AgentOptions): Agent {
  const { guard = byEffect(), store: ownStore = memoryStore(), clock = systemClock, seed: ownSeed = 1 } = options;
  const { price = costUsd, failpoint, module } = options;
  requireOptions(options);
  const { policy, action: factory } = controlsOf(options);
  const { tools, model, discreet, clean, learn } = discretion(
    toTools(options.tools ?? {}),
    resolveModel(options.model),
    knownSecrets(options),
  );
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  const action = factory({ tools, model });
  const limitsWith = (given?: RunLimits) => limitsOf({ ...options.limits, ...given }, byName.keys());
  const limits = limitsWith();
  const name = options.name ?? policy.name;
  const digests = {
    model: model.id,
    policy: policy.version === undefined ? policy.name : `${policy.name} ${policy.version}`,
    tools: Object.fromEntries(tools.map((tool) => [tool.name, tool.digest])),
  };
  const start = { agent: digestOf({ name, ...digests }), ...digests, ...(module !== undefined && { module }) };
  const parts = { policy, action, tools: byName, guard, model, limits, price, discreet };
  const newId = sortedIds({ now: () => clock.now(), random: { below: (below) => randomInt(below) } });
  const holder = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;

  const open = async (run: string, isNew: boolean, { store = ownStore, on }: RunOptions) => {
    await learn();
    // Each hold is a holder of its own: two calls of one agent must not write to one run.
    const held = { store, run, holder: `${holder}/${newId().slice(-8)}`, clock, clean, on };
    return openLog({ ...held, ...(failpoint && { failpoint }) }, isNew);
  };
  const begin = async <Schema extends ToolSchema | undefined>(
    task: string | Task,
    given: NewRunOptions<Schema>,
    schema: ReturnType<typeof answerSchema>,
  ) => {
    const { run = newId(), seed = ownSeed } = given;
    const log = await open(run, true, given);
    try {
      const asked = taskEvent(log, task, given, schema);
      log.append<'run-start'>({ kind: 'run-start', by: 'loop', version: LOG_VERSION, ...start, seed });
      log.append<'task'>(asked);
      return log;
    } catch (error) {
      await log.close();
      throw error;
    }
  };
  const work = (log: RunLog, given: RunOptions & RunHandlers, came: Pick<DriveParts, 'posted' | 'waited'>) =>
    drive({
      ...parts,
      ...came,
      log,
      store: given.store ?? ownStore,
      limits: given.limits === undefined ? limits : limitsWith(given.limits),
      clock,
      random: seededRandom(seedOf(log) + log.view.length),
      failpoint,
      handlers: given satisfies RunHandlers,
    });

  /** Opens a further turn, and gives what was posted for it. */
  const appendFollowUp = async <Schema extends ToolSchema | undefined>(
    log: RunLog,
    task: string | Task,
    given: TaskOptions<Schema> & ResumeOptions,
    schema: ReturnType<typeof answerSchema>,
  ) => {
    const { view } = log;
    requireUndone(view);
    if (!hasEnded(view)) {
      const { run } = view;
      const status = statusIn(view);
      throw new RunError('run-busy', `Run ${run} has not ended (${status}). Resume it first.`, { run, status });
    }
    const { changed } = requireUnchanged(view, digests, given);
    const asked = taskEvent(log, task, given, schema);
    const posted = await (given.store ?? ownStore).drain(view.run, log.fence);
    if (changed.length > 0) appendResume(log, changed);
    log.append<'task'>(asked);
    return withoutStaleCancels(log, posted);
  };
  /** Leaves a run that was stopped, failed or was cancelled to be gone on with. */
  const appendReopened = async (log: RunLog, given: EnqueueOptions) => {
    const { changed } = requireUnchanged(log.view, digests, given);
    if (!hasEnded(log.view)) return;
    const posted = await (given.store ?? ownStore).drain(log.view.run, log.fence);
    appendResume(log, changed);
    await takeIn(log, withoutStaleCancels(log, posted), byName);
  };
  /** Unless it is answered, or waits for what is not there yet. */
  const goOn = async (log: RunLog, given: ResumeOptions & RunHandlers) => {
    const { view } = log;
    requireUndone(view);
    await requireFree(view, given.store ?? ownStore);
    const status = statusIn(view);
    if (status === 'answered') return;
    const { changed } = requireUnchanged(view, digests, given);
    const posted = await (given.store ?? ownStore).drain(view.run, log.fence);
    // Read before: a resumed run waits for nothing.
    const waited = waitingIn(view);
    const ended = hasEnded(view);
    const idle = status === 'suspended' && posted.length === 0 && nobodyToAsk(view, given) && !waitsWithin(view);
    if (idle && overdue(view, waited, limitsWith(given.limits).waitMs, clock.now()).length === 0) return;
    appendResume(log, changed);
    await work(log, given, { posted: ended ? withoutStaleCancels(log, posted) : posted, waited });
  };

  const agent: Agent = {
    name,
    model: model.id,
    store: ownStore,
    tools,
    solve: agentSolver({ ...parts, start, digests, clean, learn }),
    async run(task, given = {}) {
      const schema = answerSchema(given.answer);
      const log = await begin(task, given, schema);
      try {
        await work(log, given, { posted: [] });
        return await typed(resultOf(log.view), schema);
      } finally {
        await log.close();
      }
    },
    async start(task, given = {}) {
      const { store = ownStore } = given;
      const log = await begin(task, given, answerSchema(given.answer));
      await log.close();
      const { run } = log.view;
      await store.enqueue(run, name);
      return { run };
    },
    async enqueue(run, given = {}) {
      const log = await open(run, false, given);
      try {
        requireUndone(log.view);
        await requireFree(log.view, given.store ?? ownStore);
        if (given.task !== undefined) {
          const posted = await appendFollowUp(log, given.task, given, answerSchema(given.answer));
          await takeIn(log, posted, byName);
        } else if (statusIn(log.view) === 'answered') return;
        else await appendReopened(log, given);
      } finally {
        await log.close();
      }
      await (given.store ?? ownStore).enqueue(run, name);
    },
    stream(task, given = {}) {
      return streamOf((on) => agent.run(task, { ...given, on }), given.on);
    },
    async resume(run, given = {}) {
      const log = await open(run, false, given);
      try {
        await goOn(log, given);
        return resultOf(log.view);
      } finally {
        await log.close();
      }
    },
    async advance(run, given = {}) {
      const log = await open(run, false, given);
      try {
        const status = statusIn(log.view);
        const before = log.view.length;
        const isOpen = status === 'running' || status === 'suspended';
        if (isOpen && !(await endPoisoned(log, given.store ?? ownStore, given.takeovers ?? 5))) await goOn(log, given);
        return { status: statusIn(log.view), events: log.view.length - before };
      } finally {
        await log.close();
      }
    },
    async continue(run, task, given = {}) {
      const schema = answerSchema(given.answer);
      const log = await open(run, false, given);
      try {
        await work(log, given, { posted: await appendFollowUp(log, task, given, schema) });
        return await typed(resultOf(log.view), schema);
      } finally {
        await log.close();
      }
    },
    async fork(run, at, { store = ownStore, edit, effects, ...changes } = {}) {
      const given = { newRun: newId(), ...(edit && { edit }), ...(effects && { effects }) };
      const forked = await forkRun(store, run, at, given);
      const { action: _action, ...rest } = options;
      const kept = changes.policy === undefined ? options : rest;
      const isSame = Object.keys(changes).length === 0 && store === ownStore;
      const other = isSame ? agent : createAgent({ ...kept, ...changes, store });
      return { run: forked, agent: other, resume: (given) => other.resume(forked, given) };
    },
    async replay(run, { store = ownStore } = {}) {
      await learn();
      const view = viewOf(run, await store.read(run));
      const { from } = requireUnchanged(view, digests, {}, true);
      return replayRun(store, run, view.events(), { ...parts, seed: seedOf({ view }), from });
    },
    undo: (run, given) =>
      undoRun(
        {
          store: given.store ?? ownStore,
          tools: byName,
          guard,
          clock,
          failpoint,
          open: (id, on) => open(id, false, { ...(given.store && { store: given.store }), ...(on && { on }) }),
        },
        run,
        given,
      ),
    async effects(run, { store = ownStore } = {}) {
      return effectsOf(viewOf(run, await store.read(run)), { tools: byName });
    },
    events: (run, { fromSeq = 0, signal, store = ownStore } = {}) => store.follow(run, fromSeq, signal),
  };
  return agent;
}
