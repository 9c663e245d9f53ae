/**
 * Keeps a model's replies in a JSON-lines file, and gives them again: for tests that need no model, and for work that
 * is asked twice.
 *
 * One line a reply: `{ key, model, request, reply }`; the key is the digest of model and request. A reply that was
 * recorded several times for one request is given in the recorded order, the last one from then on.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { digestOf, lazily, ModelError, noUsage, textOf } from '../record/index.ts';
import { throwIfAborted } from './cancel.ts';
import type { Model, ModelReply, ModelRequest } from './model.ts';
import { wrap } from './wrap.ts';

/** Where replies are kept, and what happens when one is missing. */
export interface CacheOptions {
  /** The JSON-lines file. Its folder is made when there is something to keep. */
  file: string;
  /**
   * `fill` asks the model for what the file lacks; what it has costs nothing, and counts as no usage.
   * `record` always asks, and appends.
   * `replay` never asks: what was not recorded fails by name, and usage is what it was when it was recorded.
   * @default 'fill'
   */
  mode?: 'fill' | 'record' | 'replay';
}

const lineSchema = lazily((z) => z.object({ key: z.string(), reply: z.looseObject({ text: z.string() }) }));

/**
 * Builds a model whose replies are kept. In `replay` the model is never called; only its id and abilities are used.
 *
 * @throws {ModelError} from `generate`: `model-not-recorded`, in `replay`.
 */
export function cache(model: Model, options: CacheOptions): Model {
  const { file, mode = 'fill' } = options;
  let kept: Map<string, ModelReply[]> | undefined;
  const given = new Map<string, number>();
  const running = new Map<string, Promise<ModelReply>>();

  const ask = async (key: string, request: ModelRequest, on: Parameters<Model['generate']>[1]) => {
    const reply = await model.generate(request, on);
    await mkdir(dirname(file), { recursive: true });
    await appendFile(file, `${JSON.stringify({ key, model: model.id, request: asked(request), reply })}\n`);
    kept!.set(key, [...(kept!.get(key) ?? []), reply]);
    return reply;
  };

  return wrap(model, {
    async generate(request, on) {
      throwIfAborted(request.signal);
      kept ??= read(file);
      const key = digestOf([model.id, asked(request)]);
      if (mode === 'record') return ask(key, request, on);

      // Asked twice at once, a request is answered by one call.
      while (running.has(key)) await running.get(key)!.catch(() => {});
      const replies = kept.get(key);
      if (replies === undefined) {
        if (mode === 'replay') throw notRecorded(model.id, file, request);
        const answer = ask(key, request, on);
        running.set(key, answer);
        return answer.finally(() => running.delete(key));
      }
      const at = given.get(key) ?? 0;
      given.set(key, at + 1);
      const reply = replies[Math.min(at, replies.length - 1)]!;
      if (reply.text !== '') on?.delta(reply.text);
      return mode === 'replay' ? { ...reply } : { ...reply, usage: noUsage };
    },
  });
}

/** What is asked, without who asks. */
function asked({ signal: _, secrets: __, ...request }: ModelRequest): Omit<ModelRequest, 'signal' | 'secrets'> {
  return request;
}

/** A last line that a crash cut short is left out; any other that is no record is an error. */
function read(file: string): Map<string, ModelReply[]> {
  const kept = new Map<string, ModelReply[]>();
  if (!existsSync(file)) return kept;
  const lines = readFileSync(file, 'utf8').split('\n');
  for (const [at, line] of lines.entries()) {
    if (line === '') continue;
    const parsed = lineSchema().safeParse(parse(line));
    if (!parsed.success) {
      if (at === lines.length - 1) continue;
      throw new ModelError('model-failed', `${file}, line ${at + 1}, is no recorded reply.`, { file, line: at + 1 });
    }
    const { key, reply } = parsed.data;
    kept.set(key, [...(kept.get(key) ?? []), reply as unknown as ModelReply]);
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

function notRecorded(model: string, file: string, { messages }: ModelRequest): ModelError {
  const last = messages.at(-1);
  const asked = last === undefined ? 'nothing' : textOf(last.parts).slice(-120);
  return new ModelError('model-not-recorded', `${file} has no reply of ${model} to a request that ends: ${asked}`, {
    model,
    file,
    asked,
  });
}
