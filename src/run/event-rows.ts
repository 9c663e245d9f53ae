/**
 * Events as rows: the fields they share are said once, as a shape, and a row has their values.
 *
 * @module
 */
import { LogError, type RunEvent, type StoredEvent, upgradeEvent } from '../record/index.ts';
import type { Statements } from './sqlite-file.ts';

export interface EventRow {
  place: number;
  at: number | string;
  step: number;
  shape: number;
  body: string;
}

/** What some events have in common: which fields they have, beside place, time and step. */
interface Shape {
  kind: string;
  by: string;
  fields: string[];
}

/** The shapes of a file; a new one is added when an event has it. */
export function shapesOf(sql: Statements) {
  const ids = new Map<string, number>();
  const shapes = new Map<number, Shape>();
  const load = () => {
    for (const row of sql.shapes.all(shapes.size) as unknown as (Omit<Shape, 'fields'> & {
      id: number;
      fields: string;
    })[]) {
      const { id, kind, by } = row;
      const fields = JSON.parse(row.fields) as string[];
      shapes.set(id, { kind, by, fields });
      ids.set([kind, by, ...fields].join(SEPARATOR), id);
    }
  };
  return {
    /** What was read of them may have been rolled back. */
    forget() {
      ids.clear();
      shapes.clear();
    },
    byId(id: number): Shape {
      if (!shapes.has(id)) load();
      return shapes.get(id) ?? { kind: '', by: '', fields: [] };
    },
    /** Inside a transaction. */
    of(event: RunEvent): { shape: number; values: unknown[] } {
      let name = event.kind + SEPARATOR + event.by;
      const values: unknown[] = [];
      for (const field in event) {
        if (ENVELOPE.has(field)) continue;
        const value = event[field as keyof RunEvent] as unknown;
        if (value === undefined) continue;
        name += SEPARATOR + field;
        values.push(value);
      }
      let shape = ids.get(name);
      if (shape === undefined) {
        load();
        shape = ids.get(name) ?? add(name);
      }
      return { shape, values };
    },
  };

  /** Not kept in memory before it is read back: the transaction may yet fail. */
  function add(name: string): number {
    const [kind = '', by = '', ...fields] = name.split(SEPARATOR);
    return Number(sql.newShape.run(kind, by, JSON.stringify(fields)).lastInsertRowid);
  }
}

/** Stands in no author's or field's name. */
const SEPARATOR = '\u0000';

const ENVELOPE = new Set(['seq', 'at', 'run', 'step', 'by', 'kind']);

/** @throws {LogError} the row is damaged, or a newer version wrote it. */
export function toEvent(run: string, seq: number, { at, step, body }: EventRow, { kind, by, fields }: Shape): RunEvent {
  const event: { [field: string]: unknown } = {
    seq,
    at: typeof at === 'number' ? new Date(at).toISOString() : at,
    run,
    step,
    by,
    kind,
  };
  let values: unknown[];
  try {
    values = JSON.parse(body) as unknown[];
  } catch (error) {
    throw damaged(run, seq, error);
  }
  if (kind === '' || values.length !== fields.length) throw damaged(run, seq);
  for (const [place, field] of fields.entries()) event[field] = values[place];
  return readable(run, event);
}

/** @throws {LogError} `log-version`: a newer version wrote it. */
export function readable(run: string, event: StoredEvent): RunEvent {
  try {
    return upgradeEvent(event) as unknown as RunEvent;
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    const { message, facts } = error;
    throw new LogError('log-version', `Run ${run} cannot be read. ${message}`, { run, ...facts });
  }
}

/** @throws {LogError} `log-invalid`: an event between two that are there is missing. */
export function requireWhole(run: string, events: readonly RunEvent[], fromSeq: number): void {
  for (const [place, { seq }] of events.entries()) {
    const due = fromSeq + place;
    if (seq === due) continue;
    const message = `The log of run ${run} lacks event ${due}: after it comes ${seq}. Its store was changed by something else.`;
    throw new LogError('log-invalid', message, { run, seq: due });
  }
}

export const damaged = (run: string, seq: number, cause?: unknown) =>
  new LogError('log-invalid', `Event ${seq} of run ${run} cannot be read: its row is damaged.`, { run, seq }, cause);

/** A time as milliseconds where that says the same; events in a row often have the same time. */
export function timeReader(): (at: string) => number | string {
  let lastAt = '';
  let last: number | string = '';
  return (at) => {
    if (at === lastAt) return last;
    const ms = Date.parse(at);
    lastAt = at;
    last = Number.isFinite(ms) && new Date(ms).toISOString() === at ? ms : at;
    return last;
  };
}
