/**
 * Logs as text: one event a line, as `docs/run-log.md` describes them. Blobs do not come along.
 *
 * @module
 */
import { LogError, parseEvent, type RunEvent, storedEvent } from '../record/index.ts';

/** What a text held. */
export interface ImportedLog {
  events: RunEvent[];
  /** Why the events end where they do, where the text goes on: a line that was cut, or is no event. */
  cut?: string;
}

/** A log as JSON lines. */
export function exportJsonl(events: Iterable<RunEvent>): string {
  let text = '';
  for (const event of events) text += `${JSON.stringify(storedEvent(event))}\n`;
  return text;
}

/**
 * Reads JSON lines up to the last whole event, and says what was left out.
 *
 * @throws {LogError} `log-version`: a newer version of this package wrote it; `log-invalid`: not one event can be read.
 */
export function importJsonl(text: string): ImportedLog {
  const events: RunEvent[] = [];
  const stop = (problem: string): ImportedLog => {
    if (events.length > 0) return { events, cut: problem };
    throw new LogError('log-invalid', `Not a run log: ${problem}`, {});
  };
  let number = 0;
  for (let from = 0; from < text.length; ) {
    number += 1;
    const newline = text.indexOf('\n', from);
    const line = text.slice(from, newline < 0 ? text.length : newline);
    from += line.length + 1;
    if (line.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return stop(newline < 0 ? `line ${number} is cut short.` : `line ${number} is no JSON.`);
    }
    let event: RunEvent;
    try {
      event = parseEvent(value);
    } catch (error) {
      if (error instanceof LogError && error.code === 'log-version') throw error;
      return stop(`line ${number}: ${(error as Error).message}`);
    }
    if (event.seq !== events.length) {
      return stop(`line ${number} has event ${event.seq} where ${events.length} is due.`);
    }
    events.push(event);
  }
  return events.length === 0 ? stop('there is no event in it.') : { events };
}
