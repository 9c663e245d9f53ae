/**
 * Makes tool calls that were decided as data. Each starts when what it refers to is there; those that depend on nothing
 * run side by side; what depends on a failed call is skipped.
 *
 * @module
 */
import {
  type Call,
  cutMiddle,
  type Json,
  type NewEvent,
  type ResultPart,
  type RunEvent,
  type ToolCall,
} from '../record/index.ts';
import type { CallOutcome, Outcome, RunContext } from './action.ts';

export interface ExecuteJsonParts {
  observationChars: number;
}

/** What became of one call. */
type Came = CallOutcome | { state: 'skipped'; why: string };

/** Makes the calls of decision `of`; called again after a suspension or a crash, it goes on. */
export async function executeJson(
  parts: ExecuteJsonParts,
  action: Call & { of: number },
  run: RunContext,
): Promise<Outcome> {
  const { of, calls } = action;
  const [only] = calls;
  if (only !== undefined && standsAlone(calls)) {
    const outcome = await run.call({ id: `${of}.${only.id}`, tool: only.tool, args: only.args });
    if (outcome.state === 'waiting') return { state: 'suspended', waiting: [{ for: outcome.for, id: outcome.id }] };
    return { state: 'observed', observation: observe(parts, of, calls, [outcome], run) };
  }
  const came = await makeCalls(calls, of, run);
  const waiting = came.filter((outcome) => outcome.state === 'waiting');
  if (waiting.length > 0) {
    return { state: 'suspended', waiting: waiting.map(({ for: what, id }) => ({ for: what, id })) };
  }
  return { state: 'observed', observation: observe(parts, of, calls, came, run) };
}

/** What became of each, in their order. */
async function makeCalls(calls: readonly ToolCall[], of: number, run: RunContext): Promise<Came[]> {
  const byId = new Map(calls.map((call) => [call.id, call]));
  const started = new Map<string, Promise<Came>>();
  const start = (call: ToolCall, above: readonly string[]): Promise<Came> => {
    const already = started.get(call.id);
    if (already !== undefined) return already;
    const path = [...above, call.id];
    const needs = dependenciesOf(call, byId);
    const circle = needs.find((need) => path.includes(need));
    const outcome: Promise<Came> =
      circle === undefined
        ? makeCall(call, needs, (need) => start(byId.get(need) as ToolCall, path), of, run)
        : Promise.resolve({ state: 'skipped', why: `it waits for ${circle}, which waits for it` });
    started.set(call.id, outcome);
    return outcome;
  };
  const outcomes = await Promise.allSettled(calls.map((call) => start(call, [])));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return Promise.all(calls.map((call) => start(call, [])));
}

async function makeCall(
  call: ToolCall,
  needs: readonly string[],
  started: (need: string) => Promise<Came>,
  of: number,
  run: RunContext,
): Promise<Came> {
  const values = new Map<string, Json>();
  const came = await Promise.all(needs.map(async (need) => [need, await started(need)] as const));
  for (const [need, outcome] of came) {
    if (outcome.state === 'waiting') return outcome;
    if (outcome.state !== 'ok') return { state: 'skipped', why: `${need} failed` };
    values.set(need, outcome.value);
  }
  let args: Json;
  try {
    args = resolveRefs(call.args, values);
  } catch (error) {
    return { state: 'error', error: { name: 'RefError', message: (error as Error).message } };
  }
  return run.call({ id: `${of}.${call.id}`, tool: call.tool, args });
}

/** Says whether arguments refer to results. */
export function hasRefs(value: Json): boolean {
  if (value === null || typeof value !== 'object') return false;
  if (refOf(value) !== undefined) return true;
  for (const inner of Object.values(value)) if (hasRefs(inner)) return true;
  return false;
}

/** The rule: one call, which refers to none. */
export function standsAlone(calls: readonly ToolCall[]): boolean {
  const [only, ...more] = calls;
  return more.length === 0 && only?.after === undefined && !hasRefs(only?.args ?? null);
}

