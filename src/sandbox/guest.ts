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
import type { Inspect } from './guest-inspect.ts';

/** What the host calls. Texts are JSON. */
export interface GuestBridge {
  /** Once per session, before any guest code. */
  setup(settings: string): void;
  /** A variable from outside. */
  define(name: string, json: string): void;
  /** A tool's name was declared by a program: it is the tool again. */
  reinstall(name: string): void;
  /** The promise of a program that was started; `isValued` says whether what it gives is its value. */
  begin(main: unknown, isValued: boolean): void;
  resolve(id: number, json: string): void;
  reject(id: number, name: string, message: string): void;
  /** Nothing of the program's runs any more: forgets what waits. */
  abandon(): void;
  /** First letter `d`one, `f`ailed, `w`aiting, `i`dle (waits for nothing that can come), `o`ver a limit; then JSON. */
  report(): string;
  /** What was logged and not reported yet, as JSON. */
  logs(): string;
  /** The error of a failed program, as JSON. */
  failure(): string;
  describe(error: unknown): string;
  /** All pending calls, as JSON. */
  pending(): string;
  /** Whether the session began with a global of that name. */
  isBuiltin(name: string): boolean;
  /** Whether a session variable holds anything. */
  holds(name: string): boolean;
}

export interface GuestSettings {
  tools: readonly string[];
  seed: number;
  outputChars: number;
  valueChars: number;
  pendingCalls: number;
}

