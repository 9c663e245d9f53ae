/**
 * Tasks in a world: what they all share.
 *
 * @module
 */
import { environmentTools } from '../../action/index.ts';
import type { Act, SnapshotEnvironment } from '../../environment/index.ts';
import type { Json } from '../../record/index.ts';
import type { Assertion } from '../score.ts';
import type { EvalTask, World } from '../task-set.ts';
import { pick } from './chance.ts';

/** A task in a world that lists its legal acts. */
export interface WorldTaskOptions<State> {
  id: string;
  kind: string;
  difficulty: number;
  text(start: State): string;
  make(): SnapshotEnvironment;
  /** By the world's name for it. */
  task: string;
  /** The world is the same whatever the attempt's seed: another one would be another task. */
  seed: number;
  /** Judges the state that was left behind, given that of the start. */
  judge(state: State, start: State): Assertion[];
  /** Acts that do it. */
  solve(start: State): readonly Act[];
  /** How many acts by chance a guess may do. */
  guesses: number;
}

const DONE = 'Answer "done" when it is.';

/** The task, without its fold. */
export async function worldTask<State>(options: WorldTaskOptions<State>): Promise<Omit<EvalTask, 'fold'>> {
  const { id, kind, difficulty, text, make, task, seed, judge, solve, guesses } = options;
  async function begun() {
    const world = make();
    await world.reset({ task, seed });
    const state = async () => (await world.snapshot()) as unknown as State;
    return { world, state, start: await state() };
  }
  const { world: first, start } = await begun();
  await first.close();
  return {
    id,
    kind,
    difficulty,
    text: `${text(start)}\n${DONE}`,
    answer: { type: 'string' },
    async open(): Promise<World> {
      const { world, state } = await begun();
      return {
        tools: environmentTools(world),
        score: async () => judge(await state(), start),
        async oracle() {
          for (const act of solve(start)) await world.act(act);
          return 'done';
        },
        async guess(random): Promise<Json> {
          for (let act = 0; act < guesses; act++) {
            const legal = (await world.legal?.()) ?? [];
            if (legal.length === 0) break;
            await world.act(pick(legal, random));
          }
          return 'done';
        },
        close: world.close,
      };
    },
  };
}
