/**
 * The sandbox: QuickJS in WebAssembly, in worker threads, never on the host's own thread.
 *
 * A root session and its forks share a worker. A program that cannot be stopped is ended with its worker; every other
 * session in it goes on, and the session itself is as it was before the program.
 *
 * @module
 */
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import {
  digestOf,
  isPoactError,
  type Json,
  OptionError,
  requireNonNegative,
  requirePositive,
  SandboxError,
} from '../record/index.ts';
import type { WasmModule } from './engine.ts';
import type { EngineLimits, GuestResult } from './interpreter.ts';
import { SNAPSHOT_FORM } from './layers.ts';
import { engineLimits } from './limits.ts';
import { prepare } from './prepare.ts';
import type { Reply } from './protocol.ts';
import { rewrite } from './rewrite.ts';
import type { GuestLog, PendingCall, Program, RestoreOptions, Sandbox, Session, SettledCall, Turn } from './sandbox.ts';
import { compileEngine, startWorker, type WorkerThread } from './worker-thread.ts';

/** What {@link quickjs} is built from. Nothing is needed. */
export interface QuickjsOptions {
  /** Most worker threads; beyond it, sessions share workers. @default the processors there are, at least 2 */
  workers?: number;
  /** Workers that are kept warm when no session is in them. @default 1 */
  idleWorkers?: number;
}

/** Names a tool or a variable may not have: without them a program has no language left. */
const RESERVED = new Set(['globalThis', 'undefined', 'NaN', 'Infinity', 'eval', 'arguments', 'answer', 'console']);

/**
 * Builds a sandbox. Workers start with the first session and do not keep the process alive.
 *
 * @throws {OptionError} `workers` is not a whole number of at least 1, or `idleWorkers` is less than 0.
 * @example
 * ```ts
 * const session = await quickjs().open({ tools: ['price'] });
 * const turn = await session.start({ source: "await price({ item: 'lamp' })", now: 0 }); // waits for the call with id 1
 * await session.settle([{ id: 1, value: 20 }], 0); // { state: 'done', value: { text: '20', json: 20 }, … }
 * ```
 */
