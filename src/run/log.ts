/**
 * A run's log while this process holds the run: appends are buffered and take their place at once; `commit` makes them
 * durable, in order, in one transaction with the blobs they name.
 *
 * Appending is the hottest path there is: nothing is checked or made JSON here.
 *
 * @module
 */
import { cleanMessage } from '../action/index.ts';
import {
  type Awaitable,
  type Clock,
  type GrowingView,
  isPoactError,
  type NewEvent,
  type RunEvent,
  type RunView,
  sha256,
  viewOf,
} from '../record/index.ts';
import { holdRun } from './hold.ts';
import type { Appended, NamedBlob, RunStore } from './run.ts';

export interface LogOptions {
  store: RunStore;
  run: string;
  /** Who holds the run. */
  holder: string;
  clock: Clock;
  /** An event or a blob as it may be written: without secrets. @default as it is */
  clean?: <Value>(value: Value) => Value;
  /** Called at `append.before` and `append.after`, around each transaction. */
  failpoint?: (name: string) => void;
  /** Hears each event once it is durable. */
  on?: ((event: RunEvent) => void) | undefined;
  /** How long the run is held without a sign of life, in milliseconds. @default 30_000 */
  leaseMs?: number;
}

export interface RunLog {
  readonly view: RunView;
  /** What new events belong to. */
  step: number;
  /** Gives the event its place. The object that is given becomes the event: copying it would be half the cost. */
  append<Kind extends NewEvent['kind']>(event: Extract<NewEvent, { kind: Kind }>): RunEvent<Kind>;
  /** @throws {StoreError | RunError} the store refused; nothing that was appended since the last commit is durable, and nothing more will be. */
  commit(): Awaitable<void>;
  /**
   * Commits before this process waits for anything: a file, a worker, a model, a timer. What follows at once, such as the
   * intent of the call that a reply asks for, shares the transaction.
   */
  soon(): void;
  /** Commits where somebody listens; else what a step ends with becomes durable with the next tool call or wait. */
  show(): Awaitable<void>;
  readonly blobs: {
    /** The name at once; the content is durable with the next commit. */
    add(content: string | Uint8Array): string;
    get(name: string): Promise<Uint8Array | undefined>;
  };
  readonly fence: number;
  /**
   * Whether the store has just said, with a commit, that nothing is posted: the inbox need not be asked for that. Each such
   * word is told once.
   */
  isInboxEmpty(): boolean;
  /** Time passed in which a person was waited for, which is no time at work: the next event says so. */
  waited(ms: number): void;
  /** Takes hold of the log of a run within this one, in the same store; a new one where there is none. */
  within(run: string): Promise<RunLog>;
  /** What is written from now on is cleaned of this, too. */
  cleanAlso(clean: NonNullable<LogOptions['clean']>): void;
  /** Commits, and lets the run go. */
  close(): Promise<void>;
}

/** How long the word of a commit that nothing is posted is good, in milliseconds. */
const EMPTY_MS = 10;

/**
 * Takes hold of a run and reads its log; of a new one, when `isNew` is set.
 *
 * @throws {RunError} `run-busy`: another holds it; `run-unknown`: there is none.
 */
