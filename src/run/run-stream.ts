/**
 * A run as a stream of its events.
 *
 * @module
 */
import type { RunEvent, RunResult } from '../record/index.ts';

/** The events of a run as they become durable, and its result. Leaving the iteration does not end the run. */
export interface RunStream<Answer> extends AsyncIterable<RunEvent> {
  readonly result: Promise<RunResult<Answer>>;
}

/** Streams what `start` tells its listener. */
export function streamOf<Answer>(
  start: (on: (event: RunEvent) => void) => Promise<RunResult<Answer>>,
  heard: ((event: RunEvent) => void) | undefined,
): RunStream<Answer> {
  const queue: RunEvent[] = [];
  let waiting: (() => void)[] = [];
  const wake = () => {
    const woken = waiting;
    waiting = [];
    for (const go of woken) go();
  };
  let over = false;
  const result = start((event) => {
    queue.push(event);
    wake();
    return heard?.(event);
  });
  const end = () => {
    over = true;
    wake();
  };
  result.then(end, end);
  return {
    result,
    async *[Symbol.asyncIterator]() {
      for (let next = 0; ; ) {
        while (next < queue.length) yield queue[next++] as RunEvent;
        if (over) {
          if (next < queue.length) continue;
          await result;
          return;
        }
        await new Promise<void>((resolve) => void waiting.push(resolve));
      }
    },
  };
}
