/**
 * The log as one reader needs it.
 *
 * @module
 */
import type { EventKind, RunEvent } from './event.ts';

/**
 * A fold over the log. `next` may change and return its state in place: nobody else holds it.
 * A projection is known by identity, so define it once, not in every call.
 */
export interface Projection<State> {
  start(): State;
  next(state: State, event: RunEvent): State;
  /**
   * What was undone leaves it: at an `undo` it begins anew with the events that still stand, and is then given the `undo`.
   * What was spent, called or asked stays as it was; what a model is shown does not. @default false
   */
  rewinds?: boolean;
}

/** A run's log, read only, with projections that are kept up to date event by event. */
export interface RunView {
  readonly run: string;
  /** Events so far; the next one gets this `seq`. */
  readonly length: number;
  /** The current step. */
  readonly step: number;
  /** The event at a place. */
  at(seq: number): RunEvent | undefined;
  /** The last event of a kind. */
  last<Kind extends EventKind>(kind: Kind): RunEvent<Kind> | undefined;
  /** All events, in order. */
  events(): readonly RunEvent[];
  /** The projection's state after all events so far. Costs what is new since the last time. */
  project<State>(projection: Projection<State>): State;
}

/** A view that grows: what a log hands its readers. */
export interface GrowingView extends RunView {
  push(event: RunEvent): void;
}

/** Builds a view over some events. */
export function viewOf(run: string, past: readonly RunEvent[] = []): GrowingView {
  const events: RunEvent[] = [];
  const lasts = new Map<EventKind, RunEvent>();
  const states = new Map<Projection<unknown>, { state: unknown; upTo: number }>();
  let step = 0;
  const view: GrowingView = {
    run,
    get length() {
      return events.length;
    },
    get step() {
      return step;
    },
    at: (seq) => events[seq],
    last: <Kind extends EventKind>(kind: Kind) => lasts.get(kind) as RunEvent<Kind> | undefined,
    events: () => events,
    project<State>(projection: Projection<State>): State {
      let held = states.get(projection);
      if (held === undefined) {
        held = { state: projection.start(), upTo: 0 };
        states.set(projection, held);
      }
      while (held.upTo < events.length) {
        const event = events[held.upTo] as RunEvent;
        if (projection.rewinds && event.kind === 'undo') {
          held.state = projection.start();
          for (const past of standing(events.slice(0, held.upTo), event.to)) {
            held.state = projection.next(held.state as State, past);
          }
        }
        held.state = projection.next(held.state as State, event);
        held.upTo += 1;
      }
      return held.state as State;
    },
    push(event) {
      events.push(event);
      lasts.set(event.kind, event);
      step = event.step;
    },
  };
  for (const event of past) view.push(event);
  return view;
}

/** The events that no `undo` among them took back, up to `seq` `to`. An `undo` itself stands, unless a later one went back before it. */
export function standing(events: readonly RunEvent[], to = Number.POSITIVE_INFINITY): RunEvent[] {
  const kept: RunEvent[] = [];
  const backTo = (seq: number) => {
    for (let last = kept.at(-1); last !== undefined && last.seq > seq; last = kept.at(-1)) kept.pop();
  };
  for (const event of events) {
    if (event.kind === 'undo') backTo(event.to);
    kept.push(event);
  }
  backTo(to);
  return kept;
}