export async function openLog(options: LogOptions, isNew: boolean): Promise<RunLog> {
  const { store, run, holder, clock, failpoint, on, leaseMs = 30_000 } = options;
  let { clean = (value) => value } = options;
  const past = isNew ? [] : await store.read(run);
  const hold = await holdRun({ store, run, holder, leaseMs });
  const { fence } = hold;
  // Another holder may have written between the two.
  if (!isNew) past.push(...(await store.read(run, past.length).catch(hold.letGoFor)));
  const view: GrowingView = viewOf(run, past);
  let durable = past.length;
  let pending: RunEvent[] = [];
  let blobs: NamedBlob[] = [];
  const newBlobs = new Map<string, string | Uint8Array>();
  let flushing: Promise<unknown> | undefined;
  let soon: NodeJS.Immediate | undefined;
  let broken: { error: unknown } | undefined;
  let emptyUntilMs = 0;
  let waitedMs = 0;
  let lastAt = past.at(-1)?.at ?? '';
  // A clock may begin at 0.
  let lastMs = lastAt === '' ? Number.NEGATIVE_INFINITY : Date.parse(lastAt);
  const hear = on && listener(run, on);

  /** Time never goes back in a log. */
  const stamp = () => {
    const ms = clock.now();
    if (ms > lastMs) {
      lastMs = ms;
      lastAt = new Date(ms).toISOString();
    }
    return lastAt;
  };

  const settled = (events: RunEvent[], named: NamedBlob[], said: Appended | undefined) => {
    emptyUntilMs = said?.posted === false ? clock.now() + EMPTY_MS : 0;
    durable += events.length;
    for (const { name } of named) newBlobs.delete(name);
    failpoint?.('append.after');
    if (hear !== undefined) for (const event of events) hear(event);
  };

  /** What an append that failed held is lost, also for those who had appended to it. */
  const requireWhole = () => {
    broken ??= hold.lost;
    if (broken !== undefined) throw broken.error;
  };

  const fail = (error: unknown): never => {
    broken ??= { error };
    throw error;
  };

  /** Hands on what was appended; to a store that needs time, `flushing` says until when. */
  const flush = () => {
    if (pending.length === 0 || flushing !== undefined) return;
    const events = pending;
    const named = blobs;
    pending = [];
    blobs = [];
    let done: ReturnType<RunStore['append']>;
    try {
      failpoint?.('append.before');
      const options = { expectedSeq: durable, fence };
      done = store.append(run, events, named.length === 0 ? options : { ...options, blobs: named });
    } catch (error) {
      return fail(error);
    }
    if (!(done instanceof Promise)) return settled(events, named, done as Appended | undefined);
    flushing = (done as Promise<Appended | undefined>).then(
      (said) => {
        flushing = undefined;
        settled(events, named, said);
      },
      (error: unknown) => {
        flushing = undefined;
        fail(error);
      },
    );
  };

  /** What came in the meantime is handed on, too. */
  const whenFlushed = async () => {
    while (flushing !== undefined) {
      await flushing;
      requireWhole();
      flush();
    }
  };

  const log: RunLog = {
    view,
    step: view.step,
    fence,
    append<Kind extends NewEvent['kind']>(event: Extract<NewEvent, { kind: Kind }>) {
      const placed = clean(event) as unknown as { -readonly [Field in keyof RunEvent]: RunEvent[Field] };
      placed.seq = view.length;
      placed.at = stamp();
      placed.run = run;
      placed.step = log.step;
      if (waitedMs > 0) {
        placed.waitedMs = waitedMs;
        waitedMs = 0;
      }
      view.push(placed as RunEvent);
      pending.push(placed as RunEvent);
      return placed as unknown as RunEvent<Kind>;
    },
    commit() {
      requireWhole();
      flush();
      if (flushing !== undefined) return whenFlushed();
    },
    soon() {
      if (pending.length === 0) return;
      soon ??= setImmediate(() => {
        soon = undefined;
        // It is told to whoever commits next.
        Promise.try(log.commit).catch(() => {});
      });
    },
    show() {
      if (on !== undefined) return log.commit();
    },
    blobs: {
      add(given) {
        const content = clean(given);
        const name = sha256(content);
        if (!newBlobs.has(name)) {
          newBlobs.set(name, content);
          blobs.push({ name, content });
        }
        return name;
      },
      async get(name) {
        const content = newBlobs.get(name);
        if (content === undefined) return store.blobs.get(name);
        return typeof content === 'string' ? new TextEncoder().encode(content) : content;
      },
    },
    isInboxEmpty() {
      const isEmpty = clock.now() < emptyUntilMs;
      emptyUntilMs = 0;
      return isEmpty;
    },
    waited(ms) {
      waitedMs += ms;
    },
    async within(child) {
      const { on: _on, ...same } = options;
      return openLog({ ...same, clean, run: child, holder: `${holder}/${child}` }, !(await hasRun(store, child)));
    },
    cleanAlso(more) {
      const before = clean;
      clean = (value) => more(before(value));
    },
    async close() {
      clearImmediate(soon);
      try {
        if (broken === undefined) await log.commit();
      } finally {
        await hold.letGo(broken === undefined);
      }
    },
  };
  return log;
}

/** Hears events; what it throws is its own affair, and is said once. */
function listener(run: string, on: (event: RunEvent) => unknown): (event: RunEvent) => void {
  let isSaid = false;
  const failed = (error: unknown) => {
    if (isSaid) return;
    isSaid = true;
    process.emitWarning(`A listener of run ${run} failed: ${cleanMessage(error)}`, 'PoactWarning');
  };
  return (event) => {
    try {
      const heard = on(event);
      if (heard instanceof Promise) heard.catch(failed);
    } catch (error) {
      failed(error);
    }
  };
}

async function hasRun(store: Pick<RunStore, 'read'>, run: string): Promise<boolean> {
  try {
    return (await store.read(run)).length > 0;
  } catch (error) {
    if (isPoactError(error) && error.code === 'run-unknown') return false;
    throw error;
  }
}
