/**
 * What the log knows of each tool call.
 *
 * @module
 */
import type { Projection, RunEvent } from '../record/index.ts';

/** One call of a tool, by its id. */
export interface CallState {
  /** Digest of what was asked for first, where the log has one: an edit by a person has another. */
  asked?: string;
  request?: RunEvent<'approval-request'>;
  approval?: RunEvent<'approval'>;
  /** It began. Missing again when it turned out that nothing had happened. */
  intent?: RunEvent<'call'>;
  /** The tool put its result off. */
  later?: RunEvent<'note'>;
  result?: RunEvent<'call-result'>;
}

/** Name of the note that says: the call in doubt did not happen. */
export const NOT_HAPPENED_NOTE = 'not-happened';
/** Name of the note that says: the result of this call comes from outside. */
export const LATER_NOTE = 'later';

/** See {@link CallState}. */
export const callStates: Projection<Map<string, CallState>> = {
  start: () => new Map(),
  next(calls, event) {
    if (event.kind === 'call') {
      const state = stateOf(calls, event.id);
      state.intent = event;
      if (event.digest !== undefined) state.asked ??= event.digest;
    } else if (event.kind === 'call-result') stateOf(calls, event.id).result = event;
    else if (event.kind === 'approval-request') {
      const state = stateOf(calls, event.call);
      state.request = event;
      state.asked ??= event.digest;
    } else if (event.kind === 'approval') stateOf(calls, event.call).approval = event;
    else if (event.kind === 'note' && event.name === NOT_HAPPENED_NOTE) {
      delete stateOf(calls, String(event.value)).intent;
    } else if (event.kind === 'note' && event.name === LATER_NOTE) {
      stateOf(calls, String((event.value as { call?: unknown }).call)).later = event;
    }
    return calls;
  },
};

function stateOf(calls: Map<string, CallState>, id: string): CallState {
  const known = calls.get(id);
  if (known !== undefined) return known;
  const state: CallState = {};
  calls.set(id, state);
  return state;
}
