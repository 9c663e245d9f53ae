/**
 * The log of a replay: what the loop appends is compared with the record, event by event, and what came from outside is
 * put in its place.
 *
 * The view grows by the recorded events, so that whatever is decided is decided on the very log of then, times included.
 *
 * @module
 */

import { PARTIAL_NOTE, REFUSED_NOTE, SETTLED_NOTE } from '../action/index.ts';
import { canonicalJson, type Json, type NewEvent, type RunEvent, StoreError, sha256, viewOf } from '../record/index.ts';
import { LATER_NOTE, NOT_HAPPENED_NOTE } from './calls.ts';
import { comparable, growingHash, numbering } from './compare.ts';
import { isStaleCancel } from './inbox.ts';
import type { RunLog } from './log.ts';
import type { RunStore } from './run.ts';

/** Where a replay went another way than the record. */
export interface Divergence {
  seq: number;
  kind: string;
  /** The recorded event, and what the replay came to instead; times and costs left out. */
  expected: Json;
  got: Json;
}

/** The record ends here, or a process was killed here: what comes next is another stretch. */
export class Cut extends StoreError {}

/** The replay went another way. */
export class Diverged extends StoreError {}

export interface ReplayLog extends RunLog {
  /** The next recorded event. */
  next(): RunEvent | undefined;
  /** Lets events that the replay does not make itself take their places. */
  pump(): void;
  /** Takes the next recorded event as it is. */
  give(): RunEvent;
  /** Says that the replay made a call: its recorded events may take their places. */
  began(call: string): void;
  /** Resolves when the view has grown, or rejects when the replay is over. */
  grown(): Promise<void>;
  /** A new process takes over. */
  begin(): void;
  /** @throws {Cut | Diverged} */
  stop(got: Json): never;
  readonly isCut: boolean;
  readonly divergence: Divergence | undefined;
  /** Events that were made again and compared. */
  readonly compared: number;
  hashes(): { recorded: string; replayed: string };
}

/** A replay that waits so long for an event that it does not make itself has gone another way, in milliseconds. */
const STALL_MS = 2_000;

