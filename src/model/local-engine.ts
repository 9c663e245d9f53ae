/**
 * One loaded GGUF file: the model, its context, and its sequences, each of which remembers what it has evaluated.
 *
 * A prompt that extends what a sequence holds costs what is new; the same prompt again costs one token. Work is done
 * one piece at a time: on a CPU several at once are no faster. Tried with node-llama-cpp 3.22.
 *
 * @module
 */
import { open, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import type { ChatHistoryItem, ChatWrapper, Llama, LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp';
import { importPackage, ModelError, OptionError } from '../record/index.ts';
import { abortable, throwIfAborted } from './cancel.ts';
import { freeCores } from './free-cores.ts';
import { LOCAL_MODELS } from './models.ts';
import { guessNext, type Samples, samples } from './prompt-lookup.ts';

type Library = typeof import('node-llama-cpp');

/** Evaluating cannot be interrupted, so it is done in slices this long, with a look at the signal between them. */
const SLICE_TOKENS = 64;
/** Most tokens that are guessed at once. Nine tokens take about as long as two, seventeen as three. */
const MOST_GUESSED = 8;
/** From the seed of one place to the next. */
const SEED_STEP = 7_919;

/** What an engine is loaded with. */
export interface EngineOptions {
  file: string;
  contextTokens: number;
  threads: number;
  sequences: number;
  lookup: boolean;
}

/** How a token is chosen. */
export interface Sampling {
  temperature: number;
  seed: number;
  grammar?: string;
}

/** The use of one sequence, for as long as the work that was given it lasts. */
export interface Evaluation {
  /**
   * Makes the sequence hold the prompt but for its last token.
   *
   * @returns how many of its tokens had to be evaluated, the last one counted.
   */
  prepare(prompt: readonly Token[], signal?: AbortSignal): Promise<number>;
  /** Writes on from a prepared prompt, token by token, until the model ends its turn. */
  write(prompt: readonly Token[], sampling: Sampling): AsyncGenerator<Token>;
  /** The model's own log-probability (no temperature, no truncation) of each token after a prepared prompt. */
  logprobs(prompt: readonly Token[], tokens: readonly Token[], signal?: AbortSignal): Promise<number[]>;
}

/** A loaded file. */
export interface Engine {
  readonly model: LlamaModel;
  readonly library: Library;
  readonly wrapper: ChatWrapper;
  /** What the model's own template puts before a conversation that has no system message. */
  readonly preamble: readonly Token[];
  readonly contextTokens: number;
  /** Waits its turn, takes the sequence that holds most of the prompt, and works with it. */
  use<T>(
    prompt: readonly Token[],
    signal: AbortSignal | undefined,
    work: (evaluation: Evaluation) => Promise<T>,
  ): Promise<T>;
  /** Frees the memory when the last holder lets go. */
  release(): Promise<void>;
}

/** Loaded files are shared by everyone in the process, by what they were loaded with. */
const engines = new Map<string, { engine: Promise<Engine>; holders: number }>();
let llama: Promise<{ llama: Llama; library: Library }> | undefined;

/**
 * Loads a file, or shares it where it is loaded already.
 *
 * @throws {PackageError} node-llama-cpp is not installed.
 * @throws {ModelError} `model-file-missing` or `model-file-invalid`.
 */
export async function holdEngine(options: EngineOptions): Promise<Engine> {
  const { file, contextTokens, threads, sequences, lookup } = options;
  const key = JSON.stringify([file, contextTokens, threads, sequences, lookup]);
  const entry = engines.get(key) ?? { engine: load(options), holders: 0 };
  engines.set(key, entry);
  entry.holders += 1;
  try {
    const engine = await entry.engine;
    let held = true;
    return {
      ...engine,
      async release() {
        if (!held) return;
        held = false;
        entry.holders -= 1;
        if (entry.holders > 0) return;
        if (engines.get(key) === entry) engines.delete(key);
        await engine.release();
      },
    };
  } catch (problem) {
    if (engines.get(key) === entry) engines.delete(key);
    throw problem;
  }
}

async function load({ file, contextTokens, threads, sequences, lookup }: EngineOptions): Promise<Engine> {
  await requireGguf(file);
  llama ??= start();
  llama.catch(() => {
    llama = undefined;
  });
  const { llama: instance, library } = await llama;
  const model = await instance.loadModel({ modelPath: file }).catch((problem: unknown) => {
    throw new ModelError(
      'model-file-invalid',
      `${basename(file)} could not be loaded: ${messageOf(problem)}`,
      { file },
      problem,
    );
  });
  const wrapper = library.resolveChatWrapper(model);
  const size = Math.min(contextTokens, model.trainContextSize);
  const context = await model.createContext({
    contextSize: size,
    sequences,
    threads: { ideal: threads, min: 1 },
    batchSize: 512,
  });
  const free = freeCores(threads);
  const tune = () => {
    instance.maxThreads = free();
  };
  const slots = Array.from({ length: sequences }, () => ({
    sequence: context.getSequence(),
    samples: samples<Token>(),
    usedAt: 0,
  }));
  // A recurrent model's state cannot go back to before a wrong guess.
  const guesses = lookup && !slots.some(({ sequence }) => sequence.needsCheckpoints);
  const inTurn = queue();
  let turn = 0;

  return {
    model,
    library,
    wrapper,
    preamble: preambleOf(model, wrapper, library),
    contextTokens: size,
    use(prompt, signal, work) {
      return inTurn(signal, async () => {
        const slot = closest(slots, prompt);
        slot.usedAt = ++turn;
        return work(evaluationOn({ ...slot, model, llama: instance, library, tune, guesses }));
      });
    },
    async release() {
      await inTurn(undefined, async () => {
        await context.dispose();
        await model.dispose();
      });
    },
  };
}

async function start(): Promise<{ llama: Llama; library: Library }> {
  const library = await importPackage<Library>('node-llama-cpp', 'A local model');
  // Without a cap on its threads a run was seen to hang for ten minutes.
  const llama = await library.getLlama({
    build: 'never',
    maxThreads: availableParallelism(),
    logLevel: library.LlamaLogLevel.error,
    progressLogs: false,
  });
  return { llama, library };
}

/**
 * Qwen's template gives a conversation without a system message one of its own, which the library's wrapper leaves
 * out; without it the small models answer a greeting with `#` or `import`.
 */
function preambleOf(model: LlamaModel, wrapper: ChatWrapper, { JinjaTemplateChatWrapper }: Library): Token[] {
  const template = model.fileInfo.metadata.tokenizer?.chat_template;
  if (template === undefined) return [];
  const chatHistory: ChatHistoryItem[] = [
    { type: 'user', text: 'x' },
    { type: 'model', response: [''] },
  ];
  try {
    const own = new JinjaTemplateChatWrapper({ template }).generateContextState({ chatHistory }).contextText.toString();
    const ours = wrapper.generateContextState({ chatHistory }).contextText.toString();
    return own.endsWith(ours) ? model.tokenize(own.slice(0, own.length - ours.length), true) : [];
  } catch {
    return [];
  }
}

/** @throws {ModelError} the file is not there, or is no GGUF file. */
async function requireGguf(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || !found.isFile()) {
    const known = LOCAL_MODELS.find((model) => model.file === basename(file));
    const message =
      known === undefined
        ? `There is no file ${file}. Give the path of a GGUF file, or a model that \`poact models list\` names.`
        : `The local model is not on this machine yet (${file}). Fetch it with: poact models pull ${known.name}`;
    throw new ModelError('model-file-missing', message, { file });
  }
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    if (buffer.toString('latin1') !== 'GGUF') {
      throw new ModelError('model-file-invalid', `${file} is not a GGUF file.`, { file });
    }
  } finally {
    await handle.close();
  }
}

