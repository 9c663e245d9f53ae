/**
 * Agents: a model, tools and the two controls, put together once; and the ways to set one to work.
 *
 * @module
 */
import { randomInt, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  type ActionFactory,
  actionController,
  type NamedTool,
  type ReadSchema,
  readSchema,
  type ToolRecord,
  type ToolSchema,
  toTools,
  type ValueOf,
} from '../action/index.ts';
import { dataVariable, type LoadedVariable } from '../environment/index.ts';
import { byEffect, type Guard } from '../guard/index.ts';
import { type AiSdkModel, costUsd, type Model, resolveModel } from '../model/index.ts';
import { codeAct, type Policy, react } from '../policy/index.ts';
import {
  type Clock,
  type DataVariable,
  digestOf,
  type Json,
  LOG_VERSION,
  OptionError,
  type Part,
  RunError,
  type RunEvent,
  seededRandom,
  sortedIds,
  systemClock,
  type Usage,
} from '../record/index.ts';
import type { OnApproval } from './call-tool.ts';
import { drive, type RunHandlers } from './drive-run.ts';
import { openLog, type RunLog } from './log.ts';
import { memoryStore } from './memory-store.ts';
import { poact } from './poact.ts';
import { resultOf } from './results.ts';
import type { InboxMessage, RunLimits, RunResult, RunStore, Task } from './run.ts';
import { limitsOf } from './stops.ts';
import { statusAfter } from './summary.ts';

/** What {@link createAgent} is built from. */
export interface AgentOptions {
  /** A name (`local`, `openai/gpt-5`), a {@link Model}, or a language model of the AI SDK. */
  model: string | Model | AiSdkModel;
  /** By name: tools of this package or of the AI SDK. @default none */
  tools?: ToolRecord | readonly (NamedTool | ToolRecord)[];
  /** What decides the next step. @default 'poact' */
  policy?: Policy | 'poact' | 'codeAct' | 'react';
  /** What chooses what a step may use, reviews and executes. @default the preset's, or one of the policy's format */
  action?: ActionFactory;
  /** What judges each tool call. @default byEffect() */
  guard?: Guard;
  limits?: RunLimits;
  /** Where runs are kept. @default memoryStore() */
  store?: RunStore;
  /** For listings. @default the policy's name */
  name?: string;
  /** The module that makes this agent: written into each run, so that another process can make it again. */
  module?: string;
  /** @default 1 */
  seed?: number;
  clock?: Clock;
  /** What a model call costs, in dollars; `undefined` where it is not known. @default the prices this package knows */
  price?: (model: string, usage: Usage) => number | undefined;
  /** For tests: called at places where a process may die. */
  failpoint?: (name: string) => void;
}

/** What a stretch of a run may be told. */
export interface RunOptions {
  signal?: AbortSignal;
  /** Instead of the agent's. */
  limits?: RunLimits;
  /** Instead of the agent's. */
  store?: RunStore;
  /** Hears each event once it is durable. */
  on?: (event: RunEvent) => void;
  /** Hears the model's replies as they are written. */
  onDelta?: (text: string) => void;
  /** Asks a person about a call. Without it, or when it gives nothing, the run suspends. */
  onApproval?: OnApproval;
  /** Asks a person a question. Without it, or when it gives nothing, the run suspends. */
  onQuestion?: (question: RunEvent<'question'>) => Promise<string | undefined>;
}

/** What a new task may be told. */
export interface TaskOptions<Schema extends ToolSchema | undefined = undefined> extends RunOptions {
  /** Schema of the answer: zod 4, any Standard Schema, JSON Schema. The answer is parsed and typed. */
  answer?: Schema;
  /** Values that stand in the session as typed variables: by name, or as `readData` gives them. */
  data?: readonly (LoadedVariable | DataVariable)[] | { readonly [name: string]: Json };
  /** JSON that belongs to the task. */
  input?: Json;
}