/** Ids of this plan's calls that a call refers to or comes after. */
export function dependenciesOf(call: ToolCall, byId: ReadonlyMap<string, ToolCall>): string[] {
  const found = new Set(call.after ?? []);
  const look = (value: Json): void => {
    if (value === null || typeof value !== 'object') return;
    const ref = refOf(value);
    if (ref !== undefined && byId.has(ref.ref)) found.add(ref.ref);
    else for (const inner of Object.values(value)) look(inner);
  };
  look(call.args);
  return [...found].filter((id) => byId.has(id));
}

/** `{ ref, path? }` and nothing else is a reference. */
function refOf(value: Json): { ref: string; path?: string } | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const { ref } = value;
  if (typeof ref !== 'string') return undefined;
  const { path } = value;
  if (Object.keys(value).some((key) => key !== 'ref' && key !== 'path')) return undefined;
  if (path === undefined) return { ref };
  return typeof path === 'string' ? { ref, path } : undefined;
}

/**
 * Puts results where references stand.
 *
 * @throws {Error} a path leads to nothing.
 * @example
 * ```ts
 * resolveRefs({ city: { ref: 'a', path: 'rows[0].city' } }, new Map([['a', { rows: [{ city: 'Ulm' }] }]])); // { city: 'Ulm' }
 * ```
 */
export function resolveRefs(value: Json, values: ReadonlyMap<string, Json>): Json {
  if (value === null || typeof value !== 'object') return value;
  const ref = refOf(value);
  if (ref !== undefined && values.has(ref.ref)) return follow(values.get(ref.ref) as Json, ref);
  if (Array.isArray(value)) return value.map((inner) => resolveRefs(inner, values));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolveRefs(inner, values)]));
}

function follow(value: Json, { ref, path = '' }: { ref: string; path?: string }): Json {
  let at: Json = value;
  for (const key of path.split(/[.[\]]+/).filter((part) => part !== '' && part !== '$')) {
    const next: Json | undefined =
      at !== null && typeof at === 'object' && Object.hasOwn(at, key)
        ? (at as { [key: string]: Json })[key]
        : undefined;
    if (next === undefined) throw new Error(`The result of ${ref} has nothing at \`${path}\`.`);
    at = next;
  }
  return at;
}

function observe(
  { observationChars }: ExecuteJsonParts,
  of: number,
  calls: readonly ToolCall[],
  came: readonly Came[],
  run: RunContext,
): RunEvent<'observation'> {
  const chars = Math.max(200, Math.floor(observationChars / calls.length));
  const [only] = came;
  const value = came.length === 1 && only?.state === 'ok' ? only.value : undefined;
  const parts = calls.map((call, at) => resultPart(call, came[at] as Came, chars));
  const seen: NewEvent<'observation'> = {
    kind: 'observation',
    by: 'action',
    cause: of,
    of,
    state: stateOf(came),
    parts,
    calls: calls.length,
  };
  if (value !== undefined && isWhole(value, chars, parts[0])) seen.value = value;
  return run.append<'observation'>(seen);
}

function stateOf(came: readonly Came[]): RunEvent<'observation'>['state'] {
  if (came.length === 0 || came.some(({ state }) => state === 'ok')) return 'done';
  return came.every(({ state }) => state === 'skipped') ? 'skipped' : 'failed';
}

/** The part shows the very value, and its JSON is no longer than is shown. */
const isWhole = (value: Json, chars: number, part: ResultPart | undefined): boolean =>
  part?.value === value && (typeof value !== 'string' || JSON.stringify(value).length <= chars);

function resultPart({ id, tool }: ToolCall, outcome: Came, chars: number): ResultPart {
  if (outcome.state === 'ok') {
    const text = typeof outcome.value === 'string' ? outcome.value : JSON.stringify(outcome.value);
    return { result: id, tool, value: text.length <= chars ? outcome.value : cutMiddle(text, chars) };
  }
  return { result: id, tool, value: problemOf(outcome, chars), isError: true };
}

function problemOf(outcome: Exclude<Came, { state: 'ok' }>, chars: number): string {
  if (outcome.state === 'error') return cutMiddle(`${outcome.error.name}: ${outcome.error.message}`, chars);
  return outcome.state === 'skipped' ? `Skipped: ${outcome.why}.` : 'Waiting.';
}
