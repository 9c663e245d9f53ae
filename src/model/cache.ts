/**
 * Keeps a model's replies in a JSON-lines file, and gives them again: for tests that need no model, for work that is asked
 * twice, and for arms of an experiment that ask the same.
 *
 * One line a reply: `{ key, model, request, reply, ms }`; the key is the digest of model and request. A reply that was
 * recorded several times for one request is given in the recorded order, the last one from then on.
 *
 * @module
 */
import { existsSync, readFileSync, truncateSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { digestOf, lazily, ModelError, makeFolder, noUsage, textOf } from '../record/index.ts';
import { throwIfAborted } from './cancel.ts';
import type { Model, ModelReply, ModelRequest } from './model.ts';
import { wrap } from './wrap.ts';

/** Where replies are kept, and what happens when one is missing. */
export interface CacheOptions {
  /** The JSON-lines file. Its folder is made when there is something to keep. @default replies are kept in memory */
  file?: string;
  /**
   * `fill` asks the model for what the file lacks; what it has costs nothing, and counts as no usage.
   * `share` asks for what the file lacks, too; what it has is given with the usage and the time of then, so that all who
   * ask the same are charged the same.
   * `record` always asks, and appends.
   * `replay` never asks: what was not recorded fails by name, and usage is what it was when it was recorded.
   * @default 'fill'
   */
  mode?: 'fill' | 'share' | 'record' | 'replay';
  /** Milliseconds, from any start. @default performance.now */
  now?: () => number;
}

/** A model whose replies are kept. */
export interface CachedModel extends Model {
  /** Replies that were given from what is kept, and those that the model was asked for. */
  readonly counts: { hits: number; misses: number };
}

/** A reply, and how long it took. */
interface Kept {
  reply: ModelReply;
  ms: number;
}

const lineSchema = lazily((z) =>
  z.object({ key: z.string(), reply: z.looseObject({ text: z.string() }), ms: z.number().default(0) }),
);

/**
 * Builds a model whose replies are kept. In `replay` the model is never called; only its id and abilities are used.
 *
 * @throws {ModelError} from `generate`: `model-not-recorded`, in `replay`.
 */
export function cache(model: Model, options: CacheOptions = {}): CachedModel {
  const { file, mode = 'fill', now = () => performance.now() } = options;
  let kept: Map<string, Kept[]> | undefined;
  const given = new Map<string, number>();
  const running = new Map<string, Promise<ModelReply>>();
  const counts = { hits: 0, misses: 0 };

  const ask = async (key: string, request: ModelRequest, on: Parameters<Model['generate']>[1]) => {
    counts.misses += 1;
    const began = now();
    const reply = await model.generate(request, on);
    const ms = Math.round(now() - began);
    if (file !== undefined) {
      makeFolder(dirname(file));
      await appendFile(file, `${JSON.stringify({ key, model: model.id, request: asked(request), reply, ms })}\n`);
    }
    kept!.set(key, [...(kept!.get(key) ?? []), { reply, ms }]);
    return reply;
  };

  const generate: Model['generate'] = async (request, on) => {
    throwIfAborted(request.signal);
    kept ??= file === undefined ? new Map() : read(file, mode);
    const key = digestOf([model.id, asked(request)]);
    if (mode === 'record') return ask(key, request, on);
    const began = now();

    // Asked twice at once, a request is answered by one call.
    while (running.has(key)) await running.get(key)!.catch(() => {});
    const replies = kept.get(key);
    if (replies === undefined) {
      if (mode === 'replay') throw notRecorded(model.id, file, request);
      const answer = ask(key, request, on);
      running.set(key, answer);
      return answer.finally(() => running.delete(key));
    }
    counts.hits += 1;
    const at = given.get(key) ?? 0;
    given.set(key, at + 1);
    const { reply, ms } = replies[Math.min(at, replies.length - 1)]!;
    if (reply.text !== '') on?.delta(reply.text);
    if (mode === 'fill') return { ...reply, usage: noUsage, recorded: { ms: 0 } };
    // Who waited for another's call has spent that time.
    return { ...reply, recorded: { ms: Math.max(0, ms - Math.round(now() - began)) } };
  };
  return { ...wrap(model, { generate }), counts };
}

/** What is asked, without who asks. */
function asked({ signal: _, secrets: __, ...request }: ModelRequest): Omit<ModelRequest, 'signal' | 'secrets'> {
  return request;
}

/**
 * A last line that a crash cut short is left out, and taken away where more is to come; any other that is no record is an
 * error.
 */
function read(file: string, mode: CacheOptions['mode']): Map<string, Kept[]> {
  const kept = new Map<string, Kept[]>();
  if (!existsSync(file)) return kept;
  const text = readFileSync(file, 'utf8');
  const lines = text.split('\n');
  const whole = text.lastIndexOf('\n') + 1;
  if (whole < text.length && mode !== 'replay') truncateSync(file, Buffer.byteLength(text.slice(0, whole)));
  for (const [at, line] of lines.entries()) {
    if (line === '') continue;
    const parsed = lineSchema().safeParse(parse(line));
    if (!parsed.success) {
      if (at === lines.length - 1) continue;
      throw new ModelError('model-failed', `${file}, line ${at + 1}, is no recorded reply.`, { file, line: at + 1 });
    }
    const { key, reply, ms } = parsed.data;
    kept.set(key, [...(kept.get(key) ?? []), { reply: reply as unknown as ModelReply, ms }]);
  }
  return kept;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function notRecorded(model: string, file = 'memory', { messages }: ModelRequest): ModelError {
  const last = messages.at(-1);
  const asked = last === undefined ? 'nothing' : textOf(last.parts).slice(-120);
  return new ModelError('model-not-recorded', `${file} has no reply of ${model} to a request that ends: ${asked}`, {
    model,
    file,
    asked,
  });
}