export interface NewRunOptions<Schema extends ToolSchema | undefined = undefined> extends TaskOptions<Schema> {
  /** The new run's id. @default one that sorts by time */
  run?: string;
  /** Instead of the agent's. */
  seed?: number;
}

export interface ResumeOptions extends RunOptions {
  /** Goes on although the agent's tools, policy or model are not those the run began with. @default false */
  acceptChanges?: boolean;
}

type AnswerOf<Schema> = Schema extends ToolSchema ? ValueOf<Schema> : Json;

/** The events of a run as they become durable, and its result. Leaving the iteration does not end the run. */
export interface RunStream<Answer> extends AsyncIterable<RunEvent> {
  readonly result: Promise<RunResult<Answer>>;
}

/** A configuration that can be set to work, any number of times at once. It knows no run. */
export interface Agent {
  readonly name: string;
  readonly store: RunStore;
  readonly tools: readonly NamedTool[];
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
  /** A new run that shares the first `at` events; `resume` goes on with it. Gives its id. */
  fork(run: string, at: number, options?: { store?: RunStore }): Promise<string>;
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
  const model = resolveModel(options.model);
  const { policy, action: factory } = controlsOf(options);
  const tools = toTools(options.tools ?? {});
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  const action = factory({ tools, model });
  const limits = limitsOf(options.limits);
  const name = options.name ?? policy.name;
  const digests = {
    model: model.id,
    policy: policy.version === undefined ? policy.name : `${policy.name} ${policy.version}`,
    tools: Object.fromEntries(tools.map((tool) => [tool.name, tool.digest])),
  };
  const newId = sortedIds({ now: () => clock.now(), random: { below: (below) => randomInt(below) } });
  const holder = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;

  const open = (run: string, isNew: boolean, { store = ownStore, on }: RunOptions) =>
    // Each hold is a holder of its own: two calls of one agent must not write to one run.
    openLog(
      { store, run, holder: `${holder}/${newId().slice(-8)}`, clock, ...(failpoint && { failpoint }), on },
      isNew,
    );
  const work = (log: RunLog, given: RunOptions, seed: number, posted: readonly InboxMessage[] = []) =>
    drive({
      log,
      posted,
      store: given.store ?? ownStore,
      policy,
      action,
      tools: byName,
      guard,
      model,
      limits: given.limits === undefined ? limits : limitsOf({ ...options.limits, ...given.limits }),
      clock,
      random: seededRandom(seed + log.view.length),
      price,
      failpoint,
      handlers: given satisfies RunHandlers,
    });

  const agent: Agent = {
    name,
    store: ownStore,
    tools,
    async run(task, given = {}) {
      const { run = newId(), seed = ownSeed } = given;
      const schema = answerSchema(given.answer);
      const log = await open(run, true, given);
      try {
        log.append<'run-start'>({
          kind: 'run-start',
          by: 'loop',
          version: LOG_VERSION,
          agent: digestOf({ name, ...digests }),
          ...digests,
          seed,
          ...(module === undefined ? {} : { module }),
        });
        appendTask(log, task, given, schema);
        await work(log, given, seed);
        return await typed(resultOf(log.view), schema);
      } finally {
        await log.close();
      }
    },
    stream(task, given = {}) {
      return streamOf((on) => agent.run(task, { ...given, on }), given.on);
    },
    async resume(run, given = {}) {
      const log = await open(run, false, given);
      try {
        const status = statusOf(log);
        if (status === 'answered') return resultOf(log.view);
        const changed = requireUnchanged(log, given);
        const posted = await (given.store ?? ownStore).drain(run, log.fence);
        if (status === 'suspended' && posted.length === 0 && nobodyToAsk(log, given)) return resultOf(log.view);
        appendResume(log, changed);
        await work(log, given, seedOf(log), posted);
        return resultOf(log.view);
      } finally {
        await log.close();
      }
    },
    async continue(run, task, given = {}) {
      const schema = answerSchema(given.answer);
      const log = await open(run, false, given);
      try {
        const status = statusOf(log);
        if (status === 'running' || status === 'suspended') {
          throw new RunError('run-busy', `Run ${run} has not ended (${status}). Resume it first.`, { run, status });
        }
        const changed = requireUnchanged(log, given);
        if (changed.length > 0) appendResume(log, changed);
        appendTask(log, task, given, schema);
        await work(log, given, seedOf(log));
        return await typed(resultOf(log.view), schema);
      } finally {
        await log.close();
      }
    },
    async fork(run, at, { store = ownStore } = {}) {
      const forked = newId();
      await store.fork(run, at, forked);
      return forked;
    },
    events: (run, { fromSeq = 0, signal, store = ownStore } = {}) => store.follow(run, fromSeq, signal),
  };
  return agent;

