/**
 * Following a run: events as they are appended, by this process at once and by others within a moment.
 *
 * @module
 */
import type { RunEvent } from '../record/index.ts';
import { statusAfter } from './summary.ts';

/** Tells followers in this process that a run has grown. */
export interface Bells {
  ring(run: string): void;
  /** Calls `heard` at each ring until the returned function is called. */
  listen(run: string, heard: () => void): () => void;
}

export function bells(): Bells {
  const listeners = new Map<string, Set<() => void>>();
  return {
    ring(run) {
      for (const heard of listeners.get(run) ?? []) heard();
    },
    listen(run, heard) {
      const set = listeners.get(run) ?? new Set();
      listeners.set(run, set.add(heard));
      return () => {
        set.delete(heard);
        if (set.size === 0) listeners.delete(run);
      };
    },
  };
}

export interface Followed {
  run: string;
  fromSeq: number;
  read(run: string, fromSeq: number): Promise<RunEvent[]>;
  bells: Bells;
  /** How often to look for what another process appended; left out where none can. */
  pollMs?: number;
  signal?: AbortSignal | undefined;
}

/** Events from a place on, until the run has ended and all was given, or the signal aborts. */
export async function* followRun({ run, fromSeq, read, bells, pollMs, signal }: Followed): AsyncGenerator<RunEvent> {
  let rung = false;
  let wake = () => {};
  let timer: NodeJS.Timeout | undefined;
  const heard = () => {
    rung = true;
    wake();
  };
  const silence = bells.listen(run, heard);
  signal?.addEventListener('abort', heard);
  try {
    let status: string | undefined;
    if (fromSeq > 0)
      for (const event of await read(run, 0)) if (event.seq < fromSeq) status = statusAfter(event) ?? status;
    for (let next = fromSeq; !signal?.aborted; ) {
      rung = false;
      const events = await read(run, next);
      for (const event of events) {
        if (signal?.aborted) return;
        status = statusAfter(event) ?? status;
        yield event;
      }
      next += events.length;
      const over = status !== undefined && status !== 'running' && status !== 'suspended';
      if (over && !rung) return;
      if (rung || events.length > 0) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
        // It holds the process: who follows a run of another process waits for it.
        if (pollMs !== undefined) timer = setTimeout(resolve, pollMs);
        if (rung) resolve();
      });
      clearTimeout(timer);
    }
  } finally {
    silence();
    clearTimeout(timer);
    signal?.removeEventListener('abort', heard);
  }
}
