/**
 * What the calls of a run have shown, and the addresses in it.
 *
 * @module
 */
import { type Json, type Projection, type RunEvent, textOf } from '../record/index.ts';

/** A call, and the text it gave; none where it failed or gave something else. */
export interface Shown {
  tool: string;
  args: { readonly [name: string]: Json };
  text?: string;
}

export interface Surroundings {
  /** The current task's text. */
  task: string;
  /** All calls of the run, in order. */
  calls: Shown[];
  /** The last program was not let run. */
  blocked: boolean;
}

interface State extends Surroundings {
  open: Map<string, Shown>;
}

/** See {@link Surroundings}. */
export const surroundings: Projection<Surroundings> = {
  rewinds: true,
  start: (): State => ({ task: '', calls: [], blocked: false, open: new Map() }),
  next(given, event) {
    const state = given as State;
    if (event.kind === 'task') {
      state.task = textOf(event.parts);
      state.blocked = false;
    } else if (event.kind === 'call' && event.undoes === undefined) called(state, event);
    else if (event.kind === 'call-result') {
      const call = state.open.get(event.id);
      if (call !== undefined && event.ok && typeof event.value === 'string') call.text = event.value;
      state.open.delete(event.id);
    } else if (event.kind === 'observation') state.blocked = false;
    else if (event.kind === 'review' && event.verdict === 'block') state.blocked = true;
    return state;
  },
};

function called(state: State, { id, tool, args }: RunEvent<'call'>): void {
  const call: Shown = { tool, args: (args ?? {}) as { [name: string]: Json } };
  state.calls.push(call);
  state.open.set(id, call);
}

/** An address, and the line that shows it without the address. */
export interface Place {
  address: string;
  label: string;
}

const ADDRESS = String.raw`(?:https?:\/\/[^\s"'\x60()<>[\]]+|\/[\w.~%-]+(?:\/[\w.~%-]*)*(?:\?[\w=&%.~-]*)?)`;
/** In quotes or brackets: `[Clickable '/team']`, `[Team](/team)`, `<https://…>`. */
const ENCLOSED = new RegExp(String.raw`(?<=["'\x60(<[])${ADDRESS}(?=["'\x60)>\]])`, 'g');
const ANYWHERE = new RegExp(String.raw`(?<![\w/])${ADDRESS}`, 'g');

/**
 * The addresses that a text shows in quotes or brackets, in order.
 *
 * @example
 * ```ts
 * placesIn("- Our team [Clickable '/team']"); // [{ address: '/team', label: "- Our team [Clickable '']" }]
 * ```
 */
export function placesIn(text: string): Place[] {
  return text
    .split('\n')
    .flatMap((line) =>
      [...line.matchAll(ENCLOSED)].map(([address]) => ({ address, label: line.replaceAll(ENCLOSED, '') })),
    );
}

/** A text without the addresses in it: what it says itself. */
export const withoutAddresses = (text: string): string => text.replaceAll(ANYWHERE, ' ');