/** Evaluated once, before any guest code. */
export function guestBridge(inspect: Inspect): GuestBridge {
  const { apply, defineProperty, ownKeys, getOwnPropertyDescriptor: descriptorOf, getPrototypeOf } = Reflect;
  const uncurried =
    (method: any) =>
    (self: any, ...args: any[]): any =>
      apply(method, self, args);
  const { isArray } = Array;
  const { stringify, parse } = JSON;
  const { isFinite: isFiniteNumber } = Number;
  const { imul, floor, max, min } = Math;
  const text = String;
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
  const dateNumber = uncurried(Date.prototype.getTime);
  const boxed = [Number.prototype.valueOf, String.prototype.valueOf, Boolean.prototype.valueOf].map(uncurried);
  const unboxNumber = boxed[0] as any;
  const unboxString = boxed[1] as any;
  const unboxBoolean = boxed[2] as any;
  const mapSize = uncurried((descriptorOf(Map.prototype, 'size') as any).get);
  const setSize = uncurried((descriptorOf(Set.prototype, 'size') as any).get);
  const promisePrototype = Promise.prototype;
  const objectPrototype = Object.prototype;
  const world = globalThis as any;
  const DEPTH = 500;
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

  let head = list();
  let tail = list();
  let isHeadFull = false;
  let headChars = 0;
  let usedTailChars = 0;
  let tailChars = 0;
  let cutLines = 0;
  let cutChars = 0;
  let valueChars = 0;

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
    return { __proto__: null, start: 0, length: 0 };
  }

  function push(into: any, item: unknown): void {
    into[into.length++] = item;
  }

  // ——— session

  function setup(json: string): void {
    settings = parse(json);
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
    const output: any = {};
    for (const level of ['log', 'info', 'warn', 'error', 'debug', 'dir', 'table', 'trace']) {
      const kind = level === 'dir' || level === 'table' || level === 'trace' ? 'log' : level;
      output[level] = named(level, (...values: unknown[]) => log(kind, values));
    }
    install('console', output);
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

  // ——— calls and timers

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
    clearOutput();
  }

  // ——— programs

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

  // ——— output

  /** The first half of the room goes to the first lines, the rest to the last ones. */
  function log(level: string, values: unknown[]): void {
    const { length } = values;
    const half = floor(settings.outputChars / 2);
    const room = max(half - usedTailChars, 200);
    let item: string;
    let line = '';
    const alone = length === 1 ? values[0] : undefined;
    if (typeof alone === 'number' && isFiniteNumber(alone)) {
      line = text(alone);
      item = `{"level":"${level}","text":"${line}","value":${line}}`;
    } else if (typeof alone === 'string') {
      line = cut(alone, room);
      item = `{"level":"${level}","text":${stringify(line)}${line === alone ? ',"same":true' : ''}}`;
    } else {
      for (let at = 0; at < length; at++) {
        const value = values[at];
        if (at > 0) line += ' ';
        line += typeof value === 'string' ? value : inspect(value, room);
        if (line.length > room) break;
      }
      line = cut(line, room);
      item = `{"level":"${level}","text":${stringify(line)}`;
      const json = alone === undefined ? undefined : jsonOf(alone, settings.outputChars - valueChars);
      if (json !== undefined) {
        valueChars += json.length;
        item += `,"value":${json}`;
      }
      item += '}';
    }
    const chars = line.length + 1;
    if (!isHeadFull && headChars + chars <= half) {
      headChars += chars;
      push(head, item);
      return;
    }
    isHeadFull = true;
    push(tail, { __proto__: null, item, chars });
    tailChars += chars;
    while (tailChars > room && tail.length - tail.start > 1) {
      const first = tail[tail.start];
      delete tail[tail.start++];
      tailChars -= first.chars;
      cutChars += first.chars;
      cutLines++;
    }
  }

  function logs(): string {
    let items = '';
    const add = (item: string) => {
      items += `${items === '' ? '' : ','}${item}`;
    };
    for (let at = 0; at < head.length; at++) add(head[at]);
    if (cutLines > 0) {
      const words = `[${cutLines} lines of output cut here, ${cutChars} characters: log less, or log a summary]`;
      add(`{"level":"warn","text":${stringify(words)}}`);
    }
    for (let at = tail.start; at < tail.length; at++) add(tail[at].item);
    usedTailChars += tailChars;
    tailChars = cutLines = cutChars = 0;
    head = list();
    tail = list();
    return `[${items}]`;
  }

  function clearOutput(): void {
    logs();
    isHeadFull = false;
    headChars = usedTailChars = valueChars = 0;
  }

  function cut(value: string, chars: number): string {
    if (value.length <= chars) return value;
    const half = floor(chars / 2);
    const gone = value.length - 2 * half;
    return `${slice(value, 0, half)}\n[${gone} characters cut here]\n${slice(value, -half)}`;
  }

  // ——— JSON

  function jsonOf(value: unknown, chars: number): string | undefined {
    try {
      return toJson(value, chars, '');
    } catch {
      return undefined;
    }
  }

  /** JSON of a value that JSON can say without loss; throws for any other, and for one that is too long. */
  function toJson(value: unknown, chars: number, whose: string): string {
    let left = chars;
    const trail: any = { __proto__: null, length: 0 };
    const refuse = (what: string): never => {
      let path = '';
      for (let at = 0; at < trail.length && at < 20; at++) {
        const key = trail[at];
        path += typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${slice(key, 0, 80)}`;
      }
      throw new TypeErrorType(`${whose} takes JSON: the value${path === '' ? '' : ` at ${path}`} is ${what}.`);
    };
    const tooLong = () => {
      trail.length = 0;
      refuse(`longer than ${chars} characters`);
    };
    const inside = (key: string | number, item: any): void => {
      trail[trail.length++] = key;
      check(item);
      trail.length--;
    };
    const check = (item: any): void => {
      left -= 2;
      if (left < 0) tooLong();
      const kind = typeof item;
      if (kind === 'string') {
        left -= item.length;
        if (left < 0) tooLong();
        return;
      }
      if (item === null || kind === 'boolean') return;
      if (kind === 'number') {
        if (!isFiniteNumber(item)) refuse(text(item));
        return;
      }
      if (kind === 'undefined') refuse('undefined');
      if (kind !== 'object') refuse(kind === 'bigint' ? 'a bigint' : `a ${kind}`);
      if (trail.length > DEPTH) refuse(`nested deeper than ${DEPTH} levels, or holds itself`);
      if (isArray(item)) {
        for (let at = 0; at < item.length; at++) {
          const inner = item[at];
          if (inner === undefined) left -= 5;
          else inside(at, inner);
        }
        return;
      }
      const prototype = getPrototypeOf(item);
      if (prototype !== objectPrototype && prototype !== null) {
        if (brand(() => dateNumber(item))) return;
        if (brand(() => mapSize(item))) refuse('a Map (make it an object or an array first)');
        if (brand(() => setSize(item))) refuse('a Set (make it an array first)');
        if (prototype === promisePrototype) refuse('a Promise (await it first)');
        if (brand(() => unboxNumber(item)) || brand(() => unboxString(item)) || brand(() => unboxBoolean(item))) return;
      }
      const keys: any = ownKeys(item);
      for (let at = 0; at < keys.length; at++) {
        const key = keys[at];
        if (typeof key !== 'string') continue;
        const property = descriptorOf(item, key);
        if (property?.enumerable !== true) continue;
        left -= key.length + 2;
        if (property.get === undefined && property.value !== undefined) inside(key, property.value);
      }
    };
    check(value);
    const json: any = stringify(value);
    if (typeof json !== 'string') return refuse('nothing JSON can say');
    if (json.length > chars) return refuse(`longer than ${chars} characters`);
    return json;
  }

  function brand(work: () => unknown): boolean {
    try {
      work();
      return true;
    } catch {
      return false;
    }
  }
}
