/**
 * The host's side of one worker: hands it one request at a time, ends it when a program cannot be interrupted, and
 * brings its sessions back in a fresh one.
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { SandboxError } from '../record/index.ts';
import type { WasmModule } from './engine.ts';
import { type Image, isWhole } from './image.ts';
import type { EngineLimits, GuestTurn } from './interpreter.ts';
import type { Reply, Request, Roles, WorkerMessage, WorkerSetup } from './protocol.ts';

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
  images: Map<number, Image>;
  roles?: Roles;
}

const entry = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

const { WebAssembly } = globalThis as unknown as { WebAssembly: { compile(bytes: Uint8Array): Promise<WasmModule> } };

/** Sessions count from 1. */
const NOBODY = 0;
/** How far beyond its time a turn may go before its worker is ended. */
const GRACE_MS = 100;
/** How often a worker that goes on is looked at. */
const LOOK_MS = 50;
/** A turn that got hardly any processor time is ended all the same after this many times its limit. */
const SILENCE = 20;
/** A timer cannot be set for longer. */
const LONGEST_MS = 2_000_000_000;

/** Compiles the engine; workers share the compiled code. */
export async function compileEngine(): Promise<WasmModule> {
  return WebAssembly.compile(await readFile(createRequire(import.meta.url).resolve('quickjs-wasi/quickjs.wasm')));
}

/** Starts a worker. It does not keep the process alive unless a request is under way. */
export function startWorker(module: WasmModule): WorkerThread {
  const sessions = new Map<number, Held>();
  const turnStart = new SharedArrayBuffer(8);
  let worker = spawn();
  let queue: Promise<unknown> = Promise.resolve();
  let isEnded = false;
  let isGone = false;
  let waiting: { reply(reply: Reply): void; broke(problem: Error): void } | undefined;

  function spawn(): Worker {
    const workerData: WorkerSetup = { module, turnStart };
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
      if (held !== undefined) Object.assign(held, { images: new Map(message.images), roles: message.roles });
    });
    started.on('error', (problem) => {
      if (worker === started) waiting?.broke(problem);
    });
    started.on('exit', () => {
      if (worker !== started) return;
      isGone = true;
      waiting?.broke(new Error('The worker ended.'));
    });
    return started;
  }

  /** Replaces the worker. The session that ran comes back as it was before its program, the others as they are. */
  async function replace(culprit: number): Promise<void> {
    const old = worker;
    old.removeAllListeners('error').on('error', () => {});
    worker = spawn();
    isGone = false;
    await old.terminate();
    for (const [session, { limits, images, roles }] of sessions) {
      const [before, now] = [...(roles ?? [])].map((id) => images.get(id));
      if (before === undefined || now === undefined) continue;
      const abandon = session === culprit || !isWhole(now);
      const image = abandon ? before : now;
      await exchange({ op: 'revive', session, limits, before, now: image, abandon });
    }
  }

  /** Posts a request and waits; gives `undefined` when the guest computed for longer than `turnMs` and did not stop. */
  function exchange(request: Request, turnMs = Number.POSITIVE_INFINITY): Promise<Reply | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply | undefined>();
    const target = worker;
    target.ref();
    let timer: NodeJS.Timeout | undefined;
    let isOver = false;
    const began = performance.now();
    const look = async () => {
      const waitedMs = performance.now() - began;
      const usedMs = await cpuSince(target, turnStart);
      if (isOver) return;
      // The engine stops itself at `turnMs`. What goes on is a single native call that cannot be interrupted.
      if ((usedMs ?? waitedMs / 2) > turnMs + GRACE_MS || waitedMs > SILENCE * (turnMs + GRACE_MS)) resolve(undefined);
      else timer = setTimeout(look, Math.max(turnMs + GRACE_MS - (usedMs ?? 0), LOOK_MS));
    };
    if (turnMs < LONGEST_MS) timer = setTimeout(look, turnMs + GRACE_MS);
    waiting = { reply: resolve, broke: reject };
    target.postMessage(request);
    return promise.finally(() => {
      isOver = true;
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
      if (isGone) await replace(NOBODY);
      const reply = await exchange(request, isGuestWork ? held?.limits.turnMs : undefined);
      if (reply !== undefined) {
        if (reply.problem !== undefined) {
          const { problem, refused } = reply;
          if (refused === undefined) throw new SandboxError('sandbox-failed', problem);
          throw new SandboxError('snapshot-refused', problem, { problem: refused });
        }
        return reply;
      }
      await replace(session);
      return {
        turn: cutShort(
          `The program computed for more than ${held?.limits.turnMs} ms and was ended. Its variables are as before it.`,
        ),
      };
    } catch (problem) {
      if (problem instanceof SandboxError) throw problem;
      if (isEnded) throw new SandboxError('sandbox-failed', 'The session was closed while its program ran.');
      await replace(session);
      if (isGuestWork)
        return { turn: cutShort('The program broke the interpreter and was ended. Its variables are as before it.') };
      throw new SandboxError('sandbox-failed', 'The worker of the sandbox broke.', {}, problem);
    }
  }

  return {
    sessions,
    admit: (session, limits) => sessions.set(session, { limits, images: new Map() }),
    leave: (session) => sessions.delete(session),
    request(request) {
      const reply = queue.then(() => perform(request));
      queue = reply.catch(() => {});
      return reply;
    },
    end() {
      isEnded = true;
      worker.terminate();
    },
  };
}

function cutShort(message: string): GuestTurn {
  const error = { name: 'TimeoutError', message };
  return { state: 'failed', report: '{"logs":[]}', error, forced: true, redeclared: [], ms: 0 };
}

/** Milliseconds the worker computed since the turn began; `undefined` where this Node or the worker cannot tell. */
async function cpuSince(worker: Worker, turnStart: SharedArrayBuffer): Promise<number | undefined> {
  if (typeof worker.cpuUsage !== 'function') return undefined;
  const silent = new Promise<undefined>((resolve) => setTimeout(resolve, 1_000, undefined).unref());
  const usage = await Promise.race([worker.cpuUsage().catch(() => undefined), silent]);
  if (usage === undefined) return undefined;
  return (usage.user + usage.system) / 1_000 - (new Float64Array(turnStart)[0] ?? 0);
}
