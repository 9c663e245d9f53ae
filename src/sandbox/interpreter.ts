/**
 * One interpreter: a QuickJS in WebAssembly with the guest bridge in it. Runs on the thread it is called on, so only
 * the sandbox's worker calls it.
 *
 * After a turn that says `forced`, the memory may be in any state: throw the interpreter away and start another from
 * an earlier image.
 *
 * @module
 */
import { EvalFlags, JSException, type JSValueHandle } from 'quickjs-wasi';
import type { GuestError } from '../record/index.ts';
import { type Engine, instantiate } from './engine.ts';
import type { GuestBridge, GuestSettings } from './guest-bridge.ts';
import { guestErrorOf } from './guest-error.ts';
import { type Image, readImage, type SessionFacts, writeImage } from './image.ts';
import type { Positions } from './positions.ts';
import type { DeclarationKind } from './rewrite.ts';

/** What an interpreter may use. */
export interface EngineLimits {
  memoryBytes: number;
  turnMs: number;
  stackBytes: number;
  outputChars: number;
  pendingCalls: number;
  valueBytes: number;
}

/** A rewritten program. */
export interface GuestProgram {
  js: string;
  declared: { name: string; kind: DeclarationKind }[];
  valued: boolean;
  positions: Positions;
  now: number;
}

/** A result as text. */
export type GuestResult = { id: number; json: string } | { id: number; error: { name: string; message: string } };

/** How a turn ended; `report` is the guest's own text (see `GuestBridge.report`). */
export interface GuestTurn {
  state: 'done' | 'failed' | 'waiting';
  report: string;
  error?: GuestError;
  /** Ended by force: nothing of the program stays. */
  forced: boolean;
  redeclared: string[];
  ms: number;
}

export interface Interpreter {
  readonly facts: SessionFacts;
  run(program: GuestProgram): GuestTurn;
  settle(results: readonly GuestResult[], now: number): GuestTurn;
  /** @throws what the guest's parser says of the text, or that memory is full. */
  define(name: string, json: string): void;
  /** All pending calls, as JSON. */
  pending(): string;
  /** Forgets the program that was running. */
  abandon(): void;
  image(spare?: Image): Image;
  dispose(): void;
}

/** Told the thread's processor time, in milliseconds, at which a turn begins. */
export type OnTurn = (cpuMs: number) => void;

/** A session that keeps more than this part of its memory has too little left to go on. */
const SLACK = 0.85;

const STUCK: GuestError = {
  name: 'StuckError',
  message: 'The program waits for a promise that nothing can settle any more.',
};

