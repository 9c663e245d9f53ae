/**
 * What runs wait for, and how anybody answers: from any process, in any order, one at a time, through the store's inbox.
 *
 * @module
 */
import { hostname } from 'node:os';
import {
  isPoactError,
  type Json,
  RunError,
  type RunEvent,
  type RunView,
  systemClock,
  viewOf,
} from '../record/index.ts';
import { callStates } from './calls.ts';
import { childOfCall } from './children.ts';
import { takeIn, unfitting } from './inbox.ts';
import { openLog } from './log.ts';
import type { InboxMessage, RunStore, RunSummary } from './run.ts';
import { statusAfter } from './summary.ts';

/** One thing that a run waits for. */
export interface Wait {
  run: string;
  for: 'approval' | 'reply' | 'doubt' | 'later';
  /** Of the call, or of the question. */
  id: string;
  /** Since when, ISO 8601. */
  since: string;
  /** The call; of an approval, exactly what was shown. */
  tool?: string;
  args?: Json;
  /** Of an approval: what the answer is bound to. */
  digest?: string;
  rule?: string;
  /** Why it waits, in words. */
  reason?: string;
  preview?: string;
  question?: string;
  choices?: readonly string[];
  /** What was said of it already, and is taken in when the run is resumed. */
  posted?: InboxMessage;
}

/** What a run waits for, read off its log: a fork of a run that waits does so, too. */
export function waitsIn(view: RunView): Wait[] {
  return waitsOf(view, suspension(view)?.waiting ?? []);
}

/** What is still open of what a run waits for. */
export function waitsOf(view: RunView, waiting: RunEvent<'suspend'>['waiting']): Wait[] {
  const calls = view.project(callStates);
  const waits: Wait[] = [];
  for (const { for: what, id } of waiting) {
    const { request, approval, intent, result, later } = calls.get(id) ?? {};
    const base = { run: view.run, for: what, id };
    if (what === 'reply') {
      const question = view.events().findLast((event) => event.kind === 'question' && event.id === id);
      const replied = view.events().some((event) => event.kind === 'reply' && event.to === id);
      if (question?.kind !== 'question' || replied) continue;
      const { question: text, choices, at } = question;
      waits.push({ ...base, since: at, question: text, ...(choices && { choices }) });
    } else if (result !== undefined) {
    } else if (what === 'approval') {
      if (request === undefined || approval !== undefined) continue;
      const { tool, args, digest, rule, reason, preview, at } = request;
      waits.push({ ...base, since: at, tool, args, digest, rule, reason, ...(preview !== undefined && { preview }) });
    } else if (intent !== undefined && childOfCall(view, id) === undefined) {
      const { tool, args, at } = intent;
      const reason = (later?.value as { what?: string } | undefined)?.what ?? 'It may or may not have happened.';
      waits.push({ ...base, since: later?.at ?? at, tool, ...(args !== undefined && { args }), reason });
    }
  }
  return waits;
}

/** The suspension a run is in, if it is in one. */
function suspension(view: RunView): RunEvent<'suspend'> | undefined {
  for (let seq = view.length - 1; seq >= 0; seq--) {
    const event = view.at(seq) as RunEvent;
    if (event.kind === 'suspend') return event;
    if (event.kind !== 'fork' && statusAfter(event) !== undefined) return undefined;
  }
  return undefined;
}

/**
 * What one run, or every suspended run of a store, waits for; longest waiting first.
 *
 * @throws {RunError} `run-unknown`
 * @example
 * ```ts
 * for (const { run, id, tool, args } of await approvalsOf(store)) console.log(run, id, tool, args);
 * ```
 */
export async function approvalsOf(store: RunStore, run?: string): Promise<Wait[]> {
  const runs =
    run === undefined ? (await store.list({ status: 'suspended' })).map((row: RunSummary) => row.run) : [run];
  const waits: Wait[] = [];
  for (const each of runs) {
    const found = waitsIn(viewOf(each, await store.read(each)));
    if (found.length === 0) continue;
    const posted = await store.posted(each);
    for (const wait of found) {
      const message = posted.find(
        (one) => ('call' in one && one.call === wait.id) || ('to' in one && one.to === wait.id),
      );
      waits.push(message === undefined ? wait : { ...wait, posted: message });
    }
  }
  return waits.sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
}

/**
 * Posts an answer, and says at once when it fits nothing that the run waits for. It takes effect when the run is resumed,
 * or at its next step where it is at work.
 *
 * @throws {RunError} `run-unknown`; `run-not-suspended`: nothing waits for this, its tool or arguments are others than were
 *   shown, or it is answered already.
 * @example
 * ```ts
 * const [wait] = await approvalsOf(store);
 * if (wait?.digest) await respond(store, wait.run, { kind: 'approval', call: wait.id, digest: wait.digest, verdict: 'approve' });
 * ```
 */
export async function respond(store: RunStore, run: string, message: InboxMessage): Promise<void> {
  const view = viewOf(run, await store.read(run));
  const id = 'call' in message ? message.call : 'to' in message ? message.to : undefined;
  if (id !== undefined) {
    const why = unfitting(view, message) ?? answered(await store.posted(run), id);
    if (why !== undefined) {
      const waiting = waitsIn(view).map((wait) => wait.id);
      const rest = waiting.length === 0 ? 'Nothing waits in this run.' : `These wait: ${waiting.join(', ')}.`;
      throw new RunError('run-not-suspended', `${why} ${rest}`, { run, id, waiting });
    }
  }
  await store.post(run, message);
}

function answered(posted: readonly InboxMessage[], id: string): string | undefined {
  const before = posted.find((one) => ('call' in one && one.call === id) || ('to' in one && one.to === id));
  if (before === undefined) return undefined;
  return `${id} is answered already (${'verdict' in before ? before.verdict : before.kind}); it counts when the run is resumed.`;
}

/**
 * Cancels a run: at once where nobody is at work on it, else at its next step. `resume` can go on with it later.
 *
 * @returns Whether it has ended already.
 * @throws {RunError} `run-unknown`; `run-not-suspended`: it ended before.
 */
export async function cancelRun(store: RunStore, run: string, reason = 'Cancelled.'): Promise<boolean> {
  const view = viewOf(run, await store.read(run));
  const end = view.events().findLast((event) => statusAfter(event) !== undefined);
  if (end?.kind === 'run-end') {
    throw new RunError('run-not-suspended', `Run ${run} has ended already (${end.status}).`, {
      run,
      status: end.status,
    });
  }
  await store.post(run, { kind: 'cancel', reason });
  const holder = `${hostname()}/${process.pid}/cancel`;
  try {
    const log = await openLog({ store, run, holder, clock: systemClock }, false);
    try {
      const drained = await takeIn(log, await store.drain(run, log.fence), new Map());
      if (drained.cancelled !== undefined) {
        log.append<'run-end'>({ kind: 'run-end', by: 'user', status: 'cancelled', why: drained.cancelled });
      }
    } finally {
      await log.close();
    }
    return true;
  } catch (error) {
    if (isPoactError(error) && error.code === 'run-busy') return false;
    throw error;
  }
}
