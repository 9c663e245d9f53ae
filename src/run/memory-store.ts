/**
 * A store in this process's memory. Nothing is copied and nothing is made JSON: events are kept as they are appended.
 *
 * @module
 */
import { type Clock, type RunEvent, sha256, systemClock } from '../record/index.ts';
import { couldGoOn, DUE } from './due.ts';
import { bells, followRun } from './follow.ts';
import type { InboxMessage, NamedBlob, RunStore, RunSummary } from './run.ts';
import { busy, fenced, moved, requireFork, unknownRun } from './store-errors.ts';
import { forkHead, newSummary, statusAfter } from './summary.ts';

interface Kept {
  parent?: { run: string; seq: number };
  /** Without those of the parent. */
  events: RunEvent[];
  summary: RunSummary;
  queue?: string;
}

interface Lease {
  holder: string;
  fence: number;
  until: number;
}

/**
 * Builds a store that lives as long as this process.
 *
 * @example
 * ```ts
 * const agent = createAgent({ model: 'local', store: memoryStore() });
 * ```
 */
export function memoryStore({ clock = systemClock }: { clock?: Clock } = {}): RunStore {
  const runs = new Map<string, Kept>();
  const inboxes = new Map<string, { messages: InboxMessage[]; taken: number }>();
  const leases = new Map<string, Lease>();
  const blobs = new Map<string, string | Uint8Array>();
  const doorbells = bells();

  const kept = (run: string): Kept => {
    const found = runs.get(run);
    if (found === undefined) throw unknownRun(run);
    return found;
  };
  const lengthOf = ({ parent, events }: Kept) => (parent?.seq ?? 0) + events.length;
  const slice = (run: string, from: number, to: number): RunEvent[] => {
    const { parent, events } = kept(run);
    const own = parent?.seq ?? 0;
    const shared = parent !== undefined && from < own ? slice(parent.run, from, Math.min(to, own)) : [];
    if (to <= own) return shared;
    const rest = events.slice(Math.max(0, from - own), to - own);
    return shared.length === 0 ? rest : [...shared, ...rest];
  };
  const isHeld = (run: string) => (leases.get(run)?.until ?? 0) > clock.now();
  const isInterrupted = ({ summary, queue }: Kept) =>
    summary.status === 'running' && queue === undefined && !isHeld(summary.run);
  const keepBlob = ({ name, content }: NamedBlob) => blobs.set(name, content);

  /** To it, or to a suspended run within it. */
  const isPosted = (run: string) =>
    [...inboxes].some(
      ([to, { messages }]) =>
        messages.length > 0 &&
        (to === run || (to.startsWith(`${run}.`) && runs.get(to)?.summary.status === 'suspended')),
    );

  const store: RunStore = {
    append(run, events, { expectedSeq, fence, blobs: named }) {
      const held = leases.get(run)?.fence ?? 0;
      if (fence !== held) throw fenced(run, fence, held);
      let found = runs.get(run);
      const length = found === undefined ? 0 : lengthOf(found);
      if (length !== expectedSeq) throw moved(run, expectedSeq, length);
      if (named !== undefined) for (const blob of named) keepBlob(blob);
      if (found === undefined) {
        found = { events: [], summary: { run, task: '', status: 'running', startedAt: '', events: 0, model: '' } };
        runs.set(run, found);
      }
      for (const event of events) found.events.push(event);
      if (events.some((event) => statusAfter(event) !== undefined)) {
        Object.assign(found.summary, newSummary(found.summary, events));
      }
      const inbox = inboxes.get(run);
      if (inbox !== undefined && inbox.taken > 0) inbox.messages.splice(0, inbox.taken);
      if (inbox !== undefined) inbox.taken = 0;
      doorbells.ring(run);
      return { posted: inbox !== undefined && inbox.messages.length > 0 };
    },
    async read(run, fromSeq = 0) {
      return slice(run, fromSeq, Number.POSITIVE_INFINITY);
    },
    follow: (run, fromSeq, signal) =>
      followRun({ run, fromSeq, read: async (id, from) => slice(id, from, Infinity), bells: doorbells, signal }),
    async list({ status, limit = Number.POSITIVE_INFINITY } = {}) {
      return [...runs.values()]
        .map((found): RunSummary => {
          const summary = { ...found.summary, events: lengthOf(found) };
          return isInterrupted(found) ? { ...summary, interrupted: true } : summary;
        })
        .filter((summary) => status === undefined || summary.status === status)
        .sort((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0))
        .slice(0, limit);
    },
    async fork(run, seq, newRun) {
      const parent = kept(run);
      requireFork(run, seq, lengthOf(parent), newRun, runs.has(newRun));
      const at = new Date(clock.now()).toISOString();
      const head = forkHead(seq);
      const shared = slice(run, head.from, seq);
      const step = shared.at(-1)?.step ?? 0;
      const task = head.isNamed(shared) ? parent.summary.task : '';
      const event: RunEvent = { seq, at, run: newRun, step, by: 'store', kind: 'fork', from: run, upTo: seq };
      runs.set(newRun, {
        parent: { run, seq },
        events: [event],
        summary: { ...parent.summary, task, run: newRun, status: 'running', startedAt: at },
      });
    },
    async post(run, message) {
      const inbox = inboxes.get(run) ?? { messages: [], taken: 0 };
      inboxes.set(run, inbox);
      inbox.messages.push(message);
      doorbells.ring(run);
      doorbells.ring(DUE);
    },
    async posted(run) {
      return inboxes.get(run)?.messages.slice() ?? [];
    },
    async drain(run, fence) {
      const held = leases.get(run)?.fence ?? 0;
      if (fence !== held) throw fenced(run, fence, held);
      const inbox = inboxes.get(run);
      if (inbox === undefined) return [];
      const messages = inbox.messages.slice(inbox.taken);
      inbox.taken = inbox.messages.length;
      return messages;
    },
    async lease(run, holder, ms) {
      const now = clock.now();
      const lease = leases.get(run);
      const mine = lease?.holder === holder;
      if (lease !== undefined && !mine && lease.until > now) throw busy(run, lease.holder);
      const fence = mine ? lease.fence : (lease?.fence ?? 0) + 1;
      leases.set(run, { holder, fence, until: now + ms });
      const inbox = inboxes.get(run);
      if (!mine && inbox !== undefined) inbox.taken = 0;
      return { fence };
    },
    async release(run, fence) {
      const lease = leases.get(run);
      if (lease?.fence === fence) leases.set(run, { holder: '', fence, until: 0 });
    },
    async enqueue(run, queue) {
      kept(run).queue = queue;
      doorbells.ring(DUE);
    },
    async due(queue, limit = Number.POSITIVE_INFINITY) {
      const now = clock.now();
      const isDue = ([run, found]: [string, Kept]) =>
        found.queue === queue &&
        !isHeld(run) &&
        couldGoOn(found.summary.status, isPosted(run), found.events.at(-1), now);
      return [...runs]
        .filter(isDue)
        .map(([run]) => run)
        .slice(0, limit);
    },
    onDue: (heard) => doorbells.listen(DUE, heard),
    blobs: {
      async put(content) {
        const name = sha256(content);
        keepBlob({ name, content });
        return name;
      },
      async get(name) {
        const content = blobs.get(name);
        return typeof content === 'string' ? new TextEncoder().encode(content) : content;
      },
    },
    async close() {},
  };
  return store;
}
