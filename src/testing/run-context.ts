/**
 * A run in memory, for tests of what works inside one: a log, blobs, tools, and nothing of the loop.
 *
 * @module
 */
import { type CallOutcome, type Held, invokeTool, type NamedTool, type RunContext } from '../action/index.ts';
import type { Model } from '../model/index.ts';
import {
  type Clock,
  canonicalJson,
  digestOf,
  isPoactError,
  type Json,
  type NewEvent,
  RunError,
  type RunEvent,
  seededRandom,
  sha256,
  type ToolCall,
  viewOf,
} from '../record/index.ts';
import { fakeClock } from './fake-clock.ts';

export interface ContextOptions {
  tools?: readonly NamedTool[];
  /** The log so far, or events that get their places here. @default a run's start */
  events?: readonly (NewEvent | RunEvent)[];
  model?: Model;
  /** Says which calls wait for a person; asked again each time. @default none */
  waits?: (call: ToolCall) => boolean;
  blobs?: Map<string, Uint8Array>;
  clock?: Clock;
  signal?: AbortSignal;
}

/** A {@link RunContext} whose log can be read. */
export interface TestRun extends RunContext {
  /** All events so far. */
  log(): readonly RunEvent[];
  /** The last event of a kind. @throws {Error} there is none. */
  lastOf<Kind extends RunEvent['kind']>(kind: Kind): RunEvent<Kind>;
  /** Appends the `decision` a test begins with, and gives its `seq`. */
  decide(decision: RunEvent<'decision'>['decision'], selection?: number): number;
  /** Tools that really ran, as `name(args)`, in order. */
  ran(): readonly string[];
  /** Another process: the same log and blobs, nothing held. */
  restart(options?: Partial<ContextOptions>): TestRun;
  /** Closes what is held. */
  close(): void;
}

/**
 * Builds a run in memory.
 *
 * @example
 * ```ts
 * const run = contextFor({ tools: toTools(tools) });
 * const of = run.decide({ kind: 'act', code: 'answer(1 + 1)' });
 * await controller.execute({ kind: 'act', code: 'answer(1 + 1)', of }, run);
 * run.lastOf('observation').proposed; // { value: 2, how: 'answer' }
 * ```
 */
