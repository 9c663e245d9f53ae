/**
 * Replaying a run: its loop once more, from the log alone, with no call of a model and none of a tool.
 *
 * The policy decides on the recorded replies, programs run with the recorded results, reviews are made again; each event
 * that comes of it is compared with the one that the log holds. So a replay tells whether a log says all that the run was,
 * and whether this version of an agent would do the same.
 *
 * @module
 */
import type { CallOutcome } from '../action/index.ts';
import type { Model, ModelReply, ModelRequest } from '../model/index.ts';
import {
  CancelledError,
  type Clock,
  canonicalJson,
  digestOf,
  type Json,
  ModelError,
  noUsage,
  type RunEvent,
  type RunResult,
  type RunUsage,
  type RunView,
  seededRandom,
  type ToolCall,
  type Usage,
} from '../record/index.ts';
import { outcomeOf } from './call-tool.ts';
import { callStates, NOT_HAPPENED_NOTE } from './calls.ts';
import { childKeys, taskOf } from './child-run.ts';
import { childStates } from './children.ts';
import { runContext } from './context.ts';
import type { ContextParts, OwnedContext } from './context-parts.ts';
import { type DriveParts, drive } from './drive-run.ts';
import { IGNORED_NOTE, isStaleCancel } from './inbox.ts';
import { Cut, Diverged, type Divergence, type ReplayLog, replayLog } from './replay-log.ts';
import type { InboxMessage, RunStore } from './run.ts';

/** What came of a replay. */
export interface Replayed {
  run: string;
  /** Nothing went another way, and both hashes are equal. */
  same: boolean;
  /** Events of the log, and how many of them the replay made again; the others came from outside, or tell of results. */
  events: number;
  compared: number;
  /** The first event that was made again; those before it are another agent's, before a fork. */
  from: number;
  /** Of what the run did, recorded and replayed: `viewHash`. */
  hash: { recorded: string; replayed: string };
  /** Recorded replies and results that stood in for calls. None was made. */
  replies: number;
  results: number;
  divergence?: Divergence;
}

/** What a replay needs of an agent. */
export type ReplayParts = Pick<DriveParts, 'policy' | 'action' | 'tools' | 'guard' | 'model' | 'limits' | 'price'> & {
  seed: number;
  /** The first event that this agent made. */
  from: number;
};

export async function replayRun(
  store: RunStore,
  run: string,
  recorded: readonly RunEvent[],
  parts: ReplayParts,
): Promise<Replayed> {
  const log = replayLog(run, recorded, store.blobs);
  const counts = { replies: 0, results: 0 };
  const clock: Clock = {
    now: () => Date.parse(log.view.at(log.view.length - 1)?.at ?? '') || 0,
    sleep: async (_ms, signal) => signal?.throwIfAborted(),
  };
  const model = replayedModel(parts.model, log, counts);
  try {
    while (giveHead(log, parts.from)) {
      log.begin();
      log.step = log.view.step;
      await drive({
        ...parts,
        log,
        clock,
        model,
        discreet: (other) => replayedModel(other, log, counts),
        // Time is the record's: what it stopped stands there.
        limits: { ...parts.limits, ms: Number.POSITIVE_INFINITY },
        random: seededRandom(parts.seed + log.view.length),
        posted: [],
        store: { ...store, drain: async () => postedNext(log.view, recorded) },
        handlers: { onQuestion: async (question) => repliedNext(log.next(), question.id) },
        context: (given) => replayedContext(given, log, recorded, counts),
      }).catch((error: unknown) => {
        if (!(error instanceof Cut)) throw error;
        // Ended by somebody, or by what the log cannot make happen again.
        if (log.next()?.kind === 'run-end') log.give();
      });
    }
  } catch (error) {
    if (!(error instanceof Diverged)) throw error;
  } finally {
    await log.close();
  }
  const hash = log.hashes();
  const { divergence, compared } = log;
  const same = divergence === undefined && hash.recorded === hash.replayed;
  const { from } = parts;
  return { run, same, events: recorded.length, compared, from, hash, ...counts, ...(divergence && { divergence }) };
}

