/**
 * A model in this process: a GGUF file, run by llama.cpp through the optional package node-llama-cpp.
 *
 * Nothing is loaded before the first call, and nothing leaves the machine. A file is loaded once a process, however
 * many models are built on it. What a prompt shares with the last one is not evaluated again.
 *
 * @module
 */
import { availableParallelism } from 'node:os';
import { basename, isAbsolute, resolve } from 'node:path';
import type { Token } from 'node-llama-cpp';
import { type EnvVars, ModelError, OptionError, requirePositive } from '../record/index.ts';
import { throwIfAborted } from './cancel.ts';
import { type Engine, holdEngine } from './local-engine.ts';
import { promptTokens, readCalls } from './local-prompt.ts';
import type { Constraint, Model, ModelListener, ModelReply, ModelRequest } from './model.ts';
import { DEFAULT_LOCAL_MODEL, localModel, modelPath } from './models.ts';
import { choicesGrammar, schemaGrammar } from './schema-grammar.ts';
import { stopCutter } from './stop-cutter.ts';

/** What {@link local} is built from. Nothing is needed. */
export interface LocalOptions {
  /** A name of the catalogue (`1.5b`, `0.5b`) or the path of a GGUF file. @default '1.5b' */
  model?: string;
  /** Prompt and reply together, in tokens; the file's own limit if that is less. @default 8192 */
  contextTokens?: number;
  /** Longest reply of a request that does not say, in tokens. @default 1024 */
  replyTokens?: number;
  /** Most threads to compute with; fewer where other processes keep cores busy. @default the machine's cores */
  threads?: number;
  /** Conversations whose evaluated prompts are kept apart. Each costs memory for its context. @default 1 */
  sequences?: number;
  /**
   * Guesses what is written next from what stands in the prompt and the reply already, and evaluates it at once (prompt lookup decoding).
   * The model still chooses each token, but rounds otherwise where several are evaluated at once: of two tokens that are about as likely
   * another may be taken, so a second reply to one prompt, guessed from the first, can differ at the same seed. @default true
   */
  lookup?: boolean;
  /** Where the per-user folder is looked up. @default process.env */
  env?: EnvVars;
}

/**
 * Builds a local model. The file may still be missing; the first call then fails with `model-file-missing`.
 *
 * @throws {OptionError} a number is not a whole number of at least 1.
 * @throws {ModelError} `model-unknown`: `model` is neither a path nor a name of the catalogue.
 * @example
 * ```ts
 * const model = local();
 * const reply = await model.generate({ messages: [{ role: 'user', parts: [{ text: 'Hello' }] }], maxTokens: 20 });
 * await model.close?.();
 * ```
 */
export function local(options: LocalOptions = {}): Model {
  const {
    model: name = DEFAULT_LOCAL_MODEL,
    contextTokens = 8192,
    replyTokens = 1024,
    threads = availableParallelism(),
    sequences = 1,
    lookup = true,
    env = process.env,
  } = options;
  requirePositive({ contextTokens, replyTokens, threads, sequences });
  const file = fileOf(name, env);
  const can = {
    contextTokens,
    tools: true,
    schema: true,
    grammar: true,
    prefill: true,
    seed: true,
    prefix: true,
  };

  let held: Promise<Engine> | undefined;
  const hold = async (signal?: AbortSignal): Promise<Engine> => {
    throwIfAborted(signal);
    held ??= holdEngine({ file, contextTokens, threads, sequences, lookup });
    try {
      const engine = await held;
      can.contextTokens = engine.contextTokens;
      return engine;
    } catch (problem) {
      held = undefined;
      throw problem;
    }
  };

  return {
    id: `local/${basename(file).replace(/\.gguf$/i, '')}`,
    can,

    async generate(request, on) {
      requireWorkable(request);
      const engine = await hold(request.signal);
      const prompt = promptTokens(engine, request);
      const room = engine.contextTokens - prompt.length;
      if (room < 1) throw tooLong(prompt.length, engine.contextTokens);
      const most = Math.min(request.maxTokens ?? replyTokens, room);
      return engine.use(prompt, request.signal, async (evaluation) => {
        const evaluated = await evaluation.prepare(prompt, request.signal);
        const sampling = samplingOf(request);
        // With tools, what is written may turn out to be a call: the listener then hears the text at the end.
        const hears = hasTools(request) ? undefined : on;
        const written = await writeOut(engine, evaluation.write(prompt, sampling), prompt, most, request, hears);
        const reply = replyOf(written, request);
        if (hears !== on && reply.text !== '') on?.delta(reply.text);
        const usage = { sent: prompt.length, evaluated, written: written.tokens.length };
        const logprobs = request.want?.logprobs
          ? await evaluation.logprobs(prompt, written.tokens, request.signal)
          : undefined;
        return {
          ...reply,
          usage,
          ...(request.want?.tokens ? { tokens: written.tokens } : {}),
          ...(logprobs === undefined ? {} : { logprobs }),
        };
      });
    },

    async tokenize(text) {
      const { model } = await hold();
      return model.tokenize(text);
    },

    async score(messages, continuations) {
      const engine = await hold();
      const prompt = promptTokens(engine, { messages });
      return engine.use(prompt, undefined, async (evaluation) => {
        await evaluation.prepare(prompt);
        const scores: number[] = [];
        for (const continuation of continuations) {
          const tokens = engine.model.tokenize(continuation);
          if (prompt.length + tokens.length > engine.contextTokens) {
            throw tooLong(prompt.length + tokens.length, engine.contextTokens);
          }
          scores.push((await evaluation.logprobs(prompt, tokens)).reduce((sum, logprob) => sum + logprob, 0));
        }
        return scores;
      });
    },

    async close() {
      const engine = held;
      held = undefined;
      await (await engine?.catch(() => undefined))?.release();
    },
  };
}

