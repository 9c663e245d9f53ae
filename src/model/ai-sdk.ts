/**
 * A language model of the AI SDK as a model here. Its specification's versions 2, 3 and 4 are taken as they are.
 *
 * Failures become {@link ModelError}s with stable codes. What a provider says is quoted without anything that looks
 * like a key, and the provider's error is not kept as a cause, since it holds the whole request.
 *
 * @module
 */
import type {
  JSONSchema7,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4Message,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import {
  type EnvVars,
  type Json,
  type Message,
  OptionError,
  type Part,
  requirePositive,
  type Secret,
  secretsIn,
  secretsOf,
  textOf,
  type Usage,
} from '../record/index.ts';
import { aiSdkError } from './ai-sdk-error.ts';
import { throwIfAborted } from './cancel.ts';
import type { Constraint, Finish, Model, ModelAbilities, ModelListener, ModelReply, ModelRequest } from './model.ts';
import { stopCutter } from './stop-cutter.ts';

/** The part of an AI SDK language model that is used here; every version since 2 has it. */
export interface AiSdkModel {
  readonly specificationVersion: string;
  readonly provider: string;
  readonly modelId: string;
  // The versions differ in what they are given and give; what differs is read in this file.
  // biome-ignore lint/suspicious/noExplicitAny: three incompatible versions of one shape
  doGenerate(options: any): PromiseLike<any>;
  // biome-ignore lint/suspicious/noExplicitAny: three incompatible versions of one shape
  doStream(options: any): PromiseLike<any>;
}

type ProviderOption = Json | Secret | readonly ProviderOption[] | { [option: string]: ProviderOption | undefined };

/** What {@link fromAiSdk} may be told. */
export interface FromAiSdkOptions {
  /** What the model is called here. @default its provider and model id: `openai/gpt-5` */
  id?: string;
  /** Its window, in tokens; the AI SDK does not say. @default 128_000 */
  contextTokens?: number;
  /** Whether it takes a JSON Schema for its reply. @default true */
  schema?: boolean;
  /** Whether it honours `seed`. @default true */
  seed?: boolean;
  /** Where secrets are found outside of a run. @default process.env */
  env?: EnvVars;
  /** Reads a blob of a message (a picture, say) by its hash. Without it, blobs are refused. */
  blob?: (hash: string) => Promise<Uint8Array>;
  /** Passed to the provider, by provider: `{ openai: { reasoningEffort: 'low' } }`. Secrets may stand in it. */
  providerOptions?: { [provider: string]: { [option: string]: ProviderOption | undefined } };
  /** Sent along with each call. Secrets may stand in them: `{ 'x-team-key': secret('TEAM_KEY') }`. */
  headers?: { [name: string]: string | Secret };
}

/** Says whether a value is a language model of the AI SDK. */
export function isAiSdkModel(value: unknown): value is AiSdkModel {
  return (
    typeof value === 'object' &&
    value !== null &&
    'doGenerate' in value &&
    typeof value.doGenerate === 'function' &&
    'specificationVersion' in value
  );
}

/**
 * Takes a language model of the AI SDK.
 *
 * @throws {OptionError} `contextTokens` is not a whole number of at least 1.
 * @example
 * ```ts
 * import { openai } from '@ai-sdk/openai';
 * const model = fromAiSdk(openai('gpt-5'));
 * ```
 */
export function fromAiSdk(model: AiSdkModel, options: FromAiSdkOptions = {}): Model {
  const provider = model.provider.split('.')[0]!;
  const { id = `${provider}/${model.modelId}`, contextTokens = 128_000, schema = true, seed = true } = options;
  const { env = process.env } = options;
  requirePositive({ contextTokens });
  const referred = secretsIn([options.headers, options.providerOptions]);
  const can: ModelAbilities = {
    contextTokens,
    tools: true,
    schema,
    grammar: false,
    prefill: false,
    seed,
    prefix: false,
  };

  return {
    id,
    can,
    ...(referred.length === 0
      ? {}
      : {
          async tellSecrets(secrets) {
            for (const { secret } of referred) await secrets.find(secret);
          },
        }),
    async generate(request, on) {
      throwIfAborted(request.signal);
      const { secrets = secretsOf((name) => env[name]) } = request;
      const { headers, providerOptions } = options;
      const filled = referred.length === 0 ? {} : await secrets.fill({ headers, providerOptions });
      const call = olderForm(
        await callOptions(request, can, id, { ...options, ...filled } as FromAiSdkOptions),
        model.specificationVersion,
      );
      try {
        const given =
          on === undefined
            ? await model.doGenerate(call)
            : await readStream((await model.doStream(call)).stream, request, on);
        return replyOf(given, request);
      } catch (problem) {
        throwIfAborted(request.signal);
        throw aiSdkError(secrets.redactError(problem), id);
      }
    },
  };
}

/** What `doGenerate` gives, as far as it is used; a stream is gathered into the same. */
interface Given {
  content: readonly (Pick<LanguageModelV4Content, 'type'> & { [key: string]: unknown })[];
  finishReason: LanguageModelV4FinishReason | string;
  usage: LanguageModelV4Usage | UsageV2;
}

/** How version 2 counts. */
interface UsageV2 {
  inputTokens?: number | undefined;
  outputTokens?: number | undefined;
  cachedInputTokens?: number | undefined;
}

/** @throws {OptionError} the request wants what the model cannot do. */
async function callOptions(
  request: ModelRequest,
  can: ModelAbilities,
  id: string,
  { blob, headers, providerOptions }: FromAiSdkOptions,
): Promise<LanguageModelV4CallOptions> {
  const { constraint, maxTokens, prefill, seed, signal, stop, temperature = 0, tools } = request;
  if (prefill) throw new OptionError('prefill', `${id} cannot go on with a reply that is partly written.`);
  if (constraint !== undefined && 'grammar' in constraint) {
    throw new OptionError('constraint', `${id} cannot write under a grammar.`);
  }
  if (constraint !== undefined && !can.schema) {
    throw new OptionError('constraint', `${id} takes no JSON Schema for its reply.`);
  }
  return {
    prompt: (await Promise.all(request.messages.map((message) => promptMessages(message, id, blob)))).flat(),
    temperature,
    ...(stop === undefined || stop.length === 0 ? {} : { stopSequences: [...stop] }),
    ...(maxTokens === undefined ? {} : { maxOutputTokens: maxTokens }),
    ...(seed === undefined ? {} : { seed }),
    ...(signal === undefined ? {} : { abortSignal: signal }),
    ...(constraint === undefined
      ? {}
      : { responseFormat: { type: 'json', schema: schemaOf(constraint), name: 'reply' } }),
    ...(tools === undefined || tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, input }) => ({
            type: 'function',
            name,
            description,
            inputSchema: input as JSONSchema7,
          })),
        }),
    ...(headers === undefined ? {} : { headers: headers as { [name: string]: string } }),
    ...(providerOptions === undefined
      ? {}
      : { providerOptions: providerOptions as NonNullable<LanguageModelV4CallOptions['providerOptions']> }),
  };
}