/** Gives the replay what stands before its next stretch; false where there is none. */
function giveHead(log: ReplayLog, from: number): boolean {
  for (let event = log.next(); event !== undefined; event = log.next()) {
    log.give();
    if (event.seq < from) continue;
    const after = log.next()?.kind;
    // An undo is not the loop's work: it stands as it is.
    const begins = event.kind === 'task' || (event.kind === 'resume' && event.by === 'loop');
    if (begins && after !== 'task' && after !== 'resume' && after !== 'fork') return true;
  }
  return false;
}

/** A model that gives the recorded replies, in order. */
function replayedModel(model: Model, log: ReplayLog, counts: { replies: number }): Model {
  return {
    ...model,
    get can() {
      return model.can;
    },
    async generate(request: ModelRequest): Promise<ModelReply> {
      const event = log.next();
      if (event?.kind !== 'model-call') return log.stop({ kind: 'model-call', asked: lastMessage(request) });
      counts.replies += 1;
      if (event.reply === undefined) throw failure(event);
      const { text, calls, finish, stopped } = event.reply;
      return {
        text,
        ...(calls === undefined ? {} : { calls }),
        finish: finish as ModelReply['finish'],
        ...(stopped === undefined ? {} : { stopped }),
        usage: event.usage,
      };
    },
  };
}

const lastMessage = ({ messages }: ModelRequest): Json => (messages.at(-1) as unknown as Json) ?? null;

function failure({ error }: RunEvent<'model-call'>): Error {
  const { code = 'model-failed', message = 'The call failed.' } = error ?? {};
  if (code === 'cancelled') return new CancelledError(message);
  return code.startsWith('model-') ? new ModelError(code as 'model-failed', message) : new Error(message);
}

/** A context in which calls have their recorded outcomes, and remembered work its recorded value. */
function replayedContext(
  parts: ContextParts,
  log: ReplayLog,
  recorded: readonly RunEvent[],
  counts: { results: number },
): OwnedContext {
  const context = runContext(parts);
  const keyOf = childKeys({ unnamed: () => `${log.step}/` });
  return {
    ...context,
    call: (call) => replayedCall(call, log, recorded, counts),
    child: async (task, _solve, _budget, name) => replayedChild(keyOf(taskOf(task), name), log, recorded),
    // What left no other trace than its value is not done again; what asked a model is, on the recorded replies.
    async memo<T extends Json>(key: string, work: () => Promise<T>): Promise<T> {
      log.pump();
      const next = log.next();
      if (next?.kind !== 'note' || next.name !== `memo:${key}`) return context.memo(key, work);
      log.give();
      return next.value as T;
    },
  };
}

async function replayedCall(
  call: ToolCall,
  log: ReplayLog,
  recorded: readonly RunEvent[],
  counts: { results: number },
): Promise<CallOutcome> {
  const { id, tool, args } = call;
  const got: Json = { kind: 'call', id, tool, args };
  if (!sameCall(call, recorded)) return log.stop(got);
  log.began(id);
  for (;;) {
    const { result } = log.view.project(callStates).get(id) ?? {};
    if (result !== undefined) {
      counts.results += 1;
      return outcomeOf(result, log);
    }
    const waits = waitingFor(id, log, recorded);
    if (waits !== undefined) return { state: 'waiting', for: waits, id };
    await log.grown();
  }
}

/** The result that the record has; where it has none, the run was suspended there. */
async function replayedChild(key: string, log: ReplayLog, recorded: readonly RunEvent[]): Promise<RunResult> {
  const begun = recorded.find((event) => event.kind === 'child' && event.state === 'started' && event.key === key);
  if (begun?.kind !== 'child') return log.stop({ kind: 'child', key });
  for (;;) {
    log.pump();
    const { ended } = log.view.project(childStates).get(key) ?? {};
    const base = { run: begun.child, warnings: [], log: [] };
    if (ended !== undefined) {
      const status = (ended.status ?? 'failed') as RunResult['status'];
      const answer = ended.answer === undefined ? {} : { answer: ended.answer };
      return { ...base, ...answer, status, why: 'As recorded.', usage: usageIn(ended) };
    }
    if (log.next()?.kind === 'suspend')
      return { ...base, status: 'suspended', why: 'It waits.', usage: usageIn(begun) };
    await log.grown();
  }
}