  /** Nobody who could be asked, and nothing that was put off. */
  function nobodyToAsk(log: RunLog, { onApproval, onQuestion }: RunOptions): boolean {
    const waiting = log.view.last('suspend')?.waiting ?? [];
    return !waiting.some(({ for: what }) =>
      what === 'approval' ? onApproval !== undefined : what === 'reply' ? onQuestion !== undefined : what === 'later',
    );
  }

  function requireUnchanged({ view }: RunLog, { acceptChanges = false }: ResumeOptions): string[] {
    const start = view.last('run-start');
    if (start === undefined) return [];
    const changed: string[] = [];
    if (start.model !== digests.model) changed.push(`model (${start.model} then, ${digests.model} now)`);
    if (start.policy !== digests.policy) changed.push(`policy (${start.policy} then, ${digests.policy} now)`);
    for (const tool of new Set([...Object.keys(start.tools), ...Object.keys(digests.tools)])) {
      const [then, now] = [start.tools[tool], digests.tools[tool]];
      if (then === now) continue;
      changed.push(`tool ${tool} (${then === undefined ? 'new' : now === undefined ? 'gone' : 'changed'})`);
    }
    if (changed.length === 0 || acceptChanges) return changed;
    throw new RunError(
      'run-changed',
      `Run ${view.run} began with another agent: ${changed.join(', ')}. Resume it with the same, or accept the changes (\`acceptChanges\`).`,
      { run: view.run, changed },
    );
  }
}

function requireOptions(options: AgentOptions): void {
  if (typeof options !== 'object' || options === null) throw new OptionError('options', 'expected an object.');
  const { model, policy, guard, action, seed = 1 } = options;
  if (model === undefined || model === null || model === '') {
    throw new OptionError('model', "name a model, such as 'local' or 'openai/gpt-5', or give one.");
  }
  if (typeof policy === 'string' && !['poact', 'codeAct', 'react'].includes(policy)) {
    throw new OptionError(
      'policy',
      `there is no policy called ${policy}. Give 'poact', 'codeAct', 'react', or a policy.`,
    );
  }
  if (typeof policy === 'object' && typeof policy.decide !== 'function') {
    throw new OptionError('policy', 'expected a policy: an object with `name` and `decide(view, context)`.');
  }
  if (guard !== undefined && typeof guard.judge !== 'function') {
    throw new OptionError('guard', 'expected a guard: an object with `judge(call, context)`.');
  }
  if (action !== undefined && typeof action !== 'function') {
    throw new OptionError('action', 'expected what actionController() or poact() gives.');
  }
  if (!Number.isSafeInteger(seed)) throw new OptionError('seed', `expected a whole number, got ${seed}.`);
}

function controlsOf({ policy = 'poact', action }: AgentOptions): { policy: Policy; action: ActionFactory } {
  if (policy === 'poact') {
    const preset = poact();
    return { policy: preset.policy, action: action ?? preset.action };
  }
  const chosen = policy === 'codeAct' ? codeAct() : policy === 'react' ? react() : policy;
  return { policy: chosen, action: action ?? actionController({ format: chosen.format ?? 'code' }) };
}