/** An interpreter that goes on from an image. With `settings` it is a new session: the image must be the blank one. */
export async function openInterpreter(
  engine: Engine,
  image: Image,
  limits: EngineLimits,
  onTurn: OnTurn,
  settings?: Pick<GuestSettings, 'tools' | 'seed'>,
): Promise<Interpreter> {
  const { memory: content, pointers, facts } = readImage(image);
  let cpuStart = Number.POSITIVE_INFINITY;
  let wasInterrupted = false;
  const cpuMs = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  };
  const interrupt = () => {
    if (cpuMs() - cpuStart <= limits.turnMs) return false;
    wasInterrupted = true;
    return true;
  };
  /** Rejected promises without a handler. While one is kept, its identity is nobody else's, in every copy of the memory. */
  const rejections = new Map<number, { promise?: JSValueHandle; reason?: JSValueHandle }>(
    facts.unhandled.map(([identity]) => [identity, {}]),
  );
  const forget = (identity: number) => {
    const { promise, reason } = rejections.get(identity) ?? {};
    rejections.delete(identity);
    promise?.dispose();
    reason?.dispose();
  };
  const onRejection = (promise: JSValueHandle, reason: JSValueHandle, isHandled: boolean) => {
    if (isHandled) forget(promise.identity);
    else rejections.set(promise.identity, { promise: promise.dup(), reason: reason.dup() });
  };
  const { vm, memory } = await instantiate(
    engine.module,
    limits,
    () => facts.now,
    { interrupt, onRejection },
    {
      memory: content,
      ...pointers,
    },
  );
  const bridge = vm.importHandle(facts.bridge);
  const methods = new Map<keyof GuestBridge, JSValueHandle>();
  const call = (method: keyof GuestBridge, ...args: (JSValueHandle | string | number | boolean)[]): JSValueHandle => {
    let bound = methods.get(method);
    if (bound === undefined) {
      bound = bridge.getProp(method);
      methods.set(method, bound);
    }
    const handles = args.map((arg) => {
      if (typeof arg === 'string') return vm.newString(arg);
      if (typeof arg === 'number') return vm.newNumber(arg);
      return typeof arg === 'boolean' ? (arg ? vm.true : vm.false) : arg;
    });
    try {
      return vm.callFunction(bound, vm.undefined, ...handles);
    } finally {
      args.forEach((arg, at) => {
        if (typeof arg === 'string' || typeof arg === 'number') handles[at]?.dispose();
      });
    }
  };
  const textOf = (method: keyof GuestBridge, ...args: (JSValueHandle | string | number)[]) =>
    call(method, ...args).consume((handle) => handle.toString());

  if (settings !== undefined) {
    const most = (limit: number) => Math.min(limit, Number.MAX_SAFE_INTEGER);
    const guest: GuestSettings = {
      ...settings,
      outputChars: most(limits.outputChars),
      pendingCalls: most(limits.pendingCalls),
      valueChars: most(limits.valueBytes),
    };
    call('setup', JSON.stringify(guest)).dispose();
  }

  /** Runs `work` and all jobs after it, and reads what came of it. */
  function turn(now: number, redeclared: string[], work: () => GuestError | undefined): GuestTurn {
    facts.now = now;
    wasInterrupted = false;
    cpuStart = cpuMs();
    onTurn(cpuStart);
    const started = performance.now();
    const ended = (
      outcome: Pick<GuestTurn, 'state' | 'report'> & { error?: GuestError; forced?: boolean },
    ): GuestTurn => {
      if (outcome.state !== 'waiting' && outcome.forced !== true) finish(outcome.state);
      cpuStart = Number.POSITIVE_INFINITY;
      return { forced: false, ...outcome, redeclared, ms: performance.now() - started };
    };
    const force = (error: GuestError) => {
      cpuStart = Number.POSITIVE_INFINITY;
      return ended({ state: 'failed', report: output(), error, forced: true });
    };
    try {
      const problem = work();
      if (problem !== undefined) {
        call('abandon').dispose();
        return isFull(problem) ? force(full()) : ended({ state: 'failed', report: '{"logs":[]}', error: problem });
      }
      vm.executePendingJobs();
      noteRejections();
      let report = textOf('report');
      if (wasInterrupted) return force(late());
      const kind = report[0];
      report = report.slice(1);
      if (kind === 'o') return ended({ state: 'failed', report, error: tooMany(), forced: true });
      if (kind === 'w') return ended({ state: 'waiting', report });
      let error: GuestError | undefined;
      if (kind === 'f') error = placed(textOf('failure'));
      else if (kind === 'i') error = STUCK;
      const [unhandled] = facts.unhandled;
      if (error === undefined && unhandled !== undefined) error = placed(unhandled[1]);
      call('abandon').dispose();
      if (wasInterrupted) return force(late());
      if (error !== undefined && isFull(error)) return force(full());
      if (isCrowded()) return ended({ state: 'failed', report, error: full(), forced: true });
      return error === undefined ? ended({ state: 'done', report }) : ended({ state: 'failed', report, error });
    } catch (problem) {
      if (wasInterrupted) return force(late());
      return force(isFull(problem) || isCrowded() ? full() : broken(problem));
    }
  }

  /** What was logged before the end, where the guest can still say it. */
  function output(): string {
    try {
      return `{"logs":${textOf('logs')}}`;
    } catch {
      return '{"logs":[]}';
    }
  }

  function noteRejections(): void {
    const known = new Map(facts.unhandled);
    facts.unhandled = [];
    for (const [identity, rejection] of rejections) {
      const { reason } = rejection;
      const error = known.get(identity) ?? (reason === undefined ? '{}' : textOf('describe', reason));
      reason?.dispose();
      delete rejection.reason;
      facts.unhandled.push([identity, error]);
    }
  }

  function finish(state: 'done' | 'failed'): void {
    facts.busy = false;
    facts.unhandled = [];
    for (const identity of [...rejections.keys()]) forget(identity);
    for (const name of facts.shadowed) call('reinstall', name).dispose();
    facts.shadowed = [];
    if (state === 'failed') {
      // A declaration that was never reached is none.
      const unreached = new Set(
        facts.fresh.filter((name) => !call('holds', name).consume((handle) => handle.toBoolean())),
      );
      facts.names = facts.names.filter(([name]) => !unreached.has(name));
    }
    facts.fresh = [];
  }

  const placed = (json: string): GuestError => guestErrorOf(JSON.parse(json), facts.positions);
  const late = (): GuestError => ({
    name: 'TimeoutError',
    message: `The program computed for more than ${limits.turnMs} ms and was ended. Its variables are as before it.`,
  });
  const full = (): GuestError => ({
    name: 'MemoryError',
    message: `The program needed more than ${limits.memoryBytes} bytes of memory and was ended. Its variables are as before it.`,
  });
  const tooMany = (): GuestError => ({
    name: 'LimitError',
    message: `More than ${limits.pendingCalls} calls would wait at once: await them in smaller groups. The program was ended, its variables are as before it.`,
  });
  const isCrowded = () => {
    if (memory().buffer.byteLength < limits.memoryBytes * SLACK) return false;
    return vm.getMemoryUsage().mallocSize > limits.memoryBytes * SLACK;
  };

  return {
    facts,
    run({ js, declared, valued, positions, now }) {
      facts.programs++;
      facts.busy = true;
      const file = `program${facts.programs}.ts`;
      if (positions.map !== undefined || (positions.shifts?.length ?? 0) > 0)
        facts.positions[facts.programs] = positions;
      const names = new Map(facts.names);
      const redeclared = declared.map(({ name }) => name).filter((name) => names.has(name));
      return turn(now, redeclared, () => {
        let main: JSValueHandle;
        try {
          main = vm.evalCode(js, file, EvalFlags.ASYNC | EvalFlags.STRICT);
        } catch (problem) {
          if (!(problem instanceof JSException) || wasInterrupted) throw problem;
          const json = textOf('describe', problem.handle);
          problem.dispose();
          return placed(json);
        }
        for (const { name, kind } of declared) {
          if (call('isBuiltin', name).consume((handle) => handle.toBoolean())) facts.shadowed.push(name);
          else {
            if (!names.has(name)) facts.fresh.push(name);
            names.set(name, kind);
          }
        }
        facts.names = [...names];
        forget(main.identity);
        call('begin', main, valued).dispose();
        main.dispose();
        return undefined;
      });
    },
    settle: (results, now) =>
      turn(now, [], () => {
        for (const result of results) {
          if ('json' in result) call('resolve', result.id, result.json).dispose();
          else call('reject', result.id, result.error.name, result.error.message).dispose();
        }
        return undefined;
      }),
    define(name, json) {
      try {
        call('define', name, json).dispose();
      } catch (problem) {
        if (!isFull(problem)) throw problem;
        throw new Error(
          `The variable ${name} (${json.length} characters of JSON) does not fit into the session's memory.`,
        );
      }
      facts.names = [...new Map(facts.names).set(name, 'global')];
    },
    pending: () => textOf('pending'),
    abandon() {
      call('abandon').dispose();
      finish('failed');
    },
    dispose: () => vm.dispose(),
    image: (spare) => writeImage(new Uint8Array(memory().buffer), pointers, facts, spare),
  };
}

function isFull(problem: unknown): boolean {
  const { message = '' } = problem as { message?: string };
  return (
    message === 'out of memory' || message.includes('InternalError: out of memory') || message === 'wasm_malloc failed'
  );
}

function broken(problem: unknown): GuestError {
  const { name = 'Error', message = String(problem) } = problem as Partial<Error>;
  return { name, message: `${message.split('\n')[0]}. The program was ended, its variables are as before it.` };
}
