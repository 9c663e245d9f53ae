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
import { unfitting } from './inbox.ts';
import { openLog, type RunLog } from './log.ts';
import type { InboxMessage, RunStore, RunSummary } from './run.ts';
import { statusAfter, statusIn } from './summary.ts';

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
  return waitsOf(view, waitingIn(view));
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

/** What the suspension that a run is in says it waits for; nothing where it is in none. */
export function waitingIn(view: RunView): RunEvent<'suspend'>['waiting'] {
  for (let seq = view.length - 1; seq >= 0; seq--) {
    const event = view.at(seq) as RunEvent;
    if (event.kind === 'suspend') return event.waiting;
    if (event.kind !== 'fork' && statusAfter(event) !== undefined) break;
  }
  return [];
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
      const message = posted.find((one) => idOf(one) === wait.id);
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
  const id = idOf(message);
  const why = unfitting(view, message) ?? (id === undefined ? undefined : answered(await store.posted(run), id));
  if (why !== undefined) {
    const waiting = waitsIn(view).map((wait) => wait.id);
    const rest = waiting.length === 0 ? 'Nothing waits in this run.' : `These wait: ${waiting.join(', ')}.`;
    throw new RunError('run-not-suspended', `${why} ${rest}`, { run, ...(id !== undefined && { id }), waiting });
  }
  await store.post(run, message);
}

/** Of the call or the question that a message is about. */
function idOf(message: InboxMessage | null): string | undefined {
  const { call, to } = (message ?? {}) as { call?: string; to?: string };
  return call ?? to;
}

function answered(posted: readonly InboxMessage[], id: string): string | undefined {
  const before = posted.find((one) => idOf(one) === id);
  if (before === undefined) return undefined;
  return `${id} is answered already (${'verdict' in before ? before.verdict : before.kind}); it counts when the run is resumed.`;
}

/**
 * Cancels a run: at once where nobody is at work on it, else at its next step. `resume` can go on with it later, and takes in
 * what else was posted.
 *
 * @returns Whether it has ended already.
 * @throws {RunError} `run-unknown`; `run-not-suspended`: it ended before.
 */
export async function cancelRun(store: RunStore, run: string, reason = 'Cancelled.'): Promise<boolean> {
  requireNotEnded(viewOf(run, await store.read(run)));
  const log = await takeHold(store, run);
  if (log === undefined) {
    await store.post(run, { kind: 'cancel', reason });
    return false;
  }
  try {
    requireNotEnded(log.view);
    log.append<'note'>({ kind: 'note', by: 'user', name: 'cancel', value: reason });
    log.append<'run-end'>({ kind: 'run-end', by: 'user', status: 'cancelled', why: reason });
  } finally {
    await log.close();
  }
  return true;
}

function requireNotEnded(view: RunView): void {
  const { run } = view;
  const status = statusIn(view);
  if (status === 'running' || status === 'suspended') return;
  throw new RunError('run-not-suspended', `Run ${run} has ended already (${status}).`, { run, status });
}

/** The log of a run that nobody holds. */
async function takeHold(store: RunStore, run: string): Promise<RunLog | undefined> {
  try {
    return await openLog({ store, run, holder: `${hostname()}/${process.pid}/cancel`, clock: systemClock }, false);
  } catch (error) {
    if (isPoactError(error) && error.code === 'run-busy') return undefined;
    throw error;
  }
}