function usageIn({ usage = noUsage }: RunEvent<'child'>): RunUsage {
  const {
    modelCalls = 0,
    toolCalls = 0,
    steps = 0,
    costUsd,
    sent,
    evaluated,
    written,
  } = usage as Partial<RunUsage> & Usage;
  const counted = { sent, evaluated, written, modelCalls, toolCalls, steps };
  return costUsd === undefined ? counted : { ...counted, costUsd };
}

/** Says whether the record has this very call. */
function sameCall({ id, tool, args }: ToolCall, recorded: readonly RunEvent[]): boolean {
  const first = recorded.find(
    (event) =>
      (event.kind === 'approval-request' && event.call === id) ||
      ((event.kind === 'call' || event.kind === 'call-result') && event.id === id),
  );
  if (first?.kind === 'call-result') return true;
  if (first?.kind !== 'call' && first?.kind !== 'approval-request') return false;
  if (first.digest !== undefined) return first.digest === digestOf({ tool, args });
  return first.tool === tool && canonicalJson(first.args) === canonicalJson(args);
}

/** What a call waits for where this stretch was suspended, if it got no result before. */
function waitingFor(id: string, log: ReplayLog, recorded: readonly RunEvent[]) {
  for (const event of recorded.slice(log.view.length)) {
    if (event.kind === 'call-result' && event.id === id) return undefined;
    if (event.kind === 'suspend') {
      const what = event.waiting.find((one) => one.id === id)?.for;
      return what === 'reply' ? undefined : what;
    }
    if (event.kind === 'resume' || event.kind === 'run-end' || event.kind === 'fork') return undefined;
  }
  return undefined;
}

/** What was taken from the inbox at this place: the events that it became say what it was. */
function postedNext(view: RunView, recorded: readonly RunEvent[]): InboxMessage[] {
  const messages: InboxMessage[] = [];
  for (const event of recorded.slice(view.length)) {
    if (event.kind === 'note' && isStaleCancel(event)) continue;
    const message = event.by === 'user' ? messageOf(event, view) : undefined;
    if (message === undefined) break;
    messages.push(message);
  }
  return messages;
}

function messageOf(event: RunEvent, view: RunView): InboxMessage | undefined {
  switch (event.kind) {
    case 'approval': {
      const { call, digest, verdict, reason, args } = event;
      const more = { ...(reason !== undefined && { reason }), ...(args !== undefined && { args }) };
      return { kind: 'approval', call, digest, verdict, ...more };
    }
    case 'reply':
      return { kind: 'reply', to: event.to, text: textIn(event.parts) };
    case 'message':
      return { kind: 'message', text: textIn(event.parts) };
    case 'call-result': {
      const { id: call, value = null, error } = event;
      if (view.project(callStates).get(call)?.later === undefined) {
        return event.ok ? { kind: 'doubt', call, happened: true, value } : undefined;
      }
      return event.ok ? { kind: 'result', call, value } : { kind: 'result', call, error: error?.message ?? '' };
    }
    case 'note':
      if (event.name === NOT_HAPPENED_NOTE) return { kind: 'doubt', call: String(event.value), happened: false };
      if (event.name === 'cancel') return { kind: 'cancel', reason: String(event.value) };
      if (event.name !== IGNORED_NOTE) return undefined;
      return (event.value as { message: Json }).message as unknown as InboxMessage;
    default:
      return undefined;
  }
}

const textIn = (parts: RunEvent<'reply'>['parts']) => parts.map((part) => ('text' in part ? part.text : '')).join('\n');

const repliedNext = (event: RunEvent | undefined, question: string): string | undefined =>
  event?.kind === 'reply' && event.to === question ? textIn(event.parts) : undefined;
