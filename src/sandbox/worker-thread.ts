/**
 * The host's side of one worker: hands it one request at a time, ends it when a program cannot be interrupted, and
 * brings its sessions back in a fresh one.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { SandboxError } from '../record/index.ts';
import { type Image, isWhole } from './image.ts';
import type { EngineLimits, GuestTurn, WasmModule } from './interpreter.ts';
import type { Reply, Request, WorkerMessage, WorkerSetup } from './protocol.ts';

/** A worker and the sessions in it. */
export interface WorkerThread {
  readonly sessions: ReadonlyMap<number, unknown>;
  /**
   * @throws {SandboxError} `sandbox-failed`: the worker refused, or broke.
   */
  request(request: Request): Promise<Reply>;
  /** Takes a session in, before it is opened. */
  admit(session: number, limits: EngineLimits): void;
  leave(session: number): void;
  end(): void;
}

interface Held {
  limits: EngineLimits;
  before?: Image;
  now?: Image;
}

const entry = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

const { WebAssembly } = globalThis as unknown as { WebAssembly: { compile(bytes: Uint8Array): Promise<WasmModule> } };

/** Compiles the engine; workers share the compiled code. */
export async function compileEngine(): Promise<WasmModule> {
  return WebAssembly.compile(await readFile(createRequire(import.meta.url).resolve('quickjs-wasi/quickjs.wasm')));
}

/** Starts a worker. It does not keep the process alive unless a request is under way. */
export function startWorker(module: WasmModule): WorkerThread {
  const sessions = new Map<number, Held>();
  const heartbeat = new SharedArrayBuffer(4);
  const beats = new Int32Array(heartbeat);
  let worker = spawn();
  let queue: Promise<unknown> = Promise.resolve();
  let waiting: { reply(reply: Reply): void; broke(problem: Error): void } | undefined;

  function spawn(): Worker {
    const workerData: WorkerSetup = { module, secret: randomBytes(12).toString('hex'), heartbeat };
    const started = new Worker(entry, {
      workerData,
      env: {},
      argv: [],
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdin: false,
      // Deep guest recursion ends at the engine's own limit, long before this.
      resourceLimits: { stackSizeMb: 16 },
    });
    started.unref();
    started.on('message', (message: WorkerMessage) => {
      if (worker !== started) return;
      if ('reply' in message) return waiting?.reply(message.reply);
      const held = sessions.get(message.session);
      if (held !== undefined) Object.assign(held, { before: message.before, now: message.now });
    });
    started.on('error', (problem) => {
      if (worker === started) waiting?.broke(problem);
    });
    return started;
  }

  /** Replaces the worker. The session that ran comes back as it was before its program, the others as they are. */
  async function replace(culprit: number): Promise<void> {
    const old = worker;
    old.removeAllListeners('error').on('error', () => {});
    worker = spawn();
    await old.terminate();
    for (const [session, { limits, before, now }] of sessions) {
      if (before === undefined || now === undefined) continue;
      const abandon = session === culprit || !isWhole(now);
      const image = abandon ? before : now;
      await exchange({ op: 'revive', session, limits, before, now: image, abandon }, Number.POSITIVE_INFINITY);
    }
  }

  /** Posts a request and waits; gives `undefined` when nothing was interruptible for `silenceMs`. */
  function exchange(request: Request, silenceMs: number): Promise<Reply | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply | undefined>();
    const target = worker;
    target.ref();
    let timer: NodeJS.Timeout | undefined;
    if (Number.isFinite(silenceMs)) {
      let last = Atomics.load(beats, 0);
      const look = () => {
        const beat = Atomics.load(beats, 0);
        if (beat === last) return resolve(undefined);
        last = beat;
        timer = setTimeout(look, silenceMs);
      };
      timer = setTimeout(look, silenceMs);
    }
    waiting = { reply: resolve, broke: reject };
    target.postMessage(request);
    return promise.finally(() => {
      waiting = undefined;
      clearTimeout(timer);
      target.unref();
    });
  }

  async function perform(request: Request): Promise<Reply> {
    const { op, session } = request;
    const held = sessions.get(session);
    const isGuestWork = op === 'run' || op === 'settle';
    try {
      const limit = isGuestWork && held !== undefined ? held.limits.turnMs : Number.POSITIVE_INFINITY;
      const reply = await exchange(request, Math.min(limit, 2_147_483_647));
      if (reply !== undefined) {
        if (reply.problem !== undefined) throw new SandboxError('sandbox-failed', reply.problem);
        return reply;
      }
      await replace(session);
      return {
        turn: cutShort(
          `The program could not be interrupted for ${limit} ms and was ended. Its variables are as before it.`,
        ),
      };
    } catch (problem) {
      if (problem instanceof SandboxError) throw problem;
      await replace(session);
      if (isGuestWork)
        return { turn: cutShort('The program broke the interpreter and was ended. Its variables are as before it.') };
      throw new SandboxError('sandbox-failed', 'The worker of the sandbox broke.', {}, problem);
    }
  }

  return {
    sessions,
    admit: (session, limits) => sessions.set(session, { limits }),
    leave: (session) => sessions.delete(session),
    request(request) {
      const reply = queue.then(() => perform(request));
      queue = reply.catch(() => {});
      return reply;
    },
    end() {
      worker.terminate();
    },
  };
}

function cutShort(message: string): GuestTurn {
  const error = { name: 'TimeoutError', message };
  return { state: 'failed', report: '{"logs":[]}', error, forced: true, redeclared: [], ms: 0 };
}
