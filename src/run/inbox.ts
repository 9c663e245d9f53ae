/**
 * What was posted to a run becomes events of its log.
 *
 * @module
 */
import type { Json } from '../record/index.ts';
import { callStates, NOT_HAPPENED_NOTE } from './calls.ts';
import type { RunLog } from './log.ts';
import type { InboxMessage } from './run.ts';
import { turns } from './turn.ts';

/** What came: nothing, something that the run may go on with, or the wish that it ends. */
export interface Drained {
  news: boolean;
  cancelled?: string;
}

/** Appends each message as the event it means. One that fits nothing that the run waits for is noted and has no effect. */
export function takeIn(log: RunLog, messages: readonly InboxMessage[]): Drained {
  const drained: Drained = { news: false };
  for (const message of messages) {
    if (message.kind === 'cancel') {
      drained.cancelled = message.reason;
      log.append<'note'>({ kind: 'note', by: 'user', name: 'cancel', value: message.reason });
    } else if (append(log, message)) drained.news = true;
    else log.append<'note'>({ kind: 'note', by: 'user', name: 'ignored', value: message as unknown as Json });
  }
  return drained;
}

function append(log: RunLog, message: Exclude<InboxMessage, { kind: 'cancel' }>): boolean {
  const calls = log.view.project(callStates);
  switch (message.kind) {
    case 'approval': {
      const { kind: _kind, ...answer } = message;
      const state = calls.get(message.call);
      if (state?.request?.digest !== message.digest || state.approval !== undefined) return false;
      log.append<'approval'>({ kind: 'approval', by: 'user', cause: state.request.seq, ...answer });
      return true;
    }
    case 'doubt': {
      const state = calls.get(message.call);
      if (state?.intent === undefined || state.result !== undefined) return false;
      if (message.happened) {
        const value = message.value ?? null;
        log.append<'call-result'>({ kind: 'call-result', by: 'user', id: message.call, ok: true, value });
      } else log.append<'note'>({ kind: 'note', by: 'user', name: NOT_HAPPENED_NOTE, value: message.call });
      return true;
    }
    case 'reply': {
      if (log.view.project(turns).question?.id !== message.to) return false;
      log.append<'reply'>({ kind: 'reply', by: 'user', to: message.to, parts: [{ text: message.text }] });
      return true;
    }
    case 'message':
      log.append<'message'>({
        kind: 'message',
        by: 'user',
        from: 'user',
        to: 'agent',
        parts: [{ text: message.text }],
      });
      return true;
  }
}