/** Before version 4 the bytes of a file stood in the message as they are. */
function olderForm(call: LanguageModelV4CallOptions, version: string): object {
  if (version !== 'v2' && version !== 'v3') return call;
  const prompt = call.prompt.map((message) =>
    typeof message.content === 'string'
      ? message
      : {
          ...message,
          content: message.content.map((part) =>
            part.type === 'file' && part.data.type === 'data' ? { ...part, data: part.data.data } : part,
          ),
        },
  );
  return { ...call, prompt };
}

/** Choices are asked for as an object with one field, the one form that every provider takes. */
function schemaOf(constraint: Constraint): object {
  if ('schema' in constraint) return constraint.schema;
  if ('grammar' in constraint) throw new TypeError('a grammar is no schema');
  return {
    type: 'object',
    properties: { choice: { type: 'string', enum: [...constraint.choices] } },
    required: ['choice'],
    additionalProperties: false,
  };
}

/** Tool results become a message of their own. */
async function promptMessages(
  { role, parts }: Message,
  id: string,
  blob: FromAiSdkOptions['blob'],
): Promise<LanguageModelV4Message[]> {
  if (role === 'system') return [{ role, content: textOf(parts) }];
  const results = parts.flatMap((part) =>
    'result' in part
      ? [
          {
            type: 'tool-result' as const,
            toolCallId: part.result,
            toolName: part.tool,
            output: { type: part.isError ? ('error-json' as const) : ('json' as const), value: part.value },
          },
        ]
      : [],
  );
  const said = parts.filter((part) => !('result' in part));
  const messages: LanguageModelV4Message[] = results.length === 0 ? [] : [{ role: 'tool', content: results }];
  if (said.length === 0) return messages;
  const content = await Promise.all(said.map((part) => contentPart(part, id, blob)));
  return [...messages, { role: role === 'assistant' ? 'assistant' : 'user', content } as LanguageModelV4Message];
}