function answerSchema(schema: ToolSchema | undefined): ReadSchema | undefined {
  if (schema === undefined) return undefined;
  try {
    return readSchema(schema, 'input');
  } catch (error) {
    throw new OptionError('answer', (error as Error).message);
  }
}

function appendTask(
  log: RunLog,
  task: string | Task,
  { data = [], input }: Pick<TaskOptions, 'data' | 'input'>,
  schema: ReadSchema | undefined,
): void {
  const { parts, ...given } = typeof task === 'string' ? { parts: [{ text: task }] } : task;
  const answer = schema?.json ?? given.answer;
  const belongs = input ?? given.input;
  const variables = variablesOf(data).map((variable) => withBlob(variable, log));
  log.append<'task'>({
    kind: 'task',
    by: 'user',
    parts: parts as Part[],
    ...(belongs === undefined ? {} : { input: belongs }),
    ...(answer === undefined ? {} : { answer }),
    ...(variables.length > 0 && { data: variables }),
  });
}

function variablesOf(data: NonNullable<TaskOptions['data']>): readonly (LoadedVariable | DataVariable)[] {
  if (Array.isArray(data)) return data as readonly LoadedVariable[];
  return Object.entries(data as { [name: string]: Json }).map(([name, value]) =>
    dataVariable({ name, value, source: name }),
  );
}

function withBlob(variable: LoadedVariable | DataVariable, log: RunLog): DataVariable {
  if (!('json' in variable)) return variable;
  const { json, ...facts } = variable;
  return { ...facts, blob: log.blobs.add(JSON.stringify(json())) };
}

function appendResume(log: RunLog, changed: string[]): void {
  const holder = `${hostname()}/${process.pid}`;
  log.append<'resume'>({ kind: 'resume', by: 'loop', process: holder, ...(changed.length > 0 && { changed }) });
}

function statusOf({ view }: RunLog) {
  for (let seq = view.length - 1; seq >= 0; seq--) {
    const status = statusAfter(view.at(seq) as RunEvent);
    if (status !== undefined) return status;
  }
  return 'running';
}

const seedOf = ({ view }: RunLog) => view.last('run-start')?.seed ?? 1;

/** An answer that the schema refuses is not given out; `why` says what is wrong with it. */
async function typed<Answer>(result: RunResult, schema: ReadSchema | undefined): Promise<RunResult<Answer>> {
  if (schema === undefined || result.answer === undefined) return result as RunResult<Answer>;
  const { answer, ...rest } = result;
  const checked = await schema.check(answer);
  if (!('issues' in checked)) return { ...rest, answer: checked.value as Answer };
  const [issue] = checked.issues;
  const at = issue === undefined || issue.path.length === 0 ? '' : ` at \`${issue.path.join('.')}\``;
  const why = `The answer has not the form that was asked for${at}: ${issue?.problem ?? 'refused'}. It was ${JSON.stringify(answer).slice(0, 200)}.`;
  return { ...rest, why, warnings: [...rest.warnings, why] };
}

function streamOf<Answer>(
  start: (on: (event: RunEvent) => void) => Promise<RunResult<Answer>>,
  heard: ((event: RunEvent) => void) | undefined,
): RunStream<Answer> {
  const queue: RunEvent[] = [];
  let wake = () => {};
  let over = false;
  const result = start((event) => {
    queue.push(event);
    heard?.(event);
    wake();
  });
  const end = () => {
    over = true;
    wake();
  };
  result.then(end, end);
  return {
    result,
    async *[Symbol.asyncIterator]() {
      for (let next = 0; ; ) {
        while (next < queue.length) yield queue[next++] as RunEvent;
        if (over) {
          if (next < queue.length) continue;
          await result;
          return;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
