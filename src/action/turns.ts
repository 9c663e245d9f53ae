/**
 * What was done and seen since the task, counted turn by turn, so that looking for circles costs what is new.
 *
 * @module
 */
import {
  canonicalJson,
  type GuestError,
  type Json,
  type Projection,
  type RunEvent,
  type ToolCall,
  textOf,
} from '../record/index.ts';
import { codeOf } from './history.ts';
import { withoutComments } from './numbers.ts';

/** What became of something that was done before. */
export interface Earlier {
  ok: boolean;
  error?: Pick<GuestError, 'name' | 'message'> | undefined;
}

export interface Turns {
  /** What each decision did, as text that is equal for equal deeds. */
  did: Map<number, string>;
  /** Programs by their normalised text. */
  programs: Map<string, Earlier>;
  /** Calls decided as data, by tool and arguments. */
  calls: Map<string, Earlier>;
  /** Calls of decisions, by the call's id in the log. */
  callKeys: Map<string, string>;
  /** How often a turn (deed and observation) came. */
  seen: Map<string, number>;
  /** How often the last turn came. */
  lastSeen: number;
  /** Words and numbers of all observations. */
  facts: Set<string>;
  /** Observations in a row, since a plan, that said nothing new. */
  stale: number;
  /** Observations in a row, since a plan, that failed. */
  failed: number;
}

const fresh = (): Turns => ({
  did: new Map(),
  programs: new Map(),
  calls: new Map(),
  callKeys: new Map(),
  seen: new Map(),
  lastSeen: 0,
  facts: new Set(),
  stale: 0,
  failed: 0,
});

/** See {@link Turns}. Begins anew with each task, because data and people may have changed. */
export const turns: Projection<Turns> = {
  start: fresh,
  next(state, event) {
    if (event.kind === 'task' || event.kind === 'undo') return fresh();
    if (event.kind === 'decision') decided(state, event);
    if (event.kind === 'review' && event.what === 'decision' && event.amended !== undefined) {
      state.did.set(event.of, normalised(event.amended));
    }
    if (event.kind === 'choice') {
      const code = event.candidates.find(({ id }) => id === event.winner)?.code;
      if (code !== undefined) state.did.set(event.of, normalised(code));
    }
    if (event.kind === 'call-result') {
      const key = state.callKeys.get(event.id);
      state.callKeys.delete(event.id);
      const { ok, error } = event;
      if (key !== undefined) state.calls.set(key, { ok, error: error && { name: error.code, message: error.message } });
    }
    if (event.kind === 'observation') observed(state, event);
    return state;
  },
};

function decided(state: Turns, { seq, decision }: RunEvent<'decision'>): void {
  const code = codeOf(decision);
  if (code !== undefined) state.did.set(seq, normalised(code));
  if (decision.kind === 'call') {
    let did = '';
    for (const call of decision.calls) {
      const key = callKey(call);
      state.callKeys.set(`${seq}.${call.id}`, key);
      did = did === '' ? key : `${did}\n${key}`;
    }
    state.did.set(seq, did);
  }
  if (decision.kind === 'think' && decision.form === 'plan') {
    state.stale = 0;
    state.failed = 0;
  }
}

function observed(state: Turns, { of, state: how, parts, error }: RunEvent<'observation'>): void {
  const did = state.did.get(of) ?? '';
  state.did.delete(of);
  state.programs.set(did, { ok: how === 'done', error });
  const text = textOf(parts);
  const turn = `${did}\n→ ${text}`;
  state.lastSeen = (state.seen.get(turn) ?? 0) + 1;
  state.seen.set(turn, state.lastSeen);
  state.failed = how === 'done' ? 0 : state.failed + 1;
  const before = state.facts.size;
  const first = state.seen.size === 1 && state.lastSeen === 1;
  // What was seen before has no new words.
  if (how === 'done' && state.lastSeen === 1) {
    for (const fact of text.toLowerCase().match(FACT) ?? []) state.facts.add(fact);
  }
  state.stale = first || state.facts.size > before ? 0 : state.stale + 1;
}

const FACT = /[\p{L}\p{N}][\p{L}\p{N}._-]*/gu;

/** A program without what does not matter: comments and spaces. */
export const normalised = (code: string) => withoutComments(code).replace(/\s+/g, ' ').replace(/;\s*$/, '').trim();

/** A call's tool and arguments, as text that is equal for equal calls. */
export const callKey = ({ tool, args }: Pick<ToolCall, 'tool'> & { args: Json }) => `${tool} ${canonicalJson(args)}`;
