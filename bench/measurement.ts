/**
 * What the measurements with a model share: replies that are kept, and a store of the attempts that are made with them.
 *
 * A reply is kept by all that was asked, in `replies.jsonl.br` beside the results, which is committed: a measurement that was cut off goes
 * on, on whatever machine; one that was made is made again, to the byte, by a model that is not asked; and a change of the agent asks
 * anew what it asks otherwise, and nothing else. Attempts are never kept from one run to the next: they are those of this code.
 *
 * @module
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { Arm } from '../src/eval/index.ts';
import { cache, type Model, type ModelRequest, resolveModel, wrap } from '../src/model/index.ts';
import { type RunStore, sqliteStore } from '../src/run/index.ts';

export interface MeasurementOptions {
  /** Of its store in `bench/.cache`, begun anew, to be read with `poact log`. */
  name: string;
  /** Where `replies.jsonl.br` lies. Left out, replies are kept in `bench/.cache` alone. */
  folder?: string;
  /** Forgets what was replied before. @default false */
  fresh?: boolean;
  /** @default `bench/.cache` */
  cacheFolder?: string;
  /** @default resolveModel */
  resolve?: (id: string) => Model;
}

export interface Measurement {
  store: RunStore;
  /** A model whose replies are kept, and charged to each arm that asks the same. */
  model(id: string): Model;
  /** An attempt begins that is of none of `arms`. */
  begins(attempt: string): void;
  /** The arms, each of which begins a task with an empty prefix cache, whatever ran before it and whatever is kept. */
  arms(arms: readonly Arm[]): Arm[];
  /** How often a model was asked, and how often a kept reply was given. */
  counts(): { asked: number; kept: number };
  /** Packs the replies, and lets go of models and store. */
  close(): Promise<void>;
}

/**
 * Opens a measurement. What was replied is packed when it is closed, and when the process is told to end (SIGINT, SIGTERM).
 */
export function openMeasurement(options: MeasurementOptions): Measurement {
  const { name, folder, fresh = false, resolve = resolveModel } = options;
  const { cacheFolder = fileURLToPath(new URL('.cache', import.meta.url)) } = options;
  mkdirSync(cacheFolder, { recursive: true });
  const database = join(cacheFolder, `${name}.db`);
  for (const end of ['', '-wal', '-shm']) rmSync(`${database}${end}`, { force: true });
  const replies = join(cacheFolder, `${name}-replies.jsonl`);
  const packed = folder === undefined ? undefined : join(folder, 'replies.jsonl.br');
  if (fresh) for (const file of [replies, packed]) if (file !== undefined) rmSync(file, { force: true });
  if (packed !== undefined) unpackReplies(packed, replies);

  const pack = () => packed !== undefined && packReplies(replies, packed);
  const end = (signal: NodeJS.Signals) => {
    pack();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  const models = new Map<string, { cached: ReturnType<typeof cache>; asked: Model }>();
  const store = sqliteStore(database);
  let attempt = '';
  return {
    store,
    model(id) {
      const made = models.get(id) ?? keeping(resolve(id), replies, () => attempt);
      models.set(id, made);
      return made.asked;
    },
    begins(next) {
      attempt = next;
    },
    arms: (arms) =>
      arms.map(({ name, agent }) => ({
        name,
        agent: (scene) => {
          attempt = `${scene.task.id} ${scene.seed} ${name}`;
          return agent(scene);
        },
      })),
    counts() {
      const all = [...models.values()].map(({ cached }) => cached.counts);
      const sum = (of: (counts: { hits: number; misses: number }) => number) =>
        all.reduce((total, counts) => total + of(counts), 0);
      return { asked: sum(({ misses }) => misses), kept: sum(({ hits }) => hits) };
    },
    async close() {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
      pack();
      for (const { asked } of models.values()) await asked.close?.();
      await store.close();
    },
  };
}

/** What an attempt asked last, and was told. */
interface Asked {
  attempt: string;
  request: ModelRequest;
  text: string;
}

/**
 * A model whose replies are kept. When it is asked, its prefix cache holds what it would if each attempt were alone: nothing at
 * first, and then what the attempt asked last and was told, though the kept replies told it. Nobody is charged for that.
 */
function keeping(model: Model, file: string, attempt: () => string) {
  let last: Asked | undefined;
  /** The request that the prefix cache was left with; `null` where nobody knows. */
  let held: ModelRequest | undefined | null = null;
  let primingMs = 0;
  const primed = wrap(model, {
    async generate(request, on) {
      const before = last?.attempt === attempt() ? last : undefined;
      const began = performance.now();
      if (held !== before?.request) await model.generate(before === undefined ? FORGET : upTo(before, model));
      primingMs += performance.now() - began;
      held = null;
      const reply = await model.generate(request, on);
      held = request;
      return reply;
    },
  });
  const cached = cache(primed, { mode: 'share', file, now: () => performance.now() - primingMs });
  const asked = wrap(cached, {
    async generate(request, on) {
      const reply = await cached.generate(request, on);
      last = { attempt: attempt(), request, text: reply.text };
      return reply;
    },
  });
  return { cached, asked };
}

const FORGET: ModelRequest = { messages: [{ role: 'user', parts: [{ text: 'x' }] }], maxTokens: 1 };

/** Asks nothing new: it puts a prompt and its reply into the prefix cache. */
const upTo = ({ request, text }: Asked, { can }: Model): ModelRequest => ({
  messages: request.messages,
  ...(request.tools === undefined ? {} : { tools: request.tools }),
  ...(can.prefill ? { prefill: `${request.prefill ?? ''}${text}` } : {}),
  maxTokens: 1,
});

/** Adds to the file what was packed and is not in it. */
function unpackReplies(packed: string, file: string): void {
  if (!existsSync(packed)) return;
  const here = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const known = new Set(linesOf(here).map(({ key }) => key));
  const lines = brotliDecompressSync(readFileSync(packed)).toString('utf8').split('\n').filter(Boolean);
  const missing = lines.filter((line) => !known.has((JSON.parse(line) as Line).key));
  // A line that was cut short goes.
  const whole = here.slice(0, here.lastIndexOf('\n') + 1);
  writeFileSync(file, `${whole}${missing.map((line) => `${line}\n`).join('')}`);
}

/** Replies without what was asked: the key stands for that. */
function packReplies(file: string, packed: string): void {
  if (!existsSync(file)) return;
  const lines = linesOf(readFileSync(file, 'utf8')).map(({ request: _, ...line }) => `${JSON.stringify(line)}\n`);
  const text = Buffer.from(lines.join(''));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 9,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  };
  mkdirSync(dirname(packed), { recursive: true });
  writeFileSync(packed, brotliCompressSync(text, { params }));
}

interface Line {
  key: string;
  request?: unknown;
}

function linesOf(text: string): Line[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}