export function replayLog(run: string, recorded: readonly RunEvent[], blobs: RunStore['blobs']): ReplayLog {
  const view = viewOf(run);
  const begun = new Set<string>();
  const added = new Map<string, string | Uint8Array>();
  const numbers = numbering();
  const [then, now] = [growingHash(), growingHash()];
  let waiting: { resolve(): void; reject(error: unknown): void }[] = [];
  let over: Cut | Diverged | undefined;
  let divergence: Divergence | undefined;
  let compared = 0;
  let stall: NodeJS.Timeout | undefined;

  const next = () => recorded[view.length];
  /** Where a stretch was broken off: killed, forked, or not resumed yet. */
  const atCut = () => {
    const kind = next()?.kind;
    return kind === undefined || kind === 'resume' || kind === 'fork' || kind === 'task' || kind === 'undo';
  };
  const push = (made: RunEvent): RunEvent => {
    const event = next() as RunEvent;
    numbers.add(event);
    then.add(event);
    now.add(made);
    view.push(event);
    return event;
  };
  const wake = () => {
    clearTimeout(stall);
    const woken = waiting;
    waiting = [];
    for (const { resolve } of woken) resolve();
  };
  const fail = (error: Cut | Diverged): never => {
    over ??= error;
    clearTimeout(stall);
    const woken = waiting;
    waiting = [];
    for (const { reject } of woken) reject(over);
    throw over;
  };
  /** Events that the replay does not make itself take their places. */
  const pump = () => {
    let grew = false;
    for (let event = next(); event !== undefined && isGiven(event, begun); event = next()) {
      push(event);
      grew = true;
    }
    if (grew) wake();
  };
  const stop = (got: Json): never => {
    if (over !== undefined) throw over;
    const event = next();
    if (event === undefined || atCut() || endedFromOutside(event)) return fail(new Cut('The stretch ends here.'));
    divergence ??= { seq: event.seq, kind: event.kind, expected: comparable(event, numbers), got };
    return fail(new Diverged(`The replay went another way at event ${event.seq} (${event.kind}).`));
  };

  const log: ReplayLog = {
    view,
    step: 0,
    fence: 0,
    isInboxEmpty: () => false,
    get isCut() {
      return over instanceof Cut;
    },
    get divergence() {
      return divergence;
    },
    get compared() {
      return compared;
    },
    next,
    pump,
    give: () => push(next() as RunEvent),
    began(call) {
      begun.add(call);
      pump();
    },
    grown: () =>
      new Promise((resolve, reject) => {
        if (over !== undefined) return reject(over);
        if (atCut() || endedFromOutside(next())) {
          try {
            stop(null);
          } catch (error) {
            return reject(error);
          }
        }
        waiting.push({ resolve, reject });
        clearTimeout(stall);
        stall = setTimeout(() => {
          try {
            stop(null);
          } catch {
            // Who waits was told.
          }
        }, STALL_MS);
      }),
    begin() {
      begun.clear();
      over = undefined;
    },
    stop,
    append<Kind extends NewEvent['kind']>(event: Extract<NewEvent, { kind: Kind }>) {
      if (over !== undefined) throw over;
      const given = event as unknown as RunEvent;
      if (given.kind === 'note' && given.name === SETTLED_NOTE) begun.add((given.value as { id: string }).id);
      pump();
      const expected = next();
      const made = {
        ...given,
        seq: view.length,
        at: expected?.at ?? view.at(view.length - 1)?.at ?? '',
        run: expected?.run ?? run,
        step: log.step,
      } as RunEvent;
      // The record says when; whether there is one can hang on how fast the machine was.
      if (isKeeping(given)) return made as RunEvent<Kind>;
      if (
        expected === undefined ||
        canonicalJson(comparable(made, numbers)) !== canonicalJson(comparable(expected, numbers))
      ) {
        return stop(comparable(made, numbers));
      }
      compared += 1;
      const placed = push(made);
      wake();
      pump();
      return placed as RunEvent<Kind>;
    },
    async commit() {},
    soon() {},
    async show() {},
    blobs: {
      add(content) {
        const name = sha256(content);
        added.set(name, content);
        return name;
      },
      async get(name) {
        const content = added.get(name);
        if (content === undefined) return blobs.get(name);
        return typeof content === 'string' ? new TextEncoder().encode(content) : content;
      },
    },
    waited() {},
    within: async () => stop({ kind: 'child' }),
    cleanAlso() {},
    hashes: () => ({ recorded: then.value(), replayed: now.value() }),
    async close() {
      clearTimeout(stall);
    },
  };
  return log;
}

/** What an execution keeps beside its results. */
const isKeeping = (event: RunEvent) =>
  event.kind === 'snapshot' ||
  event.kind === 'budget' ||
  (event.kind === 'note' && (KEPT_NOTES.has(event.name) || event.name === SETTLED_NOTE));

const KEPT_NOTES = new Set([PARTIAL_NOTE, REFUSED_NOTE]);

/** Events that are given to the replay as soon as they are next. */
function isGiven(event: RunEvent, begun: ReadonlySet<string>): boolean {
  switch (event.kind) {
    case 'snapshot':
    case 'budget':
    case 'reward':
    case 'child':
      return true;
    case 'call':
    case 'call-result':
      return begun.has(event.id);
    case 'approval-request':
    case 'approval':
      return begun.has(event.call);
    case 'note': {
      if (KEPT_NOTES.has(event.name) || isStaleCancel(event)) return true;
      if (event.name === SETTLED_NOTE) return begun.has((event.value as { id: string }).id);
      if (event.name === LATER_NOTE) return begun.has((event.value as { call: string }).call);
      return event.name === NOT_HAPPENED_NOTE && begun.has(String(event.value));
    }
    default:
      return false;
  }
}

/** Somebody stopped it, a limit was reached, or it broke: the log says so, and nothing in it makes it happen again. */
const endedFromOutside = (event: RunEvent | undefined) => event?.kind === 'run-end' && event.status !== 'answered';
