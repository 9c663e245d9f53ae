/**
 * The contract of a world to act in: what it shows, which acts it knows, and what of it can be kept and given back.
 *
 * There is no reward in here: whether a task was done is judged by the task set (`poact/eval`), out of the agent's reach.
 * An implementation runs `environmentPromises` (`poact/testing`) in its own test.
 *
 * @module
 */
import type { Effect, Json, JsonSchema, Looks } from '../record/index.ts';

/** One act, as data. */
export interface Act {
  /** One of {@link Environment.acts}. */
  name: string;
  args: { [name: string]: Json };
}

/** What acts of one name do. */
export interface ActKind {
  /** For the model: one sentence. */
  description: string;
  /** JSON Schema of the arguments, an object. */
  input: JsonSchema;
  /** JSON Schema of what it shows. @default the form of it is not known */
  output?: JsonSchema;
  /** `reversible` acts are taken back by `restore`, so a world that has some can snapshot. */
  effect: Effect;
  /** It changes nothing but what the world shows: see `looks` of tools. */
  looks?: Looks;
}

/** What a world shows at one moment. */
export interface Seen {
  observation: Json;
  /** SHA-256 of the state in canonical form: two moments with the same hash go on alike. */
  stateHash: string;
  /** How many times this world has shown something. */
  id: number;
  /** The task's episode is over: nothing more can be done. */
  done: boolean;
}

/** What a world can. */
export interface EnvironmentAbilities {
  /** The same task, seed and acts give the same hashes. */
  deterministic: boolean;
  /** `native`: `snapshot` and `restore` are there. */
  snapshot: 'native' | 'none';
  /** `cheap`: `fork` is there and copies the state. `replay`: a new world, with the same acts again. */
  fork: 'cheap' | 'replay' | 'none';
  /** `wall`: its state moves on by itself. */
  clock: 'fixed' | 'wall';
}

/** Where an episode begins. */
export interface Start {
  /** What is to be done, by the name that the world has for it. */
  task: string;
  /** The same seed, the same world. */
  seed: number;
}

/** A world to act in. It is acted on from one place at a time. */
export interface Environment {
  name: string;
  can: EnvironmentAbilities;
  acts: { readonly [name: string]: ActKind };
  /**
   * Begins an episode, whatever was before. All of the world's state is covered. Needed before anything else.
   *
   * @throws {OptionError} there is no such task.
   */
  reset(start: Start): Promise<Seen>;
  /** Looks, and changes nothing. */
  observe(): Promise<Seen>;
  /** Acts that are possible now. Left out where they cannot be listed. */
  legal?(): Promise<readonly Act[]>;
  /**
   * Acts.
   *
   * @returns what the act showed, in the state after it
   * @throws {ToolError} `tool-refused`: it is not possible now, and nothing changed.
   */
  act(act: Act): Promise<Seen>;
  /** The state, as JSON that outlives the process. */
  snapshot?(): Promise<Json>;
  /** Goes back to a snapshot, of this world or of another one of its kind. */
  restore?(snapshot: Json): Promise<void>;
  /** Another world in the same state. Neither sees what the other does. The caller closes it. */
  fork?(): Promise<Environment>;
  /** Gives back what it holds. Afterwards every method throws. */
  close(): Promise<void>;
}

/** A world whose state can be kept and given back at any time: all that are made by `ruledWorld` are. */
export type SnapshotEnvironment = Environment & Required<Pick<Environment, 'snapshot' | 'restore' | 'fork'>>;
