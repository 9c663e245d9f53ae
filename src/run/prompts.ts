/**
 * Prompts in the log: each `model-call` holds what is new against an earlier one, message by message; a long message is
 * a blob.
 *
 * @module
 */
import type { Blobs } from '../action/index.ts';
import type { Constraint, ModelRequest, ModelTool } from '../model/index.ts';
import { type Json, type Message, RunError, type RunEvent, type RunView, sha256 } from '../record/index.ts';
import { charsUpTo } from './chars.ts';

type LoggedRequest = RunEvent<'model-call'>['request'];
/** A message in the log: itself, or the blob that holds it. */
type Logged = Message | string;

/** A longer message is kept as a blob, in characters of its JSON: prompts that go back and on again then name it again. */
const INLINE_CHARS = 300;

/** The last prompt of one purpose. `seq` is missing while the call is under way. */
interface Memo {
  seq: number | undefined;
  /** The array they were given in. */
  given: readonly Message[] | undefined;
  /** As they were given; missing where only the log knows them. */
  messages: (Message | undefined)[];
  logged: Logged[];
  /** The blob of the tools; an empty text for none. */
  tools: string;
}

/** A request as the log says it, and what to do when its event has a place. */
export interface WrittenRequest {
  request: LoggedRequest;
  /** All its messages, in order. */
  logged: readonly Logged[];
  placed(seq: number): void;
}

export interface PromptWriter {
  write(request: ModelRequest, purpose: string | undefined): WrittenRequest;
}

/** Writes requests as differences; `add` keeps a blob and gives its name. */
export function promptWriter(view: RunView, add: (content: string) => string): PromptWriter {
  const memos = new Map<string | undefined, Memo>();
  const texts = new Map<object, string>();
  let last: Memo | undefined;
  let lastTools: { tools: readonly ModelTool[]; name: string } | undefined;

  const recall = () => {
    const event = view.last('model-call');
    if (event === undefined || last !== undefined) return;
    const logged = loggedMessages(view, event.seq);
    last = {
      seq: event.seq,
      given: undefined,
      messages: logged.map((message) => (typeof message === 'string' ? undefined : message)),
      logged,
      tools: toolsBlob(view, event.seq),
    };
    memos.set(event.purpose, last);
  };
  const textOfMessage = (message: Message): string => {
    const known = texts.get(message);
    if (known !== undefined) return known;
    const text = JSON.stringify(message);
    texts.set(message, text);
    return text;
  };
  const isSame = (message: Message, { messages, logged }: Memo, at: number): boolean => {
    const held = messages[at];
    if (held !== undefined) return sameMessage(held, message);
    return sha256(textOfMessage(message)) === logged[at];
  };
  const shared = (messages: readonly Message[], memo: Memo): number => {
    const most = Math.min(messages.length, memo.logged.length);
    if (hasGrown(messages, memo)) return most;
    let at = firstDifference(messages, memo.messages, 0, most);
    while (at < most && isSame(messages[at] as Message, memo, at)) {
      at = firstDifference(messages, memo.messages, at + 1, most);
    }
    return at;
  };
  const toolsName = (tools: readonly ModelTool[]): string => {
    if (lastTools !== undefined && sameTools(lastTools.tools, tools)) return lastTools.name;
    lastTools = { tools: [...tools], name: add(JSON.stringify(tools)) };
    return lastTools.name;
  };

  return {
    write(request, purpose) {
      recall();
      const { messages, tools, stop, temperature, seed, maxTokens, constraint, prefill } = request;
      const own = memos.get(purpose);
      const bases = own === last || own?.seq === undefined ? [last] : [own, last];
      let base: Memo | undefined;
      let keep = 0;
      for (const memo of bases) {
        if (memo?.seq === undefined) continue;
        const same = shared(messages, memo);
        if (same <= keep) continue;
        base = memo;
        keep = same;
      }
      const from = base?.seq;
      const baseTools = base?.tools ?? '';
      const added: Logged[] = [];
      const next: Memo = own !== undefined && own === base ? own : newMemo(base, keep);
      next.messages.length = keep;
      next.logged.length = keep;
      next.seq = undefined;
      next.given = messages;
      next.tools = tools === undefined || tools.length === 0 ? '' : toolsName(tools);
      for (let at = keep; at < messages.length; at++) {
        const message = messages[at] as Message;
        const logged = charsUpTo(message, INLINE_CHARS) <= INLINE_CHARS ? message : add(textOfMessage(message));
        added.push(logged);
        next.messages.push(message);
        next.logged.push(logged);
      }
      texts.clear();
      memos.set(purpose, next);
      const written: LoggedRequest = { added };
      if (from !== undefined) {
        written.base = from;
        written.keep = keep;
      }
      if (next.tools !== baseTools) written.tools = next.tools;
      if (stop !== undefined && stop.length > 0) written.stop = [...stop];
      if (temperature !== undefined) written.temperature = temperature;
      if (seed !== undefined) written.seed = seed;
      if (maxTokens !== undefined && Number.isFinite(maxTokens)) written.maxTokens = maxTokens;
      if (constraint !== undefined) written.constraint = add(JSON.stringify(constraint));
      if (prefill !== undefined) written.prefill = prefill;
      return {
        request: written,
        logged: next.logged,
        placed(seq) {
          next.seq = seq;
          last = next;
        },
      };
    },
  };
}

