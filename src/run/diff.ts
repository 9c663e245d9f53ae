/**
 * Where two runs part, and what each cost.
 *
 * @module
 */
import { canonicalJson, type Json, type RunEvent, type RunUsage, viewOf } from '../record/index.ts';
import { comparable, numbering, tells } from './compare.ts';
import type { RunStore } from './run.ts';
import { activeMs, usageOf } from './spent.ts';

/** What a run took. */
export interface Cost extends RunUsage {
  /** Milliseconds at work: waits are left out. */
  ms: number;
}

/** One side of a difference. */
export interface Side {
  run: string;
  /** Its first event that the other does not have; nothing where it is at its end. */
  event?: RunEvent;
  /** How it ended, or that it has not. */
  status: string;
  answer?: Json;
  /** All of it, and what came after the runs parted. */
  total: Cost;
  since: Cost;
}

export interface RunDiff {
  /** False where neither does anything that the other does not. */
  differ: boolean;
  /** Events that are the same in both; how the runs were kept, forked and resumed is not counted. */
  same: number;
  /** Fields of the two events that differ, as `decision.code`; `kind` where they are of different kinds. */
  fields: string[];
  a: Side;
  b: Side;
}

/**
 * Compares two runs event by event. Times, costs, places in the log, and how often each was resumed make no difference.
 *
 * @throws {RunError} `run-unknown`
 * @example
 * ```ts
 * const [a1, b1] = (await store.list()).map(({ run }) => run);
 * const { same, a, b } = await diffRuns(store, a1 ?? '', b1 ?? '');
 * console.log(same, a.event?.kind, b.event?.kind, a.since.written - b.since.written);
 * ```
 */
export async function diffRuns(store: RunStore, a: string, b: string): Promise<RunDiff> {
  const [first, second] = await Promise.all([store.read(a), store.read(b)]);
  const one = telling(first);
  const other = telling(second);
  let same = 0;
  while (same < one.length && same < other.length && one[same]?.text === other[same]?.text) same += 1;
  const [left, right] = [one[same], other[same]];
  return {
    differ: left !== undefined || right !== undefined,
    same,
    fields: left === undefined || right === undefined ? [] : fieldsOf(left.said, right.said),
    a: sideOf(a, first, left?.event),
    b: sideOf(b, second, right?.event),
  };
}

function telling(events: readonly RunEvent[]): { event: RunEvent; said: Json; text: string }[] {
  const numbers = numbering();
  return events.flatMap((event) => {
    numbers.add(event);
    if (!tells(event)) return [];
    const said = comparable(event, numbers);
    return [{ event, said, text: canonicalJson(said) }];
  });
}

/** Paths of the fields that differ. */
function fieldsOf(a: Json, b: Json, path: readonly string[] = []): string[] {
  if (canonicalJson(a) === canonicalJson(b)) return [];
  const [left, right] = [membersOf(a), membersOf(b)];
  if (left === undefined || right === undefined) return [path.join('.')];
  if (path.length === 0 && left.kind !== right.kind) return ['kind'];
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return names.flatMap((name) => fieldsOf(left[name] ?? null, right[name] ?? null, [...path, name]));
}

const membersOf = (value: Json): { [name: string]: Json } | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;

function sideOf(run: string, events: readonly RunEvent[], event: RunEvent | undefined): Side {
  const total = costOf(run, events);
  const before = costOf(run, events.slice(0, event?.seq ?? events.length));
  const end = events.findLast(({ kind }) => kind === 'run-end' || kind === 'suspend' || kind === 'resume');
  const status = end?.kind === 'run-end' ? end.status : end?.kind === 'suspend' ? 'suspended' : 'running';
  return {
    run,
    ...(event === undefined ? {} : { event }),
    status,
    ...(end?.kind === 'run-end' && end.answer !== undefined ? { answer: end.answer } : {}),
    total,
    since: less(total, before),
  };
}

function costOf(run: string, events: readonly RunEvent[]): Cost {
  const view = viewOf(run, events);
  return { ...usageOf(view), ms: activeMs(view) };
}

function less(total: Cost, before: Cost): Cost {
  const { costUsd, ...rest } = total;
  const made: Cost = { ...rest };
  for (const key of Object.keys(rest) as (keyof typeof rest)[]) made[key] -= before[key];
  if (costUsd !== undefined) made.costUsd = costUsd - (before.costUsd ?? 0);
  return made;
}