export function contextFor(options: ContextOptions = {}): TestRun {
  const {
    tools = [],
    model,
    waits = () => false,
    clock = fakeClock({ auto: true }),
    signal = new AbortController().signal,
  } = options;
  const blobs = options.blobs ?? new Map<string, Uint8Array>();
  const view = viewOf('test-run');
  const held = new Map<string, Held<unknown>>();
  const ran: string[] = [];
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  const inFlight = new Map<string, Promise<CallOutcome>>();

  const append = <Kind extends NewEvent['kind']>(event: Extract<NewEvent, { kind: Kind }>): RunEvent<Kind> => {
    const step = event.kind === 'decision' ? view.step + 1 : view.step;
    const placed = { seq: view.length, at: new Date(clock.now()).toISOString(), run: view.run, step, ...event };
    view.push(placed as unknown as RunEvent);
    return placed as unknown as RunEvent<Kind>;
  };
  const start: NewEvent = {
    kind: 'run-start',
    by: 'loop',
    version: 1,
    agent: 'test',
    model: 'none',
    policy: 'none',
    tools: {},
    seed: 1,
  };
  for (const event of options.events ?? [start]) {
    if ('seq' in event) view.push(event);
    else append(event as never);
  }

  const recorded = async ({ id, tool, args }: ToolCall): Promise<CallOutcome | undefined> => {
    const intent = view.events().find((event) => event.kind === 'call' && event.id === id) as
      | RunEvent<'call'>
      | undefined;
    if (intent === undefined) return undefined;
    if (intent.digest !== digestOf({ tool, args })) {
      throw new RunError('run-diverged', `Call ${id} of ${tool} differs from the record: ${canonicalJson(args)}.`, {
        call: id,
      });
    }
    const result = view.events().find((event) => event.kind === 'call-result' && event.id === id) as
      | RunEvent<'call-result'>
      | undefined;
    if (result === undefined) return undefined;
    if (result.ok) return { state: 'ok', value: result.value ?? null };
    return { state: 'error', error: { name: result.error?.code ?? 'Error', message: result.error?.message ?? '' } };
  };

  const make = async (call: ToolCall, scope: string | undefined): Promise<CallOutcome> => {
    const found = await recorded(call);
    if (found !== undefined) return found;
    const { id, tool: name, args } = call;
    const tool = byName.get(name);
    if (tool === undefined)
      return { state: 'error', error: { name: 'ToolError', message: `There is no tool ${name}.` } };
    if (waits(call)) return { state: 'waiting', for: 'approval', id };
    const of = scope === undefined ? {} : { scope };
    const intended = view.events().some((event) => event.kind === 'call' && event.id === id);
    if (!intended)
      append({
        kind: 'call',
        by: 'action',
        id,
        tool: name,
        args,
        effect: tool.effect,
        digest: digestOf({ tool: name, args }),
        ...of,
      });
    ran.push(`${name}(${JSON.stringify(args)})`);
    try {
      const value = await invokeTool(tool, args, { signal, idempotencyKey: id, run: view.run, call: id, child });
      append({ kind: 'call-result', by: 'action', id, ok: true, value, ...of });
      return { state: 'ok', value };
    } catch (error) {
      const code = isPoactError(error) ? error.code : 'tool-failed';
      const message = (error as Error).message;
      append({ kind: 'call-result', by: 'action', id, ok: false, error: { code, message }, ...of });
      return { state: 'error', error: { name: code, message } };
    }
  };

  const child: RunContext['child'] = async () => {
    throw new Error('A test run begins no runs within it.');
  };

  return {
    run: view.run,
    view,
    clock,
    random: seededRandom(1),
    signal,
    blobs: {
      async put(content) {
        const name = sha256(content);
        blobs.set(name, typeof content === 'string' ? new TextEncoder().encode(content) : content);
        return name;
      },
      get: async (name) => blobs.get(name),
    },
    async generate(request, other) {
      const asked = other ?? model;
      if (asked === undefined) throw new Error('This test gave no model.');
      const reply = await asked.generate(request);
      const { seq } = append({
        kind: 'model-call',
        by: 'policy',
        model: asked.id,
        request: { added: [] },
        usage: reply.usage,
        reply: { text: reply.text, finish: reply.finish },
      });
      return { ...reply, seq };
    },
    call(call, { scope } = {}) {
      const already = inFlight.get(call.id);
      if (already !== undefined) return already;
      const outcome = make(call, scope).finally(() => inFlight.delete(call.id));
      inFlight.set(call.id, outcome);
      return outcome;
    },
    child,
    append,
    commit: async () => {},
    note: (name, value) => void append({ kind: 'note', by: 'action', name, value }),
    async hold<T>(key: string, open: () => Promise<Held<T>>): Promise<T> {
      const found = held.get(key) ?? (await open());
      held.set(key, found);
      return found.value as T;
    },
    letGo(key) {
      held.get(key)?.close();
      held.delete(key);
    },
    keep(key, value) {
      const before = held.get(key);
      if (before !== undefined && before.value !== value.value) before.close();
      held.set(key, value);
    },
    async memo<T extends Json>(key: string, work: () => Promise<T>): Promise<T> {
      const name = `memo ${key}`;
      const found = view.events().find((event) => event.kind === 'note' && event.name === name) as
        | RunEvent<'note'>
        | undefined;
      if (found !== undefined) return found.value as T;
      const value = await work();
      append({ kind: 'note', by: 'action', name, value });
      return value;
    },
    failpoint: () => {},
    log: () => view.events(),
    lastOf(kind) {
      const found = view.last(kind);
      if (found === undefined) throw new Error(`The log holds no ${kind}.`);
      return found;
    },
    decide(decision, selection) {
      const chosen = selection === undefined ? {} : { selection };
      return append({ kind: 'decision', by: 'policy', policy: 'test', decision, ...chosen }).seq;
    },
    ran: () => ran,
    restart: (other = {}) => contextFor({ ...options, clock, ...other, blobs, events: view.events() }),
    close() {
      for (const { close } of held.values()) close();
      held.clear();
    },
  };
}
