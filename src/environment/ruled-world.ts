/**
 * Worlds made of rules: the state is JSON that nobody edits, and an act gives the next one. So snapshots, forks and hashes
 * are the same for all of them, and exact.
 *
 * @module
 */
import { digestOf, type Json, OptionError } from '../record/index.ts';
import { checkAct } from './check-args.ts';
import type { Act, ActKind, Seen, SnapshotEnvironment, Start } from './environment.ts';
import { refuse } from './refuse.ts';

/** What became of an act. */
export interface Step<State> {
  state: State;
  /** What the act shows. */
  observation: Json;
}

/** The rules of a world. All are pure; `step` may take its time. */
export interface WorldRules<State> {
  name: string;
  acts: { readonly [name: string]: ActKind };
  /** @throws {OptionError} there is no such task. */
  begin(start: Start): State;
  /** What is seen without doing anything. */
  look(state: State): Json;
  /** @throws {ToolError} `tool-refused`: it is not possible, see {@link refuse}. */
  step(state: State, act: Act): Step<State> | Promise<Step<State>>;
  /** Acts that are possible now. */
  legal?(state: State): Act[];
  /** What of the state decides how it goes on: the hash is of this. @default all of it */
  identity?(state: State): Json;
  /** Is the episode over? @default never */
  done?(state: State): boolean;
}

/**
 * A world that follows rules.
 *
 * @example
 * ```ts
 * import { ruledWorld } from 'poact/environment';
 *
 * const lamp = ruledWorld<{ on: boolean }>({
 *   name: 'lamp',
 *   acts: { press: { description: 'Presses the switch.', input: { type: 'object' }, effect: 'reversible' } },
 *   begin: () => ({ on: false }),
 *   look: ({ on }) => on,
 *   step: ({ on }) => ({ state: { on: !on }, observation: on ? 'It goes out.' : 'It lights up.' }),
 * });
 * await lamp.reset({ task: 'light', seed: 1 });
 * ```
 */
export function ruledWorld<State>(rules: WorldRules<State>): SnapshotEnvironment {
  return worldIn(rules, undefined);
}

function worldIn<State>(rules: WorldRules<State>, from: { state: State } | undefined): SnapshotEnvironment {
  const { name, acts, legal } = rules;
  let held = from;
  let closed = false;
  let shown = 0;

  function now(): State {
    if (closed) throw new OptionError('environment', `the world ${name} is closed.`);
    if (held === undefined)
      throw new OptionError('environment', `the world ${name} needs a reset before anything else.`);
    return held.state;
  }
  function see(observation: Json): Seen {
    const state = now();
    shown += 1;
    const identity = rules.identity?.(state) ?? (state as Json);
    return { observation, stateHash: digestOf(identity), id: shown, done: rules.done?.(state) ?? false };
  }

  return {
    name,
    can: { deterministic: true, snapshot: 'native', fork: 'cheap', clock: 'fixed' },
    acts,
    async reset(start) {
      if (closed) now();
      held = { state: rules.begin(start) };
      return see(rules.look(held.state));
    },
    observe: async () => see(rules.look(now())),
    ...(legal !== undefined && { legal: async () => (rules.done?.(now()) ? [] : legal(now())) }),
    async act(act) {
      const state = now();
      const { effect } = checkAct(acts, act);
      if (effect !== 'read' && rules.done?.(state)) refuse('It is over: nothing more can be done.');
      const { state: next, observation } = await rules.step(state, act);
      held = { state: next };
      return see(observation);
    },
    snapshot: async () => structuredClone(now()) as Json,
    async restore(snapshot) {
      if (closed) now();
      held = { state: structuredClone(snapshot) as State };
    },
    fork: async () => worldIn(rules, { state: now() }),
    async close() {
      closed = true;
    },
  };
}
