/**
 * What of an event is the run's own: without times, costs and places in the log, so that a replay, and a fork that went the
 * same way, are equal to what they are compared with.
 *
 * @module
 */
import { PARTIAL_NOTE, REFUSED_NOTE, SETTLED_NOTE } from '../action/index.ts';
import { canonicalJson, type Json, type RunEvent, sha256 } from '../record/index.ts';

/** How a run was kept and resumed, not what it did. */
const KEEPING = new Set<RunEvent['kind']>(['run-start', 'fork', 'resume', 'suspend', 'snapshot', 'budget', 'reward']);

/** Says whether an event tells what a run did. */
export function tells(event: RunEvent): boolean {
  if (KEEPING.has(event.kind)) return false;
  return !(event.kind === 'note' && (event.name === PARTIAL_NOTE || event.name === REFUSED_NOTE));
}

/** Fields that tell when, how long, how dear, and where it was kept. */
const DROPPED = new Set([
  'seq',
  'at',
  'run',
  'by',
  'ms',
  'waitedMs',
  'usage',
  'costUsd',
  'cached',
  'tokens',
  'logprobs',
  'module',
  'engine',
]);
/** Fields that hold the `seq` of an earlier event. */
const PLACES = new Set(['cause', 'of', 'call', 'selection', 'rests', 'to', 'prune']);

/** Events numbered by what they tell: the same in a fork, whose own events stand later. */
export interface Numbering {
  /** The number of an event, or of the next one that tells something. */
  of(seq: number): number;
  /** Numbers the next event. */
  add(event: RunEvent): void;
}

export function numbering(): Numbering {
  const numbers: number[] = [];
  let next = 0;
  return {
    of: (seq) => numbers[seq] ?? next,
    add(event) {
      numbers[event.seq] = next;
      if (tells(event)) next += 1;
    },
  };
}

/** An event as it is compared. */
export function comparable(event: RunEvent, { of }: Numbering): Json {
  const made: { [field: string]: Json } = {};
  for (const [field, value] of Object.entries(event) as [string, Json][]) {
    if (DROPPED.has(field) || value === undefined) continue;
    if (PLACES.has(field)) made[field] = placed(value, of);
    else if (field === 'id') made[field] = named(value, of);
    else made[field] = value;
  }
  if (event.kind === 'model-call') {
    const { reply, error, purpose = '' } = event;
    return { kind: event.kind, step: event.step, purpose, reply: (reply as Json) ?? null, error: error?.code ?? null };
  }
  if (event.kind === 'child') {
    const { step, key = null, state, task = null, status = null, answer = null } = event;
    return { kind: event.kind, step, key, state, task, status, answer };
  }
  if (event.kind === 'decision' && event.decision.kind === 'answer' && event.decision.rests !== undefined) {
    made.decision = { ...(event.decision as { [field: string]: Json }), rests: of(event.decision.rests) };
  }
  if (event.kind === 'note' && event.name === SETTLED_NOTE) {
    const value = event.value as { id: string };
    made.value = { ...value, id: named(value.id, of) };
  }
  return made;
}

const placed = (value: Json, of: (seq: number) => number): Json => {
  if (typeof value === 'number') return of(value);
  return Array.isArray(value) ? value.map((one) => placed(one, of)) : named(value, of);
};

/** Ids begin with the `seq` of a decision: `5.1`, `q5`. */
function named(value: Json, of: (seq: number) => number): Json {
  if (typeof value !== 'string') return value;
  return value.replace(/^(q?)(\d+)(?=\.|$)/, (_all, mark: string, seq: string) => `${mark}${of(Number(seq))}`);
}

/** A digest of what a run did, that grows with it. */
export interface ViewHash {
  add(event: RunEvent): void;
  value(): string;
}

export function growingHash(): ViewHash {
  const numbers = numbering();
  let digest = sha256('');
  return {
    add(event) {
      numbers.add(event);
      if (tells(event)) digest = sha256(digest + canonicalJson(comparable(event, numbers)));
    },
    value: () => digest,
  };
}

/**
 * A digest of what a run did: the same for its replay, and for a fork that went the same way. Times, costs and how often it
 * was suspended are left out, and so are prompts: they follow from the rest.
 *
 * @example
 * ```ts
 * const agent = createAgent({ model: 'local' });
 * const { log } = await agent.run('Two and two?');
 * viewHash(log); // '9f3c…'
 * ```
 */
export function viewHash(events: readonly RunEvent[]): string {
  const hash = growingHash();
  for (const event of events) hash.add(event);
  return hash.value();
}
