/**
 * Checks programs with the TypeScript compiler before they run, in a worker, so that nobody waits for it.
 *
 * @module
 */
import { Worker } from 'node:worker_threads';
import type { Finding } from '../../record/index.ts';
import type { WrittenValue } from '../written-values.ts';
import type { CheckRuleName } from './rules.ts';

/** What is checked, and what the program may lean on. */
export interface CheckRequest {
  /** The program, as the model wrote it. */
  source: string;
  /** Declarations of the tools, as `declareTools` gives them. */
  tools: string;
  /** Declarations of the data variables. */
  data: string;
  /** The programs that ran in this session before, oldest first. */
  session: readonly string[];
  /** Rules that are switched off. @default none */
  off?: readonly CheckRuleName[];
  /** Values that the task names, as programs write them and as it does. @default none */
  written?: readonly WrittenValue[];
}

/** What came of a check. `block` is provable; `warn` is uncertain, or was amended. */
export interface CheckResult {
  findings: Finding[];
  /** The program as mended; it runs instead. Never together with a `block`. */
  amended?: string;
}

/** Checks programs one after another. Nothing is kept between checks but caches. */
export interface Checker {
  /** Never throws for what a program says; a check that itself fails gives one finding `check-failed`, a warning. */
  check(request: CheckRequest): Promise<CheckResult>;
  /** Stops the worker. A later check starts it again. */
  close(): void;
}

/** What {@link createChecker} may be told. */
export interface CheckerOptions {
  /** Longest check of one program, in milliseconds, loading the compiler included. @default 20_000 */
  checkMs?: number;
}

/** Long texts travel to the worker once, and are known by a number from then on. */
export interface CheckMessage {
  id: number;
  source: string;
  tools: number;
  data: number;
  session: number[];
  off: readonly CheckRuleName[];
  written: readonly WrittenValue[];
  texts: [number, string][];
  forget: number[];
}

export interface CheckReply {
  id: number;
  result: CheckResult;
}

const MOST_TEXTS = 2_000;

/**
 * A checker with its own worker, which starts with the first check and does not keep the process alive.
 *
 * @example
 * ```ts
 * const checker = createChecker();
 * const declared = 'declare function price(args: { item: string }): Promise<number>;';
 * const { findings } = await checker.check({ source: 'answer(await prise({ item: "lamp" }))', tools: declared, data: '', session: [] });
 * findings[0]; // { rule: 'ts2552', severity: 'block', message: "Cannot find name 'prise'. Did you mean 'price'?", … }
 * ```
 */
export function createChecker({ checkMs = 20_000 }: CheckerOptions = {}): Checker {
  let worker: Worker | undefined;
  const waiting = new Map<number, (result: CheckResult) => void>();
  const known = new Map<string, number>();
  let lastId = 0;
  let lastText = 0;
  let queue: Promise<unknown> = Promise.resolve();

  function start(): Worker {
    const started = new Worker(entry(), { execArgv: ['--disable-warning=ExperimentalWarning'], env: {}, argv: [] });
    started.unref();
    started.on('message', ({ id, result }: CheckReply) => settle(id, result));
    started.on('error', (error) => stop(started, error.message));
    return started;
  }

  function settle(id: number, result: CheckResult): void {
    const reply = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker?.unref();
    reply?.(result);
  }

  function stop(which: Worker | undefined, why: string): void {
    if (which === undefined || which !== worker) return;
    worker = undefined;
    known.clear();
    void which.terminate();
    for (const id of [...waiting.keys()]) settle(id, failed(why));
  }

  /** The number of a text, and what the worker has to be told of it. */
  function numberOf(text: string, texts: [number, string][]): number {
    const seen = known.get(text);
    if (seen !== undefined) {
      // Used again: the last to be forgotten.
      known.delete(text);
      known.set(text, seen);
      return seen;
    }
    lastText += 1;
    known.set(text, lastText);
    texts.push([lastText, text]);
    return lastText;
  }

  function forgotten(keep: ReadonlySet<number>): number[] {
    const forget: number[] = [];
    for (const [text, number] of known) {
      if (known.size <= MOST_TEXTS) break;
      if (keep.has(number)) continue;
      known.delete(text);
      forget.push(number);
    }
    return forget;
  }

  async function checkNow({
    source,
    tools,
    data,
    session,
    off = [],
    written = [],
  }: CheckRequest): Promise<CheckResult> {
    worker ??= start();
    const running = worker;
    running.ref();
    lastId += 1;
    const id = lastId;
    const texts: [number, string][] = [];
    const message: CheckMessage = {
      id,
      source,
      tools: numberOf(tools, texts),
      data: numberOf(data, texts),
      session: session.map((program) => numberOf(program, texts)),
      off,
      written,
      texts,
      forget: [],
    };
    message.forget = forgotten(new Set([message.tools, message.data, ...message.session]));
    const timer = setTimeout(() => stop(running, `it took longer than ${checkMs} ms`), checkMs);
    try {
      return await new Promise<CheckResult>((resolve) => {
        waiting.set(id, resolve);
        running.postMessage(message);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    check(request) {
      // One at a time: the time of a check is its own.
      const checked = queue.then(() => checkNow(request));
      queue = checked;
      return checked;
    },
    close: () => stop(worker, 'the checker was closed'),
  };
}

/** A check that could not be made says nothing against the program. */
export function failed(why: string): CheckResult {
  return { findings: [{ rule: 'check-failed', severity: 'warn', message: `The program was not checked: ${why}.` }] };
}

/** The worker's file, in the form this one has. */
function entry(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
}
