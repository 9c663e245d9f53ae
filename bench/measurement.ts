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
import { cache, type Model, resolveModel, wrap } from '../src/model/index.ts';
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
  /** A task begins, under an arm that is none of `arms`. */
  begins(task: string): void;
  /** The arms, each of which begins a task with an empty prefix cache, whatever ran before it. */
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
  const models = new Map<string, ReturnType<typeof cache>>();
  const store = sqliteStore(database);
  let task = '';
  return {
    store,
    model(id) {
      const made =
        models.get(id) ??
        cache(
          forgetful(resolve(id), () => task),
          { mode: 'share', file: replies },
        );
      models.set(id, made);
      return made;
    },
    begins(next) {
      task = next;
    },
    arms: (arms) =>
      arms.map(({ name, agent }) => ({
        name,
        agent: (scene) => {
          task = `${scene.task.id} ${scene.seed}`;
          return agent(scene);
        },
      })),
    counts() {
      const all = [...models.values()].map(({ counts }) => counts);
      const sum = (of: (counts: { hits: number; misses: number }) => number) =>
        all.reduce((total, counts) => total + of(counts), 0);
      return { asked: sum(({ misses }) => misses), kept: sum(({ hits }) => hits) };
    },
    async close() {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
      pack();
      for (const model of models.values()) await model.close?.();
      await store.close();
    },
  };
}

/** A model that forgets the last prompt where another task begins. */
function forgetful(model: Model, task: () => string): Model {
  let last: string | undefined;
  return wrap(model, {
    async generate(request, on) {
      if (last !== task()) {
        last = task();
        await model.generate({ messages: [{ role: 'user', parts: [{ text: 'x' }] }], maxTokens: 1 });
      }
      return model.generate(request, on);
    },
  });
}

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
