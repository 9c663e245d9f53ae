/**
 * Commits of a Postgres store: what several runs append at the same time is one round trip and one transaction, in which
 * each is accepted or refused by itself.
 *
 * @module
 */
import { isPoactError, type RunEvent, storedEvent } from '../record/index.ts';
import { gathered } from './gathered.ts';
import type { Connection, Query } from './postgres-connection.ts';
import type { statementsOf } from './postgres-schema.ts';
import type { Appended, NamedBlob, RunSummary } from './run.ts';
import { fenced, moved } from './store-errors.ts';
import { summaryAfter } from './summary.ts';

interface Append {
  run: string;
  events: readonly RunEvent[];
  expectedSeq: number;
  fence: number;
  blobs: readonly NamedBlob[];
  /** Messages that are gone with it. */
  taken: readonly number[];
}

interface Drain {
  run: string;
  fence: number;
}

type Statements = ReturnType<typeof statementsOf>;

/** What `append` of the schema says of each run: one of these, the fence or the length it has, and whether something is posted. */
const FENCED = 1;
const APPENDED = 0;
const NUMBERS = 3;
/** While the server has one half of the runs, this process goes on with the other. */
const LOTS = 2;

export function appender(connection: Connection, sql: Statements, durable: boolean) {
  const append = async (query: Query, appends: readonly Append[], again: boolean): Promise<number[]> => {
    const extras = appends.map(({ events, taken }) => {
      const change = summaryAfter(events);
      return change.status === undefined && taken.length === 0 ? null : { ...storable(change), taken };
    });
    const owners: number[] = [];
    const seqs: number[] = [];
    const lines: string[] = [];
    for (const [n, { events, expectedSeq }] of appends.entries()) {
      for (const [place, event] of events.entries()) {
        owners.push(n + 1);
        seqs.push(expectedSeq + place);
        lines.push(JSON.stringify(storedEvent(event)));
      }
    }
    const values: unknown[] = [
      appends.map(({ run }) => run),
      appends.map(({ fence }) => fence),
      appends.map(({ expectedSeq }) => expectedSeq),
      appends.map(({ events }) => events.length),
      extras.some((extra) => extra !== null) ? JSON.stringify(extras) : null,
      owners,
      seqs,
      lines.join('\n'),
      durable,
      again,
    ];
    // Everybody takes what others may wait for in the same order: runs first, then blobs, each by name.
    const blobs = [...new Map(appends.flatMap(({ blobs }) => blobs.map((blob) => [blob.name, blob]))).values()];
    const rows = blobs.sort(byName).map(({ name, content }) => {
      values.push(name, typeof content === 'string' ? Buffer.from(content) : asBuffer(content));
      return `($${values.length - 1}, $${values.length}::bytea)`;
    });
    const named = blobs.length === 0 ? { name: 'poact-append' } : {};
    const text = blobs.length === 0 ? sql.append : sql.blobsAnd(rows.join(', '), sql.append);
    const [row] = await query<{ outcome: string[] }>({ ...named, text, values });
    return row?.outcome.map(Number) ?? [];
  };

  return gathered<Append, Appended>({
    apart: ({ run }) => run,
    lots: LOTS,
    concernsAll,
    async work(given) {
      const sorted = [...given].sort((a, b) => (a.run < b.run ? -1 : 1));
      const outcome = await connection.steady((query, again) => append(query, sorted, again));
      const results = sorted.map(({ run, fence, expectedSeq }, n): Appended | { failed: unknown } => {
        const [code, detail = 0, posted] = outcome.slice(NUMBERS * n, NUMBERS * (n + 1));
        if (code === APPENDED) return { posted: posted !== 0 };
        return { failed: code === FENCED ? fenced(run, fence, detail) : moved(run, expectedSeq, detail) };
      });
      return given.map((one) => results[sorted.indexOf(one)] ?? { failed: undefined });
    },
  });
}

/** Everything in a run's inbox, also what was given already. */
export function drainer(connection: Connection, sql: Statements) {
  return gathered<Drain, { messages: { id: number; body: string }[] }>({
    concernsAll,
    async work(drains) {
      const values = [drains.map(({ run }) => run)];
      const rows = await connection.steady((query) =>
        query<{ fence: string | null; ids: string[]; bodies: string[] }>({
          name: 'poact-drain',
          text: sql.drain,
          values,
        }),
      );
      return drains.map(({ run, fence }, n) => {
        const { fence: held, ids = [], bodies = [] } = rows[n] ?? { fence: null };
        if (Number(held ?? 0) !== fence) return { failed: fenced(run, fence, Number(held ?? 0)) };
        return { messages: ids.map((id, at) => ({ id: Number(id), body: bodies[at] ?? '' })) };
      });
    },
  });
}

/** Postgres's text has no NUL and no half characters. */
function storable({ task, ...change }: Partial<RunSummary>): Partial<RunSummary> {
  return task === undefined ? change : { ...change, task: task.toWellFormed().replaceAll('\0', '\ufffd') };
}

/** The server is away. */
const concernsAll = (error: unknown) => isPoactError(error) && error.facts.problem === 'unreachable';
const byName = (a: NamedBlob, b: NamedBlob) => (a.name < b.name ? -1 : 1);
const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength);