/** The same array, longer: `Generate` says that nothing else may have been done to it. What costs nothing is looked at all the same. */
function hasGrown(messages: readonly Message[], memo: Memo): boolean {
  const { given, messages: held } = memo;
  const last = held.length - 1;
  if (given !== messages || messages.length <= last) return false;
  const middle = last >> 1;
  return messages[0] === held[0] && messages[middle] === held[middle] && messages[last] === held[last];
}

/** By identity, in the plainest loop there is: it passes over the whole history at each call. */
function firstDifference(one: readonly unknown[], other: readonly unknown[], from: number, to: number): number {
  for (let at = from; at < to; at++) if (one[at] !== other[at]) return at;
  return to;
}

function newMemo(base: Memo | undefined, keep: number): Memo {
  if (base === undefined) return { seq: undefined, given: undefined, messages: [], logged: [], tools: '' };
  const { messages, logged, tools } = base;
  return { seq: undefined, given: undefined, messages: messages.slice(0, keep), logged: logged.slice(0, keep), tools };
}

function sameMessage(one: Message, other: Message): boolean {
  if (one.role !== other.role || one.parts.length !== other.parts.length) return false;
  return one.parts.every((part, at) => {
    const its = other.parts[at];
    if (part === its) return true;
    if (its !== undefined && 'text' in part && 'text' in its) return part.text === its.text;
    return JSON.stringify(part) === JSON.stringify(its);
  });
}

function sameTools(one: readonly ModelTool[], other: readonly ModelTool[]): boolean {
  if (one.length !== other.length) return false;
  return one.every(({ name, description, input }, at) => {
    const its = other[at];
    return its !== undefined && its.name === name && its.description === description && its.input === input;
  });
}

/** The same message, as two requests hold it. */
export function sameLogged(one: Logged | undefined, other: Logged | undefined): boolean {
  if (one === undefined || other === undefined || typeof one === 'string' || typeof other === 'string') {
    return one === other;
  }
  return sameMessage(one, other);
}

/** A model call's messages, in order. */
export function loggedMessages(view: RunView, seq: number): Logged[] {
  const pieces: Logged[][] = [];
  let at: number | undefined = seq;
  let most = Number.POSITIVE_INFINITY;
  while (at !== undefined && most > 0) {
    const event = view.at(at);
    if (event?.kind !== 'model-call') throw new RunError('run-diverged', `Event ${at} is no model call.`, { seq: at });
    const { base, keep = 0, added } = event.request;
    if (most > keep) {
      pieces.push(added.slice(0, most - keep));
      most = keep;
    }
    at = base;
  }
  return pieces.reverse().flat();
}

/** The blob of a model call's tools; an empty text for none. */
function toolsBlob(view: RunView, seq: number): string {
  for (let at: number | undefined = seq; at !== undefined; ) {
    const { base, tools }: LoggedRequest = (view.at(at) as RunEvent<'model-call'>).request;
    if (tools !== undefined) return tools;
    at = base;
  }
  return '';
}

/** What a model was asked, exactly, and what it is said to have replied. */
export interface LoggedPrompt extends ModelRequest {
  seq: number;
  model: string;
  purpose?: string;
  reply?: RunEvent<'model-call'>['reply'];
}

/**
 * The prompt of a model call, put together from the log.
 *
 * @throws {RunError} `run-diverged`: there is no model call at `seq`, or the store lacks a blob that it names.
 */
export async function promptOf(view: RunView, blobs: Pick<Blobs, 'get'>, seq: number): Promise<LoggedPrompt> {
  const logged = loggedMessages(view, seq);
  const { model, purpose, request: asked, reply } = view.at(seq) as RunEvent<'model-call'>;
  const read = async <T>(name: string): Promise<T> => {
    const bytes = await blobs.get(name);
    if (bytes !== undefined) return JSON.parse(new TextDecoder().decode(bytes)) as T;
    throw new RunError('run-diverged', `The store lacks blob ${name}, which event ${seq} names.`, { seq, blob: name });
  };
  const { base: _base, keep: _keep, added: _added, tools: _tools, constraint, ...sampling } = asked;
  const tools = toolsBlob(view, seq);
  const request: ModelRequest = {
    messages: await Promise.all(logged.map((each) => (typeof each === 'string' ? read<Message>(each) : each))),
    ...(sampling as { [key: string]: Json }),
    ...(tools === '' ? {} : { tools: await read<ModelTool[]>(tools) }),
    ...(constraint === undefined ? {} : { constraint: await read<Constraint>(constraint) }),
  };
  return {
    ...request,
    seq,
    model,
    ...(purpose === undefined ? {} : { purpose }),
    ...(reply === undefined ? {} : { reply }),
  };
}
