/**
 * A model that says what a test wrote.
 *
 * @module
 */
import type { Model, ModelAbilities, ModelReply, ModelRequest } from '../model/index.ts';
import { CancelledError, type Json, ModelError, textOf } from '../record/index.ts';

/** One reply: its text, or text and tool calls as data, or how to make one of the request. A thrown error is the model's. */
export type ScriptedReply = ScriptedWords | ((request: ModelRequest, n: number) => ScriptedWords);

/** Text, or text and tool calls as data. */
export type ScriptedWords = string | { text?: string; calls?: readonly { id?: string; tool: string; args: Json }[] };

export interface ScriptedModelOptions {
  /** @default 'scripted/model' */
  id?: string;
  /** What it can do. @default everything but a prefix cache; 100,000 tokens of context */
  can?: Partial<ModelAbilities>;
  /** Writes on past stop strings and `maxTokens`, as a provider does that does not know them. @default false */
  overrun?: boolean;
}

/** A {@link Model} that remembers what it was asked. */
export interface ScriptedModel extends Model {
  /** What it was asked, in order. */
  readonly requests: readonly ModelRequest[];
  /** The texts of the last request's messages. */
  heard(): string[];
  /** The texts of every request's messages. */
  heard(which: 'all'): string[][];
}

/** Characters that count as one token. */
const TOKEN_CHARS = 4;

/**
 * Builds a model that gives these replies in turn, or what a function makes of each request.
 * It honours stop strings and `maxTokens` as a real one does.
 *
 * When the replies are used up it throws `model-not-recorded`, with the last message that it was asked.
 *
 * @example
 * ```ts
 * const model = scriptedModel(['12 files']);
 * ```
 */
export function scriptedModel(
  replies: readonly ScriptedReply[] | ((request: ModelRequest, n: number) => ScriptedWords),
  options: ScriptedModelOptions = {},
): ScriptedModel {
  const { id = 'scripted/model', can = {}, overrun = false } = options;
  const requests: ModelRequest[] = [];
  let calls = 0;

  function heard(): string[];
  function heard(which: 'all'): string[][];
  function heard(which?: 'all') {
    const texts = requests.map(({ messages }) => messages.map(({ parts }) => textOf(parts)));
    return which === 'all' ? texts : (texts.at(-1) ?? []);
  }

  return {
    id,
    can: {
      contextTokens: 100_000,
      tools: true,
      schema: true,
      grammar: true,
      prefill: true,
      seed: true,
      prefix: false,
      ...can,
    },
    requests,
    heard,
    async generate(request, on) {
      if (request.signal?.aborted) throw new CancelledError();
      const n = requests.length;
      // The messages array may grow in place after the call.
      requests.push({ ...request, messages: [...request.messages] });
      const scripted = typeof replies === 'function' ? replies : replies[n];
      if (scripted === undefined) throw usedUp(n, request);
      const said = typeof scripted === 'function' ? scripted(request, n) : scripted;
      const { text = '', calls: asked = [] } = typeof said === 'string' ? { text: said } : said;
      const reply = toReply(text, request, overrun);
      if (reply.text !== '') on?.delta(reply.text);
      if (asked.length === 0) return reply;
      const numbered = asked.map((call) => ({ ...call, id: call.id ?? `c${++calls}` }));
      return { ...reply, calls: numbered, finish: 'calls' };
    },
    async tokenize(text) {
      return Array.from({ length: tokensOf(text) }, (_, at) => at);
    },
  };
}

function toReply(text: string, request: ModelRequest, overrun: boolean): ModelReply {
  const sent = request.messages.reduce((sum, { parts }) => sum + tokensOf(textOf(parts)), 0);
  const usage = (written: string) => ({ sent, evaluated: sent, written: tokensOf(written) });
  if (overrun) return { text, finish: 'stop', usage: usage(text) };
  const stops = (request.stop ?? []).map((mark) => ({ mark, at: text.indexOf(mark) })).filter(({ at }) => at >= 0);
  const [first] = stops.sort((a, b) => a.at - b.at);
  const before = first === undefined ? text : text.slice(0, first.at);
  const most = (request.maxTokens ?? Number.POSITIVE_INFINITY) * TOKEN_CHARS;
  if (before.length > most) {
    const cut = before.slice(0, most);
    return { text: cut, finish: 'length', usage: usage(cut) };
  }
  return { text: before, finish: 'stop', ...(first && { stopped: first.mark }), usage: usage(before) };
}

const tokensOf = (text: string) => Math.ceil(text.length / TOKEN_CHARS);

function usedUp(n: number, { messages }: ModelRequest): ModelError {
  const last = textOf(messages.at(-1)?.parts ?? []);
  return new ModelError(
    'model-not-recorded',
    `The scripted model has ${n} replies, and was asked once more: ${last.slice(0, 300)}`,
    { replies: n },
  );
}
