/**
 * A store in a Postgres database: any number of processes, on any machines, may use it at once.
 *
 * Commits of runs that come together are one round trip; followers elsewhere are told by LISTEN and NOTIFY. When the
 * connection breaks, what was under way is asked again, and the store finds out whether it had happened.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  type Clock,
  OptionError,
  type RunEvent,
  requirePositive,
  type StoredEvent,
  sha256,
  storedEvent,
  systemClock,
} from '../record/index.ts';
import { DUE } from './due.ts';
import { damaged, readable, requireWhole } from './event-rows.ts';
import { followRun } from './follow.ts';
import { appender, drainer } from './postgres-appends.ts';
import { remoteBells } from './postgres-bells.ts';
import { connectionTo } from './postgres-connection.ts';
import { statementsOf } from './postgres-schema.ts';
import { isDeadProcess } from './process-alive.ts';
import type { InboxMessage, RunStore, RunSummary } from './run.ts';
import { busy, requireFork, unknownRun } from './store-errors.ts';
import { forkHead } from './summary.ts';

export interface PostgresStoreOptions {
  /** The Postgres schema that holds the tables; made on first use. @default 'poact' */
  schema?: string;
  /**
   * What a commit of events survives: the end of this process and an orderly restart of the server, or also a crash of the
   * server (which may take the last moments of a log, never an older part). Leases, forks, messages survive both.
   * @default 'process'
   */
  durability?: 'process' | 'full';
  /** Most connections at a time; one more while somebody follows. @default 4 */
  connections?: number;
  /** How often followers look although nobody told them to, in milliseconds. @default 1_000 */
  pollMs?: number;
  /** Longest wait for another transaction's locks, in milliseconds. @default 5_000 */
  busyMs?: number;
  /** How long a server that went away is waited for, in milliseconds. @default 10_000 */
  reconnectMs?: number;
  clock?: Clock;
}

/** Past every event. */
const END = 2 ** 31 - 1;

/**
 * A store in Postgres. It connects on first use; the package `pg` is needed.
 *
 * @param connection A URL (`postgres://user@host:5432/database`), or options of `pg`'s pool: `host`, `port`, `user`,
 *   `password` (also a function), `database`, `ssl`. What is left out comes from the `PG…` variables, as `pg` does it.
 * @throws {OptionError} the URL is none, or an option cannot work.
 * @throws {PackageError} on first use: `pg` is not installed.
 * @throws {StoreError} on use: the server cannot be reached, refuses the user, is read-only, full or locked.
 * @example
 * ```ts
 * const agent = createAgent({ model: 'local', store: postgresStore('postgres://poact@localhost:5432/runs') });
 * ```
 */
