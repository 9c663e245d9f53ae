// biome-ignore-all lint/suspicious/noExplicitAny: what a guest hands over can be anything.
/**
 * The half of the sandbox that lives inside the interpreter: tools as global functions, the table of their resolvers,
 * timers, `console`, `answer`, and the report of a turn as one JSON text.
 *
 * Because the table is in the guest, a snapshot of the memory is a snapshot of everything that waits.
 *
 * Its text is evaluated in the interpreter: it may use nothing from outside itself, and must not rely on anything that
 * guest code can replace later. So it takes its builtins at the start, calls no method of a value, iterates nothing,
 * and keeps its own lists without a prototype.
 *
 * @module
 */
import type { GuestBridge, GuestSettings } from './guest-bridge.ts';
import type { Inspect } from './guest-inspect.ts';
import type { GuestJson } from './guest-json.ts';
import type { GuestOutput } from './guest-output.ts';

/** Evaluated once, before any guest code. */
export function guest(inspect: Inspect, json: GuestJson, output: GuestOutput): GuestBridge {
  const { apply, defineProperty, ownKeys, getOwnPropertyDescriptor: descriptorOf, getPrototypeOf } = Reflect;
  const uncurried =
    (method: any) =>
    (self: any, ...args: any[]): any =>
      apply(method, self, args);
  const { stringify, parse } = JSON;
  const { imul, floor, min } = Math;
  const { log, logs, clear, cut } = output;
  const { toJson, jsonOf } = json;
  const number = Number;
  const PromiseType = Promise;
  const ErrorType = Error;
  const TypeErrorType = TypeError;
  const MapType = Map;
  const then = uncurried(Promise.prototype.then);
  const mapGet = uncurried(Map.prototype.get);
  const mapSet = uncurried(Map.prototype.set);
  const mapDelete = uncurried(Map.prototype.delete);
  const mapEach = uncurried(Map.prototype.forEach);
  const mapClear = uncurried(Map.prototype.clear);
  const slice = uncurried(String.prototype.slice);
  const promisePrototype = Promise.prototype;
  const world = globalThis as any;
  /** Longest JSON of a value that is only shown, in characters. */
  const SHOWN_CHARS = 1_048_576;

  let settings: GuestSettings;
  let nextId = 1;
  let waiting = 0;
  let isOver = false;
  /** By id: what waits, with its resolvers. */
  const table = new MapType<number, any>();
  /** Timers by the id that the guest holds: the id of the call that waits now. */
  const timers = new MapType<number, number>();
  /** By name: what the session began with. */
  const builtins = new MapType<string, any>();
  let fresh = list();
  let dropped = list();
  let main: any;
  let proposed: string | undefined;

  return {
    setup,
    define,
    reinstall,
    isBuiltin,
    begin,
    resolve,
    reject,
    abandon,
    report,
    logs,
    failure,
    describe,
    pending,
    holds,
  };

  function list(): any {
    return { __proto__: null, length: 0 };
  }

  function push(into: any, item: unknown): void {
    into[into.length++] = item;
  }

  function setup(json: string): void {
    settings = parse(json);
    output.limit(settings.outputChars);
    const { tools } = settings;
    for (let at = 0; at < tools.length; at++) {
      const name = tools[at] as string;
      install(name, (input: unknown) => callTool(name, input));
    }
    install('answer', (value: unknown) => {
      proposed = toJson(value, settings.valueChars, 'answer()');
    });
    install('setTimeout', (work: unknown, ms: unknown, ...args: unknown[]) =>
      timer('setTimeout', work, ms, args, false),
    );
    install('setInterval', (work: unknown, ms: unknown, ...args: unknown[]) =>
      timer('setInterval', work, ms, args, true),
    );
    install('clearTimeout', clearTimer);
    install('clearInterval', clearTimer);
    install('queueMicrotask', (work: any) => {
      if (typeof work !== 'function') throw new TypeErrorType('queueMicrotask() takes a function.');
      after(new PromiseType<void>((done) => done()), () => work());
    });
    const shown: any = {};
    for (const level of ['log', 'info', 'warn', 'error', 'debug', 'dir', 'table', 'trace']) {
      const kind = level === 'dir' || level === 'table' || level === 'trace' ? 'log' : level;
      shown[level] = named(level, (...values: unknown[]) => log(kind, values));
    }
    install('console', shown);
    let state = settings.seed >>> 0;
    const random = () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    };
    defineProperty(Math, 'random', { value: named('random', random), writable: true, configurable: true });
    const names = ownKeys(world);
    for (let at = 0; at < names.length; at++) {
      const name = names[at] as string;
      mapSet(builtins, name, world[name]);
    }
  }

  function install(name: string, value: any): void {
    if (typeof value === 'function') named(name, value);
    defineProperty(world, name, { value, writable: true, configurable: true, enumerable: false });
  }

  function named(name: string, value: any): any {
    defineProperty(value, 'name', { value: name, configurable: true });
    return value;
  }

  function define(name: string, json: string): void {
    const value = parse(json);
    const before = descriptorOf(world, name);
    if (before?.configurable === false) defineProperty(world, name, { value });
    else defineProperty(world, name, { value, writable: true, configurable: true, enumerable: true });
  }

  function reinstall(name: string): void {
    const value = mapGet(builtins, name);
    if (value !== undefined && descriptorOf(world, name)?.value !== value) defineProperty(world, name, { value });
  }

  function isBuiltin(name: string): boolean {
    return mapGet(builtins, name) !== undefined;
  }

  function holds(name: string): boolean {
    return descriptorOf(world, name)?.value !== undefined;
  }

  function wait(tool: string, json: string, site: any): any {
    const entry: any = { __proto__: null, id: nextId++, tool, json, site };
    if (waiting >= settings.pendingCalls) {
      // The host ends the program for it, whether or not this is caught.
      isOver = true;
      throw new ErrorType('Too many calls wait.');
    }
    waiting++;
    entry.promise = new PromiseType((done, fail) => {
      entry.done = done;
      entry.fail = fail;
    });
    mapSet(table, entry.id, entry);
    push(fresh, entry);
    return entry;
  }

  function callTool(tool: string, input: unknown): unknown {
    if (waiting >= settings.pendingCalls) wait(tool, '{}', undefined);
    const site = new ErrorType('');
    let json: string;
    try {
      json = input === undefined ? '{}' : toJson(input, settings.valueChars, `${tool}()`);
    } catch (problem) {
      return new PromiseType((_done, fail) => fail(problem));
    }
    return wait(tool, json, site).promise;
  }

  function taken(id: number): any {
    const entry = mapGet(table, id);
    if (entry === undefined) return undefined;
    mapDelete(table, id);
    waiting--;
    return entry;
  }

  function resolve(id: number, json: string): void {
    const entry = taken(id);
    if (entry === undefined) return;
    let value: unknown;
    try {
      value = parse(json);
    } catch (problem) {
      entry.fail(problem);
      return;
    }
    entry.done(value);
  }

  function reject(id: number, name: string, message: string): void {
    const entry = taken(id);
    if (entry === undefined) return;
    const problem = entry.site ?? new ErrorType('');
    defineProperty(problem, 'message', { value: message, writable: true, configurable: true });
    if (name !== 'Error') defineProperty(problem, 'name', { value: name, writable: true, configurable: true });
    entry.fail(problem);
  }

  function timer(name: string, work: any, ms: unknown, args: unknown[], isRepeated: boolean): number {
    if (typeof work !== 'function') throw new TypeErrorType(`${name}() takes a function and milliseconds.`);
    const asked = floor(number(ms));
    const json = `{"ms":${asked >= 0 && asked <= 2_147_483_647 ? asked : 0}}`;
    let handle = 0;
    const arm = () => {
      const entry = wait('setTimeout', json, undefined);
      if (handle === 0) handle = entry.id;
      mapSet(timers, handle, entry.id);
      after(entry.promise, () => {
        mapDelete(timers, handle);
        if (isRepeated) arm();
        apply(work, undefined, args);
      });
    };
    arm();
    return handle;
  }

  function clearTimer(handle: unknown): void {
    const id = mapGet(timers, handle);
    if (id === undefined) return;
    mapDelete(timers, handle);
    if (taken(id) !== undefined) push(dropped, id);
  }

  /** `then` without asking the promise what its constructor is. */
  function after(promise: any, done: (value: any) => void, failed?: (problem: unknown) => void): void {
    defineProperty(promise, 'constructor', { value: undefined, configurable: true });
    then(promise, done, failed);
    delete promise.constructor;
  }

  function abandon(): void {
    mapClear(table);
    mapClear(timers);
    waiting = 0;
    isOver = false;
    main = undefined;
    proposed = undefined;
    fresh = list();
    dropped = list();
    clear();
  }

  function begin(promise: any, isValued: boolean): void {
    const run: any = { __proto__: null, state: 'w', value: undefined, isValued };
    main = run;
    after(
      promise,
      (wrapped) => {
        run.state = 'd';
        run.value = wrapped.value;
        if (isValued && isPromise(run.value)) awaitValue(run);
      },
      (problem) => {
        run.state = 'f';
        run.value = problem;
      },
    );
  }

  /** The last expression is a promise nobody awaited: its value is what it comes to. */
  function awaitValue(run: any): void {
    const promise = run.value;
    after(
      promise,
      (value) => {
        run.value = value;
      },
      (problem) => {
        run.state = 'f';
        run.value = problem;
      },
    );
  }

  function isPromise(value: any): boolean {
    if (typeof value !== 'object' || value === null) return false;
    try {
      if (getPrototypeOf(value) !== promisePrototype) return false;
      then(value, undefined, () => {});
      return true;
    } catch {
      return false;
    }
  }

  function report(): string {
    let body = `"logs":${logs()}`;
    if (isOver) return `o{${body}}`;
    const settled = main !== undefined && main.state !== 'w';
    if (settled && waiting === 0) {
      if (proposed !== undefined) body += `,"answer":{"value":${proposed}}`;
      if (main.state === 'f') return `f{${body}}`;
      const { value, isValued } = main;
      main = undefined;
      if (isValued && value !== undefined) {
        const shown =
          typeof value === 'string' ? cut(value, settings.outputChars) : inspect(value, settings.outputChars);
        body += `,"value":{"text":${stringify(shown)}`;
        const json = jsonOf(value, min(settings.valueChars, SHOWN_CHARS));
        body += json === undefined ? '}' : `,"json":${json}}`;
      }
      return `d{${body}}`;
    }
    let calls = '';
    for (let at = 0; at < fresh.length; at++) {
      const entry = fresh[at];
      if (mapGet(table, entry.id) === undefined) continue;
      calls += `${calls === '' ? '' : ','}${callText(entry)}`;
    }
    let gone = '';
    for (let at = 0; at < dropped.length; at++) gone += `${at === 0 ? '' : ','}${dropped[at]}`;
    fresh = list();
    dropped = list();
    return `${waiting === 0 ? 'i' : 'w'}{${body},"calls":[${calls}],"dropped":[${gone}]}`;
  }

  function pending(): string {
    let calls = '';
    mapEach(table, (entry: any) => {
      calls += `${calls === '' ? '' : ','}${callText(entry)}`;
    });
    return `[${calls}]`;
  }

  function callText(entry: any): string {
    return `{"id":${entry.id},"tool":${stringify(entry.tool)},"args":${entry.json}}`;
  }

  function failure(): string {
    const problem = main.value;
    main = undefined;
    return describe(problem);
  }

  function describe(problem: any): string {
    let name = 'Thrown';
    let message = '';
    let stack = '';
    const read = (key: string) => {
      try {
        const found = problem[key];
        return typeof found === 'string' ? slice(found, 0, 20_000) : undefined;
      } catch {
        return undefined;
      }
    };
    if ((typeof problem === 'object' && problem !== null) || typeof problem === 'function') {
      name = read('name') ?? 'Error';
      stack = read('stack') ?? '';
      message = read('message') ?? inspect(problem, 2_000);
    } else message = typeof problem === 'string' ? cut(problem, 10_000) : inspect(problem, 2_000);
    return `{"name":${stringify(name)},"message":${stringify(message)},"stack":${stringify(stack)}}`;
  }
}
