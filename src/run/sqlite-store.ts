/**
 * A store in one SQLite file, in WAL mode: several processes may use it at once.
 *
 * What is appended survives a killed process (`durability: 'process'`), or a power loss (`'full'`).
 *
 * A row of `events` has an event's place, time and step, and its other values as a JSON array; which fields these are, in
 * what order, with kind and author, is said once in `shapes`. So a row is short, and the file says itself how to read it.
 *
 * @module
 */
import { hostname } from 'node:os';
import {
  type Clock,
  OptionError,
  type RunEvent,
  requirePositive,
  sha256,
  storedEvent,
  systemClock,
} from '../record/index.ts';
import { couldGoOn, DUE } from './due.ts';
import { type EventRow, requireWhole, shapesOf, timeReader, toEvent } from './event-rows.ts';
import { bells, followRun } from './follow.ts';
import { isDeadProcess } from './process-alive.ts';
import type { InboxMessage, RunStore, RunSummary } from './run.ts';
import { guarded, openFile, PLACES, prepared, type Statements } from './sqlite-file.ts';
import { busy, fenced, moved, requireFork, unknownRun } from './store-errors.ts';
import { forkHead, newSummary } from './summary.ts';

export interface SqliteStoreOptions {
  /** What a commit survives: the end of the process, or also a power loss. @default 'process' */
  durability?: 'process' | 'full';
  /** How often followers look for what other processes appended, in milliseconds. @default 200 */
  pollMs?: number;
  /** Longest wait for another process's transaction, in milliseconds. @default 5_000 */
  busyMs?: number;
  /** Largest size of the file, in pages of 4 KiB; what does not fit is refused as on a full disk. @default Infinity */
  mostPages?: number;
  clock?: Clock;
}

interface RunRow {
  id: number;
  run: string;
  parent: number | null;
  shared: number;
  task: string;
  status: RunSummary['status'];
  startedAt: string;
  model: string;
  queue: string | null;
}

/**
 * Opens a store; the file and its folder are made where they are not there.
 *
 * @throws {StoreError} the file cannot be opened, is damaged, read-only, or another program's; each with what to do.
 * @throws {LogError} `log-version`: a newer version of this package made it.
 * @throws {OptionError} `path` is empty, or `durability` is unknown.
 * @example
 * ```ts
 * const store = sqliteStore('runs.db');
 * ```
 */