async function contentPart(part: Part, id: string, blob: FromAiSdkOptions['blob']) {
  if ('text' in part) return { type: 'text', text: part.text };
  if ('call' in part) return { type: 'tool-call', toolCallId: part.call, toolName: part.tool, input: part.args };
  if ('result' in part) throw new TypeError('a result is a message of its own');
  if (blob === undefined) throw new OptionError('blob', `${id} was given no way to read blobs, and a message has one.`);
  return { type: 'file', mediaType: part.mediaType, data: { type: 'data' as const, data: await blob(part.blob) } };
}

/** Gathers a stream, and lets the listener hear its text up to the first stop string. */
async function readStream(
  stream: ReadableStream<LanguageModelV4StreamPart>,
  { stop }: ModelRequest,
  on: ModelListener,
): Promise<Given> {
  const cutter = stopCutter(stop);
  const calls: Given['content'][number][] = [];
  let text = '';
  let stopped: string | undefined;
  let finishReason: Given['finishReason'] = 'other';
  let usage: Given['usage'] = {};
  const say = (piece: string) => {
    if (piece !== '') on.delta(piece);
  };
  for await (const part of stream) {
    if (part.type === 'text-delta') {
      text += part.delta;
      if (stopped !== undefined) continue;
      const cut = cutter.push(part.delta);
      say(cut.text);
      stopped = cut.stopped;
    } else if (part.type === 'tool-call') calls.push({ ...part });
    else if (part.type === 'finish') ({ finishReason, usage } = part);
    else if (part.type === 'error') throw part.error;
  }
  if (stopped === undefined) say(cutter.end());
  return { content: [{ type: 'text', text }, ...calls], finishReason, usage };
}

/** Stop strings are cut here too: not every provider knows them. */
function replyOf({ content, finishReason, usage }: Given, { constraint, messages, stop }: ModelRequest): ModelReply {
  const whole = content.map((part) => (part.type === 'text' ? String(part.text) : '')).join('');
  const cutter = stopCutter(stop);
  const cut = cutter.push(whole);
  const text = cut.stopped === undefined ? cut.text + cutter.end() : cut.text;
  const calls = content.flatMap((part) =>
    part.type === 'tool-call'
      ? [{ id: String(part.toolCallId), tool: String(part.toolName), args: argsOf(part.input) }]
      : [],
  );
  return {
    text: constraint !== undefined && 'choices' in constraint ? choiceOf(text) : text,
    ...(calls.length === 0 ? {} : { calls }),
    finish: cut.stopped === undefined ? finishOf(finishReason) : 'stop',
    ...(cut.stopped === undefined ? {} : { stopped: cut.stopped }),
    usage: usageOf(usage, messages, whole),
  };
}

/** Arguments come as JSON text. What does not parse is passed on as text: the tool's schema will refuse it by name. */
function argsOf(input: unknown): Json {
  if (typeof input !== 'string') return (input ?? {}) as Json;
  try {
    return input === '' ? {} : JSON.parse(input);
  } catch {
    return input;
  }
}

function choiceOf(text: string): string {
  try {
    const value = JSON.parse(text) as { choice?: unknown };
    return typeof value.choice === 'string' ? value.choice : text;
  } catch {
    return text.trim();
  }
}

const FINISHES: { [reason: string]: Finish } = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'calls',
  'content-filter': 'filter',
};

const finishOf = (reason: Given['finishReason']): Finish =>
  FINISHES[typeof reason === 'string' ? reason : reason.unified] ?? 'other';

/** Where a provider counts nothing, four characters are taken for a token: a budget must not see a wrong zero. */
function usageOf(usage: Given['usage'], messages: readonly Message[], text: string): Usage {
  const input = usage.inputTokens;
  const output = usage.outputTokens;
  const sent = typeof input === 'object' ? input.total : input;
  const cached = typeof input === 'object' ? input.cacheRead : (usage as UsageV2).cachedInputTokens;
  const written = typeof output === 'object' ? output.total : output;
  const counted = sent ?? guess(messages.map(({ parts }) => textOf(parts)).join('\n'));
  return { sent: counted, evaluated: Math.max(0, counted - (cached ?? 0)), written: written ?? guess(text) };
}

const guess = (text: string) => Math.ceil(text.length / 4);
