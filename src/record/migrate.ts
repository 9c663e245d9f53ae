/**
 * Older logs: what makes events of this version of the format out of those of earlier ones.
 *
 * Logs are never rewritten. An event is brought up to date when it is read, by itself: a run that began under one version
 * and was resumed under another has events of both.
 *
 * @module
 */
import { LogError } from './errors.ts';

/** An event as some version wrote it. */
export type StoredEvent = { readonly [field: string]: unknown };

/**
 * Makes an event of one version out of one of the version before. It is pure, and the event stays one event with its `seq`:
 * others name it by that.
 */
export type Migration = (event: StoredEvent) => StoredEvent;

/** The first makes version 2 out of version 1. Each is added once, and never changed after its release. */
const MIGRATIONS: readonly Migration[] = [];

/** Version of the log's format. A reader refuses a greater one. */
export const LOG_VERSION = MIGRATIONS.length + 1;

/** An event as a version stores it. */
export function storedEvent<Event extends object>(event: Event, version = LOG_VERSION): Event {
  return version === 1 ? event : { ...event, v: version };
}

/**
 * An event in this version's form. From version 2 on, events say in `v` which version wrote them; one that does not is of
 * version 1.
 *
 * @throws {LogError} `log-version`: a newer version wrote it.
 */
export function upgradeEvent(event: StoredEvent, migrations: readonly Migration[] = MIGRATIONS): StoredEvent {
  const { v, kind, version } = event;
  const reads = migrations.length + 1;
  const written = typeof v === 'number' ? v : kind === 'run-start' && typeof version === 'number' ? version : 1;
  if (written > reads) {
    throw new LogError(
      'log-version',
      `The log has version ${written}, and this package reads up to ${reads}. Update it: npm install poact@latest`,
      { version: written, reads },
    );
  }
  let upgraded = event;
  if (v !== undefined) {
    const { v: _v, ...rest } = event;
    upgraded = rest;
  }
  for (const migrate of migrations.slice(written - 1)) upgraded = migrate(upgraded);
  return upgraded;
}
