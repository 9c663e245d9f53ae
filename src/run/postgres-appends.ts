/**
 * Commits of a Postgres store: what several runs append at the same time is one round trip and one transaction, in which
 * each is accepted or refused by itself.
 *
 * @module
 */
import type { RunEvent } from '../record/index.ts';
import { gathered } from './gathered.ts';
import type { Connection, Query } from './postgres-connection.ts';
import type { statementsOf } from './postgres-schema.ts';
import type { InboxMessage, NamedBlob, RunSummary } from './run.ts';
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
  /** Those given already. */
  skip: readonly number[];
}

type Statements = ReturnType<typeof statementsOf>;

export function appender(connection: Connection, sql: Statements, durable: boolean) {
  const append = async (query: Query, appends: readonly Append[], again: boolean) => {
    const heads = appends.map(({ run, fence, expectedSeq, events, taken }) => {
      const change = summaryAfter(events);
      return {
        run,
        fence,
        expected: expectedSeq,
        count: events.length,
        change: change.status === undefined ? null : storable(change),
        taken: taken.length === 0 ? null : taken,
        again,
      };
    });
    const lines: string[] = [];
    for (const { events } of appends) for (const event of events) lines.push(JSON.stringify(event));
    const values: unknown[] = [JSON.stringify(heads), lines.join('\n'), durable];
    // Everybody takes what others may wait for in the same order: runs first, then blobs, each by name.
    const blobs = [...new Map(appends.flatMap(({ blobs }) => blobs.map((blob) => [blob.name, blob]))).values()];
    if (blobs.length === 0) {
      return query<{ outcome: string; detail: string }>({ name: 'poact-append', text: sql.append, values });
    }
    const rows = blobs.sort(byName).map(({ name, content }, n) => {
      values.push(name, typeof content === 'string' ? Buffer.from(content) : asBuffer(content));
      return `($${2 * n + 4}, $${2 * n + 5}::bytea)`;
    });
    return query<{ outcome: string; detail: string }>({ text: sql.blobsAnd(rows.join(', '), sql.append), values });
  };

  const work = async (given: readonly Append[]): Promise<({ done: true } | { failed: unknown })[]> => {
    const places = given.map((_, n) => n).sort((a, b) => byRun(given[a], given[b]) || a - b);
    const sorted = places.map((n) => given[n] as Append);
    const outcomes: ({ done: true } | { failed: unknown })[] = [];
    try {
      const rows = await connection.steady((query, again) => append(query, sorted, again));
      for (const [n, { outcome, detail }] of rows.entries()) {
        const { run, fence, expectedSeq } = sorted[n] as Append;
        const failed =
          outcome === 'fenced' ? fenced(run, fence, Number(detail)) : moved(run, expectedSeq, Number(detail));
        outcomes[places[n] as number] = outcome === 'appended' ? { done: true } : { failed };
      }
    } catch (failed) {
      if (given.length === 1) return [{ failed }];
      // What one of them cannot do shall not stop the others.
      for (const one of given) outcomes.push(...(await work([one])));
    }
    return outcomes;
  };
  return gathered<Append, { done: true }>({ work });
}

export function drainer(connection: Connection, sql: Statements) {
  return gathered<Drain, { messages: { id: number; message: InboxMessage }[] }>({
    async work(drains) {
      const heads = drains.map(({ run, skip }, place) => ({ place, run, skip }));
      const rows = await connection.steady((query) =>
        query<{ place: number; fence: string; id: string | null; body: string }>({
          name: 'poact-drain',
          text: sql.drain,
          values: [JSON.stringify(heads)],
        }),
      );
      const found = drains.map(() => ({ messages: [] as { id: number; message: InboxMessage }[], held: 0 }));
      for (const { place, fence, id, body } of rows) {
        const one = found[place] as (typeof found)[number];
        one.held = Number(fence);
        if (id !== null) one.messages.push({ id: Number(id), message: JSON.parse(body) as InboxMessage });
      }
      return found.map(({ messages, held }, n) => {
        const { run, fence } = drains[n] as Drain;
        return held === fence ? { messages } : { failed: fenced(run, fence, held) };
      });
    },
  });
}

/** Postgres's text has no NUL and no half characters. */
function storable({ task, ...change }: Partial<RunSummary>): Partial<RunSummary> {
  return task === undefined ? change : { ...change, task: task.toWellFormed().replaceAll('\0', '\ufffd') };
}

const byName = (a: NamedBlob, b: NamedBlob) => (a.name < b.name ? -1 : 1);
const byRun = (a?: Append, b?: Append) => ((a?.run ?? '') < (b?.run ?? '') ? -1 : a?.run === b?.run ? 0 : 1);
const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength);
