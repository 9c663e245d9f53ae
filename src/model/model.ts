/**
 * What a language model is to everyone else.
 *
 * @module
 */
import type { Json, JsonSchema, Message, Secrets, Usage } from '../record/index.ts';

/** What a model can do. Shared code asks this, and never branches on a model's name. */
export interface ModelAbilities {
  /** Prompt and reply together, in tokens. */
  contextTokens: number;
  /** Takes tools as data and calls them as data. */
  tools: boolean;
  /** Constrains replies to a JSON Schema. */
  schema: boolean;
  /** Constrains replies to a GBNF grammar. */
  grammar: boolean;
  /** Continues an assistant message that is partly written (`prefill`). */
  prefill: boolean;
  /** Honours `seed`. */
  seed: boolean;
  /** Evaluates only what is new when a prompt extends the last one; several replies to one prompt are cheap. */
  prefix: boolean;
}

/** A tool as a model is told of it. */
export interface ModelTool {
  name: string;
  description: string;
  input: JsonSchema;
}

/** What the reply must be. */
export type Constraint = { schema: JsonSchema } | { grammar: string } | { choices: readonly string[] };

/** What a model is asked. */
export interface ModelRequest {
  messages: readonly Message[];
  /** The reply ends before the first of these. The mark itself is not part of the reply. */
  stop?: readonly string[];
  /** @default 0 */
  temperature?: number;
  seed?: number;
  /** Longest reply, in tokens. @default the model's */
  maxTokens?: number;
  tools?: readonly ModelTool[];
  constraint?: Constraint;
  /** The beginning of the reply, which the model continues. Not part of the reply's text. Needs `can.prefill`. */
  prefill?: string;
  /** Asks for token ids or log-probabilities in the reply. */
  want?: { tokens?: boolean; logprobs?: boolean };
  /** Where a model that refers to secrets looks them up; a run gives its own. @default the environment */
  secrets?: Secrets;
  /** Aborts the call; it then throws a {@link CancelledError}, or the signal's reason. */
  signal?: AbortSignal;
}

/** Why a reply ended. */
export type Finish = 'stop' | 'length' | 'calls' | 'filter' | 'other';

/** What a model replied. */
export interface ModelReply {
  text: string;
  /** Tool calls as data, when tools were given. */
  calls?: { id: string; tool: string; args: Json }[];
  finish: Finish;
  /** The stop string that ended it. */
  stopped?: string;
  usage: Usage;
  tokens?: number[];
  logprobs?: number[];
  /** It was given from a record of replies: no model was asked. `ms` counts as the time that it took. */
  recorded?: { ms: number };
}

/** Hears a reply as it is written. */
export interface ModelListener {
  delta(text: string): void;
}

/**
 * A language model. Wrappers are Model in, Model out: `retry(model, { times: 3 })`.
 *
 * Nobody calls one directly inside a run: `context.generate` reserves budget, appends `model-call` and caches.
 */
export interface Model {
  /** For example `openai/gpt-5`, `local/qwen2.5-coder-1.5b-instruct-q4_k_m`. */
  readonly id: string;
  readonly can: ModelAbilities;
  /** @throws {ModelError} the call failed; `retryable` says whether trying again may help. */
  generate(request: ModelRequest, on?: ModelListener): Promise<ModelReply>;
  /** Tokens of a text. Left out where the model cannot say. */
  tokenize?(text: string): Promise<number[]>;
  /** The summed log-probability of each continuation after the prompt. Left out where the model cannot say. */
  score?(messages: readonly Message[], continuations: readonly string[]): Promise<number[]>;
  /** Looks up the secrets it refers to, so that they are kept out before its first call. Left out where it refers to none. */
  tellSecrets?(secrets: Secrets): Promise<void>;
  /** Frees what the model holds. Calling it twice is harmless. */
  close?(): Promise<void>;
}

/**
 * A model call inside a run. An array of messages that was handed over may grow until the next call, and nothing else: a
 * history that changed is another array.
 *
 * `purpose` is for readers of the log: `plan`, `thought`, `code`, `react` …
 */
export type Generate = (
  request: ModelRequest & { purpose?: string },
  model?: Model,
) => Promise<ModelReply & { /** Of the `model-call` event. */ seq: number }>;