/** A path is taken as it is; anything else is a name of the catalogue. */
function fileOf(name: string, env: EnvVars): string {
  if (isAbsolute(name) || /[\\/]/.test(name) || name.endsWith('.gguf')) return resolve(name);
  const known = localModel(name);
  if (known.kind !== 'language')
    throw new OptionError('model', `${name} is an ${known.kind} model, not a language model.`);
  return modelPath(name, env);
}

/** @throws {OptionError} before anything is loaded. */
function requireWorkable({ constraint, maxTokens, temperature }: ModelRequest): void {
  if (maxTokens !== undefined) requirePositive({ maxTokens });
  if (temperature !== undefined && !(temperature >= 0)) {
    throw new OptionError('temperature', `expected a number of at least 0, got ${temperature}.`);
  }
  if (constraint !== undefined && 'choices' in constraint && constraint.choices.length === 0) {
    throw new OptionError('constraint.choices', 'expected at least one choice.');
  }
}

function samplingOf({ temperature = 0, seed, constraint }: ModelRequest) {
  return {
    temperature,
    // The library's default is the time in seconds: two samples within one second would be the same.
    seed: seed ?? Math.floor(Math.random() * 2 ** 31),
    ...(constraint === undefined ? {} : { grammar: grammarOf(constraint) }),
  };
}

function grammarOf(constraint: Constraint): string {
  if ('grammar' in constraint) return constraint.grammar;
  return 'schema' in constraint ? schemaGrammar(constraint.schema) : choicesGrammar(constraint.choices);
}

interface Written {
  text: string;
  finish: 'stop' | 'length';
  stopped?: string;
  tokens: Token[];
}

/** Takes tokens until the turn ends, a stop string is complete, or the reply is long enough. */
async function writeOut(
  { model }: Engine,
  written: AsyncGenerator<Token>,
  prompt: readonly Token[],
  most: number,
  request: ModelRequest,
  on: ModelListener | undefined,
): Promise<Written> {
  const { signal, stop } = request;
  const cutter = stopCutter(stop);
  // Some templates mark tool calls with special tokens, which are left out of the text otherwise.
  const marks = hasTools(request);
  const tokens: Token[] = [];
  let pending: Token[] = [];
  let text = '';
  let stopped: string | undefined;
  let finish: Written['finish'] = 'stop';
  const say = (piece: string) => {
    if (piece === '') return;
    text += piece;
    on?.delta(piece);
  };

  for await (const token of written) {
    throwIfAborted(signal);
    tokens.push(token);
    pending.push(token);
    const context = [...prompt.slice(-4), ...tokens.slice(0, -pending.length)].slice(-4);
    const piece = model.detokenize(pending, marks, context);
    // A character may be spread over several tokens; until it is whole it reads as U+FFFD.
    if (!piece.endsWith('\uFFFD') || pending.length >= 4) {
      pending = [];
      const cut = cutter.push(piece);
      say(cut.text);
      stopped = cut.stopped;
    }
    if (stopped !== undefined) break;
    if (tokens.length >= most) {
      finish = 'length';
      break;
    }
  }
  if (stopped === undefined) say(cutter.end());
  return { text, finish, tokens, ...(stopped === undefined ? {} : { stopped }) };
}

function replyOf(written: Written, { tools }: ModelRequest): Pick<ModelReply, 'text' | 'calls' | 'finish' | 'stopped'> {
  const stopped = written.stopped === undefined ? {} : { stopped: written.stopped };
  const { text, calls } = readCalls(written.text, tools ?? []);
  if (calls.length === 0) return { text, finish: written.finish, ...stopped };
  return { text, calls: calls.map((call, at) => ({ id: `call-${at + 1}`, ...call })), finish: 'calls', ...stopped };
}

const hasTools = ({ tools = [] }: ModelRequest) => tools.length > 0;

const tooLong = (promptTokens: number, contextTokens: number) =>
  new ModelError(
    'model-context-exceeded',
    `The prompt has ${promptTokens} tokens, and the model’s window only ${contextTokens}, reply included.`,
    { promptTokens, contextTokens },
  );
