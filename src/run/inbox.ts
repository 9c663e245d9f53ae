/**
 * What was posted to a run becomes events of its log.
 *
 * @module
 */
import { cleanMessage, type NamedTool } from '../action/index.ts';
import type { Json, RunEvent, RunView } from '../record/index.ts';
import { wrongWith } from './approval.ts';
import { callStates, NOT_HAPPENED_NOTE } from './calls.ts';
import type { RunLog } from './log.ts';
import type { InboxMessage } from './run.ts';
import { turns } from './turn.ts';

/** What came: nothing, something that the run may go on with, or the wish that it ends. */
export interface Drained {
  news: boolean;
  cancelled?: string;
}

/** Name of the note about a message that had no effect: `{ message, why }`. */
export const IGNORED_NOTE = 'ignored';

/**
 * Appends each message as the event it means. One that fits nothing that the run waits for, or whose arguments or result
 * the tool's schema refuses, is noted with the reason and has no effect.
 */
export async function takeIn(
  log: RunLog,
  messages: readonly InboxMessage[],
  tools: ReadonlyMap<string, NamedTool>,
): Promise<Drained> {
  const drained: Drained = { news: false };
  for (const message of messages) {
    const why = unfitting(log.view, message) ?? (await refusedBySchema(log.view, message, tools));
    if (why !== undefined) ignore(log, message, why);
    else if (message.kind === 'cancel') {
      drained.cancelled = message.reason;
      log.append<'note'>({ kind: 'note', by: 'user', name: 'cancel', value: message.reason });
    } else {
      append(log, message);
      drained.news = true;
    }
  }
  return drained;
}

/** Notes wishes to cancel a turn that has ended by itself before they were taken in; what else was posted is given back. */
export function withoutStaleCancels(log: RunLog, messages: readonly InboxMessage[]): readonly InboxMessage[] {
  return messages.filter((message) => {
    if (message?.kind !== 'cancel') return true;
    ignore(log, message, 'The turn that it was meant for has ended.');
    return false;
  });
}

/** Says whether a note is of a wish to cancel that came too late. */
export function isStaleCancel({ name, value }: RunEvent<'note'>): boolean {
  return name === IGNORED_NOTE && (value as { message?: { kind?: unknown } } | null)?.message?.kind === 'cancel';
}

function ignore(log: RunLog, message: InboxMessage, why: string): void {
  const value = { message: message as unknown as Json, why };
  log.append<'note'>({ kind: 'note', by: 'user', name: IGNORED_NOTE, value });
}

/** What each kind of message has to say in text. */
const TEXTS: { readonly [kind in InboxMessage['kind']]: readonly string[] } = {
  approval: ['call', 'digest'],
  reply: ['to', 'text'],
  doubt: ['call'],
  result: ['call'],
  message: ['text'],
  cancel: ['reason'],
};

/** Why something that was posted is no message: it comes from outside, whatever its type says. */
function malformed(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null) return 'It is no message.';
  const fields = message as { [field: string]: unknown };
  const kind = String(fields.kind);
  if (!Object.hasOwn(TEXTS, kind)) return `There is no message of kind ${kind.slice(0, 40)}.`;
  const lacks = TEXTS[kind as InboxMessage['kind']].find((field) => typeof fields[field] !== 'string');
  return lacks === undefined ? undefined : `A message of kind ${kind} needs \`${lacks}\`, a text.`;
}

/** Why a message fits nothing that the run waits for; nothing where it fits. */
export function unfitting(view: RunView, message: InboxMessage): string | undefined {
  const wrong = malformed(message) ?? (message.kind === 'approval' ? wrongWith(message) : undefined);
  if (wrong !== undefined) return wrong;
  if (message.kind === 'message' || message.kind === 'cancel') return undefined;
  if (message.kind === 'reply') {
    const { question } = view.project(turns);
    return question?.id === message.to ? undefined : `No question ${message.to} waits for a reply.`;
  }
  const { call } = message;
  const state = view.project(callStates).get(call);
  if (state?.result !== undefined) return `Call ${call} has its result already.`;
  if (message.kind === 'approval') {
    if (state?.request === undefined) return `No call ${call} waits for an approval.`;
    if (state.approval !== undefined) return `Call ${call} is decided already (${state.approval.verdict}).`;
    if (state.request.digest === message.digest) return undefined;
    return `Call ${call} is not the one that was shown: its tool or arguments have another digest.`;
  }
  if (state?.intent === undefined) return `Call ${call} has not begun.`;
  if ((message.kind === 'result') === (state.later !== undefined)) return undefined;
  return message.kind === 'result' ? `Call ${call} was not put off.` : `Call ${call} is not in doubt: it was put off.`;
}

async function refusedBySchema(
  view: RunView,
  message: InboxMessage,
  tools: ReadonlyMap<string, NamedTool>,
): Promise<string | undefined> {
  if (!('call' in message)) return undefined;
  const state = view.project(callStates).get(message.call);
  const tool = tools.get(state?.request?.tool ?? state?.intent?.tool ?? '');
  try {
    if (message.kind === 'approval' && message.verdict === 'edit') {
      await tool?.parseInput(message.args as Json);
    }
    if (message.kind === 'result' && 'value' in message) await tool?.parseOutput(message.value);
    return undefined;
  } catch (error) {
    return cleanMessage(error);
  }
}

function append(log: RunLog, message: Exclude<InboxMessage, { kind: 'cancel' }>): void {
  switch (message.kind) {
    case 'approval': {
      const { kind: _kind, ...answer } = message;
      const cause = log.view.project(callStates).get(message.call)?.request?.seq;
      const caused = cause === undefined ? {} : { cause };
      log.append<'approval'>({ kind: 'approval', by: 'user', ...caused, ...answer });
      return;
    }
    case 'doubt':
      if (message.happened) appendResult(log, message.call, message.value ?? null);
      else log.append<'note'>({ kind: 'note', by: 'user', name: NOT_HAPPENED_NOTE, value: message.call });
      return;
    case 'result':
      if ('value' in message) appendResult(log, message.call, message.value);
      else {
        const error = { code: 'tool-failed', message: message.error };
        log.append<'call-result'>({ kind: 'call-result', by: 'user', id: message.call, ok: false, error });
      }
      return;
    case 'reply':
      log.append<'reply'>({ kind: 'reply', by: 'user', to: message.to, parts: [{ text: message.text }] });
      return;
    case 'message': {
      const parts = [{ text: message.text }];
      log.append<'message'>({ kind: 'message', by: 'user', from: 'user', to: 'agent', parts });
      return;
    }
  }
}

function appendResult(log: RunLog, id: string, value: Json): void {
  log.append<'call-result'>({ kind: 'call-result', by: 'user', id, ok: true, value });
}
