/**
 * What agents and runs may be told, and whether it can work.
 *
 * @module
 */
import {
  type ActionFactory,
  actionController,
  type NamedTool,
  type ToolRecord,
  type ToolSchema,
} from '../action/index.ts';
import type { LoadedVariable } from '../environment/index.ts';
import type { Guard } from '../guard/index.ts';
import type { AiSdkModel, Model } from '../model/index.ts';
import { codeAct, type Policy, planExecute, react } from '../policy/index.ts';
import {
  type Clock,
  type DataVariable,
  type EnvVars,
  type Json,
  OptionError,
  type RunEvent,
  type SecretResolver,
  type Secrets,
  secretsOf,
  type Task,
  type Usage,
} from '../record/index.ts';
import type { OnApproval } from './approval.ts';
import { poact } from './poact.ts';
import type { RunLimits, RunStore } from './run.ts';

/** What `createAgent` is built from. */
export interface AgentOptions {
  /** A name (`local`, `openai/gpt-5`), a {@link Model}, or a language model of the AI SDK. */
  model: string | Model | AiSdkModel;
  /** By name: tools of this package or of the AI SDK. @default none */
  tools?: ToolRecord | readonly (NamedTool | ToolRecord)[];
  /** What decides the next step. @default 'poact' */
  policy?: Policy | (typeof POLICIES)[number];
  /** What chooses what a step may use, reviews and executes. @default the preset's, or one of the policy's format */
  action?: ActionFactory;
  /** What judges each tool call. @default byEffect() */
  guard?: Guard;
  limits?: RunLimits;
  /** Where runs are kept. @default memoryStore() */
  store?: RunStore;
  /** Where the values of secrets are found, by name. @default the environment */
  secrets?: SecretResolver | Secrets;
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
  /** Hears each event once it is durable. What it throws changes nothing, and is said once, as a warning of the process. */
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

/** What a run that is left to workers may be told. */
export type StartOptions<Schema extends ToolSchema | undefined = undefined> = Pick<
  NewRunOptions<Schema>,
  'answer' | 'data' | 'input' | 'run' | 'seed' | 'store'
>;

/** How a run that is there is left to workers. */
export interface EnqueueOptions
  extends Pick<TaskOptions<ToolSchema | undefined>, 'answer' | 'data' | 'input'>,
    Pick<ResumeOptions, 'acceptChanges' | 'store'> {
  /** What is asked next. @default nothing: it goes on with what it has */
  task?: string | Task;
}

/** What a worker's stretch of a run may be told. */
export interface AdvanceOptions extends Pick<ResumeOptions, 'acceptChanges' | 'on' | 'store'> {
  /** Once aborted, the run is left before its next step; whoever is next goes on with it. */
  leave?: AbortSignal;
  /**
   * Most times in a row that a run is taken over without a further event, because each process died: then it fails with
   * `run-poisoned`. `Infinity` for no limit. @default 5
   */
  takeovers?: number;
}

/** Policies beside the preset that go by a name. */
const NAMED = { codeAct, react, planExecute } as const satisfies { [name: string]: () => Policy };

/** The names of policies. */
export const POLICIES = ['poact', 'codeAct', 'react', 'planExecute'] as const satisfies readonly (
  | 'poact'
  | keyof typeof NAMED
)[];

/** @throws {OptionError} one cannot work. */
export function requireOptions(options: AgentOptions): void {
  if (typeof options !== 'object' || options === null) throw new OptionError('options', 'expected an object.');
  const { model, policy, guard, action, seed = 1 } = options;
  if (model === undefined || model === null || model === '') {
    throw new OptionError('model', "name a model, such as 'local' or 'openai/gpt-5', or give one.");
  }
  if (typeof policy === 'string' && !(POLICIES as readonly string[]).includes(policy)) {
    const names = POLICIES.map((name) => `'${name}'`).join(', ');
    throw new OptionError('policy', `there is no policy called ${policy}. Give ${names}, or a policy.`);
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
  const { secrets } = options;
  if (secrets !== undefined && typeof secrets !== 'function' && typeof secrets.resolve !== 'function') {
    throw new OptionError('secrets', 'expected a function from the name of a secret to its value.');
  }
  if (!Number.isSafeInteger(seed)) throw new OptionError('seed', `expected a whole number, got ${seed}.`);
}

/** The secrets of an agent. */
export function knownSecrets(
  { secrets = (name) => env[name] }: Pick<AgentOptions, 'secrets'>,
  env: EnvVars = process.env,
): Secrets {
  return typeof secrets === 'function' ? secretsOf(secrets) : secrets;
}

/** Both controls. */
export function controlsOf({ policy = 'poact', action }: AgentOptions): { policy: Policy; action: ActionFactory } {
  if (policy === 'poact') {
    const preset = poact();
    return { policy: preset.policy, action: action ?? preset.action };
  }
  const chosen = typeof policy === 'string' ? NAMED[policy]() : policy;
  return { policy: chosen, action: action ?? actionController({ format: chosen.format ?? 'code' }) };
}