export function postgresStore(connection: string | object, options: PostgresStoreOptions = {}): RunStore {
  const { schema = 'poact', durability = 'process', connections = 4, pollMs = 1_000, busyMs = 5_000 } = options;
  const { reconnectMs = 10_000, clock = systemClock } = options;
  requirePositive({ connections, pollMs, busyMs, reconnectMs });
  if (durability !== 'process' && durability !== 'full') {
    throw new OptionError('durability', `expected 'process' or 'full', got ${JSON.stringify(durability)}.`);
  }
  if (schema === '' || schema.startsWith('pg_') || Buffer.byteLength(schema) > 63) {
    throw new OptionError('schema', 'give a name of 1 to 63 bytes that does not begin with pg_.');
  }
  const link = connectionTo({ connection, schema, connections, busyMs, reconnectMs });
  const sql = statementsOf(link.quoted);
  const doorbells = remoteBells(link, schema);
  const commit = appender(link, sql, durability === 'full');
  const take = drainer(link, sql);
  /** Messages that were given and are gone with the next append. */
  const drained = new Map<string, { fence: number; ids: number[] }>();
  const takenOf = (run: string, fence: number) => {
    const taken = drained.get(run);
    return taken?.fence === fence ? taken.ids : [];
  };

  const read = async (run: string, from: number, to = END): Promise<RunEvent[]> => {
    const values = [run, from, to];
    const rows = await link.steady((query) =>
      query<{ run: string; seq: number | null; body: string }>({ name: 'poact-read', text: sql.read, values }),
    );
    if (rows.length === 0) throw unknownRun(run);
    const events = rows.flatMap(({ run: own, seq, body }) => (seq === null ? [] : [toEvent(own, seq, body)]));
    requireWhole(run, events, from);
    return events;
  };

  return {
    async append(run, events, { expectedSeq, fence, blobs = [] }) {
      const taken = takenOf(run, fence);
      const appended = await commit({ run, events, expectedSeq, fence, blobs, taken });
      const left = drained.get(run);
      if (left?.fence === fence) left.ids = left.ids.filter((id) => !taken.includes(id));
      doorbells.ring(run);
      return appended;
    },
    async read(run, fromSeq = 0) {
      return read(run, fromSeq);
    },
    follow: (run, fromSeq, signal) => followRun({ run, fromSeq, read, bells: doorbells, pollMs, signal }),
    async list({ status, limit = END } = {}) {
      const values = [status ?? null, Math.min(limit, END)];
      const rows = await link.steady((query) => query<Listed>({ text: sql.list, values }));
      const here = hostname();
      return rows.map(({ started_at: startedAt, run, task, status: now, events, model, held, ...holder }) => {
        const summary = { run, task, status: now, startedAt, events, model };
        const isLost = held === false || (held === true && isDeadProcess(holder, here));
        return isLost ? { ...summary, interrupted: true } : summary;
      });
    },
    async fork(run, seq, newRun) {
      const at = new Date(clock.now()).toISOString();
      const place = Number.isInteger(seq) ? Math.max(0, Math.min(seq, END)) : 0;
      const head = forkHead(place);
      const shared = await read(run, head.from, place);
      const event: RunEvent = {
        seq,
        at,
        run: newRun,
        step: shared.at(-1)?.step ?? 0,
        by: 'store',
        kind: 'fork',
        from: run,
        upTo: seq,
      };
      const [made] = await link.steady((query, again) =>
        query<{ outcome: string; detail: number }>({
          text: sql.fork,
          values: [run, place, newRun, JSON.stringify(storedEvent(event)), at, again],
        }),
      );
      if (made === undefined || made.outcome === 'unknown') throw unknownRun(run);
      if (made.outcome !== 'forked') requireFork(run, seq, made.detail, newRun, made.outcome === 'taken');
      if (!head.isNamed(shared)) await link.steady((query) => query({ text: sql.unname, values: [newRun] }));
    },
    async post(run, message) {
      // The token makes that a message whose sending was cut off is not there twice.
      const values = [run, randomUUID(), JSON.stringify(message)];
      await link.steady((query) => query({ text: sql.post, values }));
      doorbells.ring(run);
      doorbells.ring(DUE);
    },
    async posted(run) {
      const rows = await link.steady((query) => query<{ body: string }>({ text: sql.posted, values: [run] }));
      return rows.map(({ body }) => JSON.parse(body) as InboxMessage);
    },
    async drain(run, fence) {
      const given = takenOf(run, fence);
      const news = (await take({ run, fence })).messages.filter(({ id }) => !given.includes(id));
      if (news.length > 0) drained.set(run, { fence, ids: [...given, ...news.map(({ id }) => id)] });
      return news.map(({ body }) => JSON.parse(body) as InboxMessage);
    },
    async lease(run, holder, ms) {
      const here = hostname();
      const until = Math.min(ms, 1e12);
      for (let dead = -1; ; ) {
        const [held, other] = await link.steady(async (query) => {
          const values = [run, holder, until, here, process.pid, dead];
          const [mine] = await query<{ fence: string }>({ text: sql.lease, values });
          if (mine !== undefined) return [mine, undefined];
          const [found] = await query<Held>({ text: sql.holder, values: [run] });
          return [undefined, found];
        });
        if (held !== undefined) return { fence: Number(held.fence) };
        // Its process is no more: it need not be waited for, unless somebody else was faster.
        if (other === undefined || Number(other.fence) === dead || !isDeadProcess(other, here)) {
          throw busy(run, other?.holder ?? 'another');
        }
        dead = Number(other.fence);
      }
    },
    async release(run, fence) {
      drained.delete(run);
      await link.steady((query) => query({ text: sql.release, values: [run, fence] }));
    },
    async enqueue(run, queue) {
      const values = [run, queue];
      const rows = await link.steady((query) => query({ text: sql.enqueue, values }));
      if (rows.length === 0) throw unknownRun(run);
      doorbells.ring(DUE);
    },
    async due(queue, limit = END) {
      const here = hostname();
      const values = [queue, here, new Date(clock.now()).toISOString(), Math.min(limit, END)];
      const rows = await link.steady((query) =>
        query<Held & { run: string; held: boolean }>({ name: 'poact-due', text: sql.due, values }),
      );
      return rows.filter((row) => !row.held || isDeadProcess(row, here)).map(({ run }) => run);
    },
    onDue: (heard) => doorbells.listen(DUE, heard),
    blobs: {
      async put(content) {
        const name = sha256(content);
        const values = [name, Buffer.from(content as Uint8Array)];
        await link.steady((query) => query({ text: sql.putBlob, values }));
        return name;
      },
      async get(name) {
        const [row] = await link.steady((query) => query<{ content: Buffer }>({ text: sql.getBlob, values: [name] }));
        return row === undefined ? undefined : new Uint8Array(row.content);
      },
    },
    async close() {
      await doorbells.close();
      await link.close();
    },
  };
}

interface Listed extends Omit<RunSummary, 'startedAt' | 'interrupted'>, Pick<Held, 'host' | 'pid'> {
  started_at: string;
  held: boolean | null;
}

interface Held {
  holder: string;
  fence: string;
  host: string;
  pid: number;
}

/** @throws {LogError} the row is damaged, or a newer version wrote it. */
function toEvent(run: string, seq: number, body: string): RunEvent {
  let event: StoredEvent;
  try {
    event = JSON.parse(body) as StoredEvent;
  } catch (error) {
    throw damaged(run, seq, error);
  }
  if (event?.seq !== seq) throw damaged(run, seq);
  return readable(run, event);
}