/** The sequence whose tokens agree with the prompt longest; of equal ones the one not used for longest. */
function closest<S extends { sequence: LlamaContextSequence; usedAt: number }>(
  slots: S[],
  prompt: readonly Token[],
): S {
  const agreeing = slots.map((slot) => slot.sequence.compareContextTokens(prompt as Token[]).firstDifferentIndex);
  const most = Math.max(...agreeing);
  return slots.filter((_, at) => agreeing[at] === most).sort((a, b) => a.usedAt - b.usedAt)[0]!;
}

interface EvaluationParts {
  sequence: LlamaContextSequence;
  samples: Samples<Token>;
  model: LlamaModel;
  llama: Llama;
  library: Library;
  /** Sets the threads to what is free. */
  tune(): void;
  /** Whether what comes next is guessed. */
  guesses: boolean;
}

function evaluationOn({ sequence, samples, model, llama, library, tune, guesses }: EvaluationParts): Evaluation {
  const rewind = async (to: number) => {
    if (sequence.nextTokenIndex > to) {
      await sequence.eraseContextTokenRanges([{ start: to, end: sequence.nextTokenIndex }]);
    }
  };

  /** Each place draws with a seed of its own: but for rounding, what is written does not depend on what was guessed. */
  async function* writeFreely(prompt: readonly Token[], temperature: number, seed: number): AsyncGenerator<Token> {
    const tokens = [...prompt];
    const others = samples.from(prompt);
    try {
      for (;;) {
        tune();
        const at = sequence.nextTokenIndex;
        const most = Math.min(MOST_GUESSED, sequence.contextSize - at - 1);
        const guessed = guesses ? guessNext(tokens, most, others) : [];
        const output = await sequence.controlledEvaluate(
          [tokens.at(-1)!, ...guessed].map((token, ahead) => [
            token,
            { generateNext: { token: true, options: { temperature, seed: seedAt(seed, at + ahead) } } },
          ]),
        );
        const chosen = output.map((item) => item!.next.token!);
        const wrong = guessed.findIndex((token, ahead) => token !== chosen[ahead]);
        const right = wrong < 0 ? guessed.length : wrong;
        await rewind(at + right + 1);
        for (const token of chosen.slice(0, right + 1)) {
          if (model.isEogToken(token)) return;
          tokens.push(token);
          yield token;
        }
      }
    } finally {
      samples.add(prompt, tokens.slice(prompt.length));
    }
  }

  async function* writeWithin(grammar: string, prompt: readonly Token[], temperature: number, seed: number) {
    const compiled = await llama.createGrammar({ grammar }).catch((problem: unknown) => {
      throw new OptionError('constraint', `the grammar cannot be used: ${messageOf(problem)}`);
    });
    const grammarEvaluationState = new library.LlamaGrammarEvaluationState({ model, grammar: compiled });
    tune();
    for await (const token of sequence.evaluate(prompt.slice(-1), { temperature, seed, grammarEvaluationState })) {
      yield token;
      tune();
    }
  }

  return {
    async prepare(prompt, signal) {
      const last = prompt.length - 1;
      const agreeing = sequence.compareContextTokens(prompt as Token[]).firstDifferentIndex;
      await rewind(Math.min(agreeing, last));
      const kept = sequence.nextTokenIndex;
      while (sequence.nextTokenIndex < last) {
        throwIfAborted(signal);
        tune();
        const from = sequence.nextTokenIndex;
        await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(from, Math.min(from + SLICE_TOKENS, last)));
      }
      throwIfAborted(signal);
      return prompt.length - kept;
    },

    write(prompt, { temperature, seed, grammar }) {
      return grammar === undefined
        ? writeFreely(prompt, temperature, seed)
        : writeWithin(grammar, prompt, temperature, seed);
    },

    async logprobs(prompt, tokens, signal) {
      await rewind(prompt.length - 1);
      const input = [prompt.at(-1)!, ...tokens];
      const found: number[] = [];
      for (let from = 0; from < tokens.length; from += SLICE_TOKENS) {
        throwIfAborted(signal);
        const to = Math.min(from + SLICE_TOKENS, tokens.length);
        const output = await sequence.controlledEvaluate(
          input.slice(from, to).map((token, at) => [
            token,
            {
              generateNext: {
                // Not `includeMax`: 3.22.1 leaves the greatest logit out all the same, and every score comes out wrong.
                logits: { filter: { tokens: [input[from + at + 1]!], includeTop: 1 } },
                totalLogitWeight: true,
              },
            },
          ]),
        );
        for (const [at, item] of output.entries()) {
          const logits = item!.next.logits!;
          const most = Math.max(...logits.values());
          found.push(logits.get(input[from + at + 1]!)! - most - Math.log(item!.next.totalLogitWeight!));
        }
      }
      await rewind(prompt.length - 1);
      return found;
    },
  };
}

/** One piece of work after the other, in the order they came; one that is aborted while it waits leaves the line. */
function queue() {
  let last: Promise<unknown> = Promise.resolve();
  return async <T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
    const before = last;
    const { promise, resolve } = Promise.withResolvers<void>();
    last = before.then(() => promise);
    try {
      await abortable(before, signal);
      return await work();
    } finally {
      resolve();
    }
  };
}

const seedAt = (seed: number, at: number) => (seed + at * SEED_STEP) % 2 ** 31;

const messageOf = (problem: unknown) => (problem instanceof Error ? problem.message : String(problem));