export function quickjs(options: QuickjsOptions = {}): Sandbox {
  const { workers = Math.max(2, availableParallelism()), idleWorkers = 1 } = options;
  requirePositive({ workers });
  requireNonNegative({ idleWorkers });
  const { version } = createRequire(import.meta.url)('quickjs-wasi/package.json') as { version: string };
  const engine = `quickjs-wasi ${version}/${SNAPSHOT_FORM}`;
  const threads: WorkerThread[] = [];
  let module: Promise<WasmModule> | undefined;
  let sessions = 0;

  async function place(limits: EngineLimits): Promise<{ thread: WorkerThread; id: number }> {
    module ??= compileEngine();
    const compiled = await module;
    const [calmest] = [...threads].sort((a, b) => a.sessions.size - b.sessions.size);
    let thread = calmest;
    if (thread === undefined || (thread.sessions.size > 0 && threads.length < workers)) {
      thread = startWorker(compiled);
      threads.push(thread);
    }
    const id = ++sessions;
    thread.admit(id, limits);
    return { thread, id };
  }

  function leave(thread: WorkerThread, id: number): void {
    const isHeld = thread.sessions.has(id);
    if (!isHeld) return;
    thread.request({ op: 'close', session: id }).catch(() => {});
    thread.leave(id);
    const idle = threads.filter((other) => other.sessions.size === 0);
    for (const other of idle.slice(idleWorkers)) {
      threads.splice(threads.indexOf(other), 1);
      other.end();
    }
  }

  function sessionOf(home: Home, waiting: Map<number, PendingCall>, isBusy: boolean): Session {
    const { thread, id, limits, tools } = home;
    const pending = new Map(waiting);
    let busy = isBusy;
    let isOpen = true;

    const demand = (condition: boolean, problem: string) => {
      if (!condition) throw new SandboxError('sandbox-failed', problem, { session: id });
    };
    const demandOpen = () => demand(isOpen, 'The session is closed.');

    function turnOf({ turn, names = [] }: Reply): Turn {
      if (turn === undefined) throw new SandboxError('sandbox-failed', 'The worker gave no turn.');
      const { dropped = [], calls = [], logs, ...said } = JSON.parse(turn.report) as Report;
      for (const gone of dropped) pending.delete(gone);
      for (const call of calls) pending.set(call.id, call);
      busy = turn.state === 'waiting';
      if (!busy) pending.clear();
      const facts = {
        logs: logs.map(({ same, ...log }): GuestLog => (same === true ? { ...log, value: log.text } : log)),
        ...said,
        ...(turn.redeclared.length > 0 ? { redeclared: turn.redeclared } : {}),
        ...(names.length > 0 ? { names: names.map(([name, kind]) => ({ name, kind })) } : {}),
        ms: turn.ms,
      };
      if (turn.state === 'done') return { ...facts, state: 'done' };
      if (turn.state === 'waiting') return { ...facts, state: 'waiting', calls: [...pending.values()] };
      return { ...facts, state: 'failed', error: turn.error ?? { name: 'Error', message: 'The program failed.' } };
    }

    return {
      async start({ source, now }: Program): Promise<Turn> {
        demandOpen();
        demand(!busy, 'The session’s program still waits: settle its calls before starting another.');
        busy = true;
        let program: ReturnType<typeof rewrite>;
        let map: ReturnType<typeof prepare>['map'];
        try {
          const prepared = prepare(source);
          map = prepared.map;
          program = rewrite(prepared.js);
        } catch (problem) {
          busy = false;
          if (!isPoactError(problem)) throw problem;
          return {
            state: 'failed',
            logs: [],
            ms: 0,
            error: { name: 'SyntaxError', message: problem.message, ...problem.facts },
          };
        }
        const { js, declared, valued, shifts } = program;
        const positions = { ...(shifts.length > 0 ? { shifts } : {}), ...(map ? { map } : {}) };
        const sent = { js, declared, valued, positions, now };
        try {
          return turnOf(await thread.request({ op: 'run', session: id, program: sent }));
        } catch (problem) {
          busy = false;
          throw problem;
        }
      },

      async settle(results: readonly SettledCall[], now: number): Promise<Turn> {
        demandOpen();
        demand(busy, 'No program waits in this session.');
        const texts = results.map((result): GuestResult => {
          const call = pending.get(result.id);
          demand(call !== undefined, `No call with id ${result.id} waits in this session.`);
          return 'error' in result ? result : resultText(result.id, result.value, call?.tool ?? '', limits.valueBytes);
        });
        for (const { id: settled } of texts) pending.delete(settled);
        return turnOf(await thread.request({ op: 'settle', session: id, results: texts, now }));
      },

      async define(globals): Promise<void> {
        demandOpen();
        await thread.request({ op: 'define', session: id, globals: globalTexts(globals) });
      },

      async snapshot({ over = [] } = {}) {
        demandOpen();
        const { bytes = new Uint8Array(), below = [] } = await thread.request({ op: 'snapshot', session: id, over });
        return { engine, tools, bytes, below };
      },

      async fork() {
        demandOpen();
        const as = ++sessions;
        thread.admit(as, limits);
        await thread.request({ op: 'fork', session: id, as });
        return sessionOf({ ...home, id: as }, pending, busy);
      },

      close() {
        isOpen = false;
        leave(thread, id);
      },
    };
  }

  return {
    engine,

    async open({ tools, words = [], globals = {}, limits, seed = 1 }) {
      const allowed = engineLimits(limits);
      for (const name of tools) requireName('tools', name);
      for (const name of words) requireName('words', name);
      const all = [...tools, ...words];
      const texts = globalTexts(globals);
      const { thread, id } = await place(allowed);
      try {
        await thread.request({ op: 'open', session: id, limits: allowed, tools: all, seed, globals: texts });
      } catch (problem) {
        leave(thread, id);
        throw problem;
      }
      return sessionOf({ thread, id, limits: allowed, tools: toolsDigest(tools) }, new Map(), false);
    },

    async restore(snapshot, { tools, limits, read }) {
      const allowed = engineLimits(limits);
      const digest = toolsDigest(tools);
      if (snapshot.engine !== engine) {
        const message = `The snapshot is of the engine ${snapshot.engine}; this one is ${engine}.`;
        throw new SandboxError('snapshot-refused', message, { problem: 'engine', of: snapshot.engine, here: engine });
      }
      if (snapshot.tools !== digest) {
        const message = 'The snapshot is of another set of tools than the one given.';
        throw new SandboxError('snapshot-refused', message, { problem: 'tools', of: snapshot.tools, here: digest });
      }
      const layers = await Promise.all([...snapshot.below.map((name) => layer(name, read)), snapshot.bytes]);
      const { thread, id } = await place(allowed);
      try {
        const { pending = '[]', busy = false } = await thread.request({
          op: 'restore',
          session: id,
          limits: allowed,
          layers,
        });
        const calls = JSON.parse(pending) as PendingCall[];
        const waiting = new Map(calls.map((call) => [call.id, call]));
        return sessionOf({ thread, id, limits: allowed, tools: digest }, waiting, busy);
      } catch (problem) {
        leave(thread, id);
        throw problem;
      }
    },
  };
}

/** Where a session lives. */
interface Home {
  thread: WorkerThread;
  id: number;
  limits: EngineLimits;
  /** Digest of its tools' names. */
  tools: string;
}

/** The guest's report of a turn. */
interface Report {
  logs: (GuestLog & { same?: true })[];
  value?: { text: string; json?: Json };
  answer?: { value: Json };
  calls?: PendingCall[];
  dropped?: number[];
}

async function layer(name: string, read: RestoreOptions['read']): Promise<Uint8Array> {
  const bytes = await read?.(name);
  if (bytes !== undefined) return bytes;
  const message = `The snapshot lies on another, ${name}, which is not there.`;
  throw new SandboxError('snapshot-refused', message, { problem: 'missing', name });
}

const toolsDigest = (tools: readonly string[]) => digestOf([...tools].sort());

function requireName(option: string, name: string): void {
  if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && !RESERVED.has(name)) return;
  throw new OptionError(option, `\`${name}\` cannot be the name of a global.`);
}

function globalTexts(globals: { readonly [name: string]: Json }): [name: string, json: string][] {
  return Object.entries(globals).map(([name, value]) => {
    requireName('globals', name);
    return [name, JSON.stringify(value) ?? 'null'];
  });
}

function resultText(id: number, value: Json, tool: string, valueBytes: number): GuestResult {
  let json: string;
  try {
    json = JSON.stringify(value) ?? 'null';
  } catch {
    return { id, error: { name: 'TypeError', message: `The result of ${tool} cannot be written as JSON.` } };
  }
  if (json.length <= valueBytes) return { id, json };
  const message = `The result of ${tool} is ${json.length} characters of JSON; at most ${valueBytes} are taken.`;
  return { id, error: { name: 'RangeError', message } };
}
