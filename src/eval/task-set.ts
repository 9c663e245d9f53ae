/**
 * Task sets: what is asked, in which world, and how it is judged.
 *
 * Folds are part of a task. The one to develop on and the one to report are split by a hash within each kind, so that nobody
 * chooses.
 *
 * @module
 */
import type { ToolRecord, ToolSchema } from '../action/index.ts';
import { digestOf, type Json, OptionError } from '../record/index.ts';
import type { TaskOptions } from '../run/index.ts';
import type { Scorer } from './score.ts';

export type Fold = 'development' | 'reporting';

/** The world of one attempt: made anew for each, so that no attempt sees what another did. */
export interface World {
  tools?: ToolRecord;
  /** Values that stand in the session as typed variables. */
  data?: TaskOptions['data'];
  /** Speaks for the user: answers a question of the agent's, or does not. @default nobody does, and the run waits */
  reply?(question: string): string | undefined | Promise<string | undefined>;
  /** Judges the attempt and the state that it left behind. Out of the agent's reach. */
  score: Scorer;
  /**
   * Solves the task with the world's own means and gives the answer: the ceiling. An oracle that does not pass shows a
   * broken scorer, or a broken task.
   */
  oracle?(): Json | undefined | Promise<Json | undefined>;
  /** An answer (and acts) drawn by chance, as sensible as chance can be: the floor. `random` gives numbers from 0 up to 1. */
  guess?(random: () => number): Json | undefined | Promise<Json | undefined>;
  close?(): void | Promise<void>;
}

/** One task. */
export interface EvalTask {
  /** Within its set. Stays what it is from version to version. */
  id: string;
  /** The family it belongs to: folds and selections are even over these. */
  kind: string;
  fold: Fold;
  /** Of what makes it hard, where the set knows: hops, depth, branches. */
  difficulty?: number;
  /** What is asked, word for word. */
  text: string;
  input?: Json;
  /** Form of the answer. */
  answer?: ToolSchema;
  /** @param seed - for worlds with chance in them; the same seed makes the same world */
  open(seed: number): World | Promise<World>;
}

/** Tasks that belong together. */
export interface TaskSet {
  name: string;
  /** Goes up when what is asked, a world, the rule or the folds change: attempts at another version are other attempts. */
  version: number;
  /** What it asks, in a sentence. */
  about: string;
  /** How it is judged, in a sentence, and whose rule that is. */
  rule: string;
  /** Where the tasks come from, with their licence. */
  source: string;
  tasks: readonly EvalTask[];
}

/** How tasks are split. */
export interface FoldOptions<Task> {
  /**
   * Ids that somebody has looked at or tuned on: for development, whatever their hash. What is left of their kind is split as if they
   * were not there. @default []
   */
  developed?: readonly string[];
  /** What is hashed: tasks that are alike in it are the same to who tunes on them, and of one fold, also across kinds. @default the id */
  by?(task: Task): string;
}

/**
 * Gives each of some tasks its fold: by a hash, half of each kind to each side (of an odd number the greater part is for
 * reporting), as far as what is alike lets.
 *
 * @throws {OptionError} an id comes twice, or `developed` names none of the tasks.
 * @example
 * ```ts
 * import { withFolds } from 'poact/eval';
 *
 * withFolds([{ id: 'a', kind: 'trade' }, { id: 'b', kind: 'trade' }]); // one of each fold
 * ```
 */
export function withFolds<Task extends { id: string; kind: string }>(
  tasks: readonly Task[],
  { developed = [], by = ({ id }) => id }: FoldOptions<Task> = {},
): (Task & { fold: Fold })[] {
  requireIds(tasks);
  const missing = developed.find((id) => !tasks.some((task) => task.id === id));
  if (missing !== undefined) throw new OptionError('developed', `No task has the id "${missing}".`);
  const tuned = new Set(tasks.filter(({ id }) => developed.includes(id)).map(by));
  const folds = new Map<string, Fold>([...tuned].map((key) => [key, 'development']));
  const kinds = Map.groupBy(tasks, ({ kind }) => kind);
  for (const kind of [...kinds.keys()].sort()) {
    const unseen = (kinds.get(kind) ?? []).map(by).filter((key) => !tuned.has(key));
    splitInHalves(unseen, folds);
  }
  return tasks.map((task) => ({ ...task, fold: folds.get(by(task)) as Fold }));
}

/** Gives those a fold that have none of an earlier kind. */
function splitInHalves(keys: readonly string[], folds: Map<string, Fold>): void {
  const alike = Map.groupBy(keys, (key) => key);
  let left = Math.floor(keys.length / 2) - keys.filter((key) => folds.get(key) === 'development').length;
  const byHash = [...alike.keys()].sort((one, other) => (digestOf(one) < digestOf(other) ? -1 : 1));
  for (const key of byHash.filter((each) => !folds.has(each))) {
    const count = alike.get(key)?.length ?? 0;
    folds.set(key, count <= left ? 'development' : 'reporting');
    if (count <= left) left -= count;
  }
}

function requireIds(tasks: readonly { id: string }[]): void {
  const seen = new Set<string>();
  for (const { id } of tasks) {
    if (seen.has(id)) throw new OptionError('tasks', `Two tasks have the id "${id}".`);
    seen.add(id);
  }
}

/** Which tasks of a set. */
export interface Selection {
  fold?: Fold;
  kinds?: readonly string[];
  ids?: readonly string[];
  /** So many, in turn from each kind, in the order of the set. @default all */
  most?: number;
}

/**
 * Tasks of a set, in its order.
 *
 * @throws {OptionError} two tasks have the same id; an id or a kind that the set has not; nothing is left.
 * @example
 * ```ts
 * selectTasks(sums, { fold: 'reporting', most: 24 });
 * ```
 */
export function selectTasks(set: TaskSet, { fold, kinds, ids, most }: Selection = {}): EvalTask[] {
  requireIds(set.tasks);
  const missing = ids?.find((id) => !set.tasks.some((task) => task.id === id));
  if (missing !== undefined) throw new OptionError('ids', `${set.name} has no task "${missing}".`);
  const known = [...new Set(set.tasks.map(({ kind }) => kind))];
  const unknown = kinds?.find((kind) => !known.includes(kind));
  if (unknown !== undefined) {
    throw new OptionError('kinds', `${set.name} has no kind "${unknown}". There are: ${known.join(', ')}.`);
  }
  const admitted = set.tasks.filter(
    (task) =>
      (fold === undefined || task.fold === fold) &&
      (kinds === undefined || kinds.includes(task.kind)) &&
      (ids === undefined || ids.includes(task.id)),
  );
  const chosen = most === undefined ? admitted : inTurn(admitted, most);
  if (chosen.length === 0) throw new OptionError('tasks', `Nothing of ${set.name} is left to ask.`);
  return chosen;
}

/** The first of each kind, then the second of each, until there are so many; in the order they had. */
function inTurn(tasks: readonly EvalTask[], most: number): EvalTask[] {
  const rank = new Map<string, number>();
  const ranked = tasks.map((task, at) => {
    const turn = rank.get(task.kind) ?? 0;
    rank.set(task.kind, turn + 1);
    return { task, at, turn };
  });
  const kept = ranked.sort((one, other) => one.turn - other.turn || one.at - other.at).slice(0, most);
  return kept.sort((one, other) => one.at - other.at).map(({ task }) => task);
}
