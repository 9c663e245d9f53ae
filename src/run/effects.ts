/**
 * What a run did to the world, read off its log: what it may at most have changed, and what of it can be taken back.
 *
 * @module
 */
import { type NamedTool, takesBack } from '../action/index.ts';
import { digestOf, type Effect, type Json, type RunEvent, type RunView } from '../record/index.ts';
import { type CallState, callStates } from './calls.ts';

/** One call that may have changed something. */
export interface RunEffect {
  call: string;
  tool: string;
  effect: Exclude<Effect, 'read'>;
  /** Its arguments, unless they are large. */
  args?: Json;
  /** SHA-256 of tool and arguments. */
  digest: string;
  /** Where it began: event, step and time. */
  seq: number;
  step: number;
  at: string;
  /** `doubt`: it began, and nobody knows whether it happened. `later`: its result is still to come. */
  state: 'done' | 'failed' | 'doubt' | 'later' | 'undone' | 'compensated';
  /** What would take it back; left out where nothing would, and where it was taken back already. */
  takenBackBy?: 'undo' | 'compensate';
  /** Why nothing would. */
  why?: string;
  /** An undo to this event takes it back, and everything that came after. */
  to: number;
  /** An earlier undo left it as it is. */
  left?: true;
}

/** What a run may at most have changed. */
export interface RunEffects {
  run: string;
  /** In the order in which they began; those that were taken back are among them. */
  effects: RunEffect[];
  /** How many of each class still stand. */
  standing: { [Class in Exclude<Effect, 'read'>]: number };
  /** Runs within this one: what they did stands in their own logs. */
  children: string[];
}

/** Failures of calls that never reached the world. */
const NOTHING_HAPPENED: ReadonlySet<string> = new Set([
  'tool-input-invalid',
  'tool-refused',
  'tool-denied',
  'tool-unknown',
]);

/** What an agent can say of the tools of a run. */
export interface KnownTools {
  tools: ReadonlyMap<string, NamedTool>;
  /** Takes back also what tools did that have changed since. @default false */
  acceptChanges?: boolean;
}

/**
 * Lists what a run did to the world. Without tools, what can be taken back is said by the class that each call had.
 *
 * @example
 * ```ts
 * const { effects, standing } = effectsOf(view);
 * ```
 */
export function effectsOf(view: RunView, known?: KnownTools): RunEffects {
  const calls = view.project(callStates);
  const takenBack = new Set<string>();
  for (const { intent, result } of calls.values()) {
    if (intent?.undoes !== undefined && result?.ok === true) takenBack.add(intent.undoes);
  }
  const left = new Set<string>();
  const decisions: number[] = [];
  const children: string[] = [];
  for (const event of view.events()) {
    if (event.kind === 'undo') for (const call of event.cannot) left.add(call);
    if (event.kind === 'decision') decisions.push(event.seq);
    if (event.kind === 'child' && event.state === 'started') children.push(event.child);
  }
  const shared = view.last('fork');
  const effects: RunEffect[] = [];
  for (const [call, state] of calls) {
    const { intent, result } = state;
    if (intent === undefined || intent.undoes !== undefined || intent.effect === 'read') continue;
    if (result?.ok === false && NOTHING_HAPPENED.has(result.error?.code ?? '')) continue;
    const { tool, effect, args, seq, step, at } = intent;
    const stands = takenBack.has(call)
      ? { state: effect === 'compensable' ? ('compensated' as const) : ('undone' as const) }
      : { state: stateOf(state), ...remedyOf(state, intent, view, shared, known) };
    effects.push({
      call,
      tool,
      effect,
      ...(args === undefined ? {} : { args }),
      digest: intent.digest ?? digestOf({ tool, args: args ?? null }),
      seq,
      step,
      at,
      ...stands,
      to: before(seq, decisions) - 1,
      ...(left.has(call) && !takenBack.has(call) ? { left: true as const } : {}),
    });
  }
  effects.sort((one, other) => one.seq - other.seq);
  const standing = { reversible: 0, compensable: 0, irreversible: 0, unknown: 0 };
  for (const { effect, state } of effects) if (isStanding(state)) standing[effect] += 1;
  return { run: view.run, effects, standing, children };
}

/** It is not taken back. */
export const isStanding = (state: RunEffect['state']) => state !== 'undone' && state !== 'compensated';

function stateOf({ later, result }: CallState): RunEffect['state'] {
  if (result === undefined) return later === undefined ? 'doubt' : 'later';
  return result.ok ? 'done' : 'failed';
}

/** The last decision before an event, which its step begins with; the event itself where there is none. */
function before(seq: number, decisions: readonly number[]): number {
  let found = seq;
  for (let low = 0, high = decisions.length - 1; low <= high; ) {
    const middle = (low + high) >> 1;
    const decision = decisions[middle] as number;
    if (decision > seq) high = middle - 1;
    else {
      found = decision;
      low = middle + 1;
    }
  }
  return found;
}

function remedyOf(
  state: CallState,
  { seq, tool: name, effect }: RunEvent<'call'>,
  view: RunView,
  shared: RunEvent<'fork'> | undefined,
  known: KnownTools | undefined,
): Pick<RunEffect, 'takenBackBy' | 'why'> {
  if (shared !== undefined && seq < shared.upTo) {
    return { why: `It was made in run ${shared.from}, which this one was forked from. Undo it there.` };
  }
  if (effect === 'irreversible') return { why: `${name} is irreversible.` };
  if (effect === 'unknown') return { why: `Nobody says how ${name} could be undone (its effect is unknown).` };
  const stands = stateOf(state);
  if (stands === 'doubt') return { why: 'Nobody knows whether it happened: say so first.' };
  if (stands === 'later') return { why: 'Its result is still to come.' };
  if (stands === 'failed') return { why: `It failed (${state.result?.error?.code}) and may have done a part.` };
  if (state.result?.by === 'user' && (state.result.value ?? null) === null && state.result.blob === undefined) {
    return { why: 'It happened, and nobody knows its result, which its undo would need.' };
  }
  if (known === undefined) return { takenBackBy: effect === 'reversible' ? 'undo' : 'compensate' };
  const tool = known.tools.get(name);
  if (tool === undefined) return { why: `The agent has no tool ${name}.` };
  const then = view.last('run-start')?.tools[name];
  if (then !== undefined && then !== tool.digest && known.acceptChanges !== true) {
    return { why: `${name} is not what it was when the run began (\`acceptChanges\` takes it back all the same).` };
  }
  const takenBackBy = takesBack(tool);
  return takenBackBy === undefined ? { why: `${name} has nothing that takes a call back.` } : { takenBackBy };
}