export function sqliteStore(path: string, options: SqliteStoreOptions = {}): RunStore {
  const { durability = 'process', pollMs = 200, busyMs = 5_000, mostPages = Number.POSITIVE_INFINITY } = options;
  const { clock = systemClock } = options;
  requirePositive({ pollMs, busyMs, mostPages });
  if (path === '') throw new OptionError('path', 'give the file that the runs are kept in.');
  if (durability !== 'process' && durability !== 'full') {
    throw new OptionError('durability', `expected 'process' or 'full', got ${JSON.stringify(durability)}.`);
  }
  const db = openFile(path, { durability, busyMs, mostPages });
  const sql = guarded(path, () => prepared(db));
  const doorbells = bells();
  const toMs = timeReader();
  const shapes = shapesOf(sql);
  /** Of runs this store has written to: what need not be asked again. */
  const known = new Map<string, { id: number; length: number; row: Pick<RunRow, 'task'> }>();
  const drained = new Map<string, { fence: number; upTo: number }>();

  const transaction = <T>(work: () => T): T =>
    guarded(path, () => {
      sql.begin.run();
      try {
        const result = work();
        sql.commit.run();
        return result;
      } catch (error) {
        if (db.isTransaction) sql.rollback.run();
        shapes.forget();
        throw error;
      }
    });

  const rowOf = (run: string): RunRow => {
    const row = sql.run.get(run) as RunRow | undefined;
    if (row === undefined) throw unknownRun(run);
    return row;
  };
  const lengthOf = ({ id, shared }: RunRow): number => {
    const { place } = sql.lastPlace.get(id * PLACES, (id + 1) * PLACES) as { place: number | null };
    return place === null ? shared : place - id * PLACES + 1;
  };
  const requireFence = (run: string, fence: number) => {
    const held = (sql.fence.get(run) as { fence: number } | undefined)?.fence ?? 0;
    if (held !== fence) throw fenced(run, fence, held);
  };
  const readRow = (row: RunRow, from: number, to: number): RunEvent[] => {
    const events: RunEvent[] = [];
    if (row.parent !== null && from < row.shared) {
      events.push(...readRow(sql.runById.get(row.parent) as unknown as RunRow, from, Math.min(to, row.shared)));
    }
    const own = row.id * PLACES;
    const rows = sql.read.all(own + from, own + Math.min(to, PLACES)) as unknown as EventRow[];
    for (const found of rows) events.push(toEvent(row.run, found.place - own, found, shapes.byId(found.shape)));
    return events;
  };
  const read = (run: string, from: number): RunEvent[] => {
    const events = guarded(path, () => readRow(rowOf(run), from, PLACES));
    requireWhole(run, events, from);
    return events;
  };
  const insert = (id: number, event: RunEvent) => {
    const { shape, values } = shapes.of(storedEvent(event));
    sql.insert.run(id * PLACES + event.seq, toMs(event.at), event.step, shape, JSON.stringify(values));
  };
  const isHeld = (run: string, now: number): boolean => {
    const lease = sql.lease.get(run) as unknown as LeaseRow | undefined;
    return lease !== undefined && lease.until > now && !isDeadProcess(lease, hostname());
  };
  const isInterrupted = ({ run, status, queue }: RunRow) =>
    status === 'running' && queue === null && !isHeld(run, clock.now());
  const isDue = (row: RunRow, now: number): boolean => {
    if (isHeld(row.run, now)) return false;
    const length = lengthOf(row);
    const last = row.status === 'suspended' ? readRow(row, length - 1, length)[0] : undefined;
    return couldGoOn(row.status, sql.anyPosted.get(row.run) !== undefined, last, now);
  };
  const putBlob = (name: string, content: string | Uint8Array) => sql.putBlob.run(name, content);

  return {
    append(run, events, { expectedSeq, fence, blobs = [] }) {
      transaction(() => {
        requireFence(run, fence);
        let entry = known.get(run);
        if (entry?.length !== expectedSeq) {
          const row = sql.run.get(run) as RunRow | undefined;
          const length = row === undefined ? 0 : lengthOf(row);
          if (length !== expectedSeq) throw moved(run, expectedSeq, length);
          entry = { id: row?.id ?? addRun(sql, run), length, row: { task: row?.task ?? '' } };
        }
        for (const { name, content } of blobs) putBlob(name, content);
        for (const event of events) insert(entry.id, event);
        const change = newSummary(entry.row, events);
        if (change.status !== undefined) entry.row = changeRun(sql, run, change);
        const taken = drained.get(run);
        if (taken?.fence === fence) sql.taken.run(run, taken.upTo);
        known.set(run, { ...entry, length: expectedSeq + events.length });
      });
      doorbells.ring(run);
    },
    async read(run, fromSeq = 0) {
      return read(run, fromSeq);
    },
    follow: (run, fromSeq, signal) =>
      followRun({ run, fromSeq, read: async (id, from) => read(id, from), bells: doorbells, pollMs, signal }),
    async list({ status, limit = -1 } = {}) {
      const most = Number.isFinite(limit) ? limit : -1;
      return guarded(path, () =>
        (sql.list.all(status ?? null, most) as unknown as RunRow[]).map((row): RunSummary => {
          const { run, task, status: now, startedAt, model } = row;
          const summary = { run, task, status: now, startedAt, events: lengthOf(row), model };
          return isInterrupted(row) ? { ...summary, interrupted: true } : summary;
        }),
      );
    },
    async fork(run, seq, newRun) {
      transaction(() => {
        const row = rowOf(run);
        requireFork(run, seq, lengthOf(row), newRun, sql.run.get(newRun) !== undefined);
        const at = new Date(clock.now()).toISOString();
        const head = forkHead(seq);
        const shared = readRow(row, head.from, seq);
        const step = shared.at(-1)?.step ?? 0;
        const task = head.isNamed(shared) ? row.task : '';
        const { lastInsertRowid } = sql.newRun.run(newRun, row.id, seq, task, 'running', at, row.model);
        const event: RunEvent = { seq, at, run: newRun, step, by: 'store', kind: 'fork', from: run, upTo: seq };
        insert(Number(lastInsertRowid), event);
      });
    },
    async post(run, message) {
      guarded(path, () => sql.post.run(run, JSON.stringify(message)));
      doorbells.ring(run);
      doorbells.ring(DUE);
    },
    async posted(run) {
      const rows = guarded(path, () => sql.inbox.all(run, 0)) as { body: string }[];
      return rows.map(({ body }) => JSON.parse(body) as InboxMessage);
    },
    async drain(run, fence) {
      return guarded(path, () => {
        const taken = drained.get(run);
        const rows = sql.drain.all(run, taken?.fence === fence ? taken.upTo : 0) as unknown as Posted[];
        const last = rows.at(-1);
        if (fence !== (last?.fence ?? 0)) throw fenced(run, fence, last?.fence ?? 0);
        if (last === undefined || last.id === null) return [];
        drained.set(run, { fence, upTo: last.id });
        return rows.map(({ body }) => JSON.parse(body) as InboxMessage);
      });
    },
    async lease(run, holder, ms) {
      return transaction(() => {
        const now = clock.now();
        const lease = sql.lease.get(run) as unknown as LeaseRow | undefined;
        const mine = lease?.holder === holder;
        if (lease !== undefined && !mine && lease.until > now && !isDeadProcess(lease, hostname()))
          throw busy(run, lease.holder);
        const fence = mine ? lease.fence : (lease?.fence ?? 0) + 1;
        sql.take.run(run, holder, fence, now + ms, hostname(), process.pid);
        return { fence };
      });
    },
    async release(run, fence) {
      guarded(path, () => sql.release.run(run, fence));
      drained.delete(run);
      known.delete(run);
    },
    async enqueue(run, queue) {
      if (guarded(path, () => sql.enqueue.run(queue, run)).changes === 0) throw unknownRun(run);
      doorbells.ring(DUE);
    },
    async due(queue, limit = Number.POSITIVE_INFINITY) {
      const now = clock.now();
      return guarded(path, () => (sql.queued.all(queue) as unknown as RunRow[]).filter((row) => isDue(row, now)))
        .slice(0, limit)
        .map(({ run }) => run);
    },
    onDue(heard) {
      const silence = doorbells.listen(DUE, heard);
      let version = sql.dataVersion.get()?.data_version;
      // The number changes with each commit of another process.
      const timer = setInterval(() => {
        if (!db.isOpen) return;
        const now = sql.dataVersion.get()?.data_version;
        if (now !== version) heard();
        version = now;
      }, pollMs);
      timer.unref();
      return () => {
        silence();
        clearInterval(timer);
      };
    },
    blobs: {
      async put(content) {
        const name = sha256(content);
        guarded(path, () => putBlob(name, content));
        return name;
      },
      async get(name) {
        const row = guarded(path, () => sql.getBlob.get(name)) as { content: string | Uint8Array } | undefined;
        return typeof row?.content === 'string' ? new TextEncoder().encode(row.content) : row?.content;
      },
    },
    async close() {
      if (db.isOpen) guarded(path, () => db.close());
    },
  };
}

function addRun(sql: Statements, run: string): number {
  return Number(sql.newRun.run(run, null, 0, '', 'running', '', '').lastInsertRowid);
}

function changeRun(sql: Statements, run: string, change: Partial<RunSummary>): RunRow {
  const row = { ...(sql.run.get(run) as unknown as RunRow), ...change } as RunRow;
  sql.changeRun.run(row.task, row.status, row.startedAt, row.model, row.id);
  return row;
}

/** Who holds the run, with a message of its inbox; one row without a message where that is empty. */
interface Posted {
  fence: number;
  id: number | null;
  body: string;
}

interface LeaseRow {
  holder: string;
  fence: number;
  until: number;
  host: string;
  pid: number;
}
