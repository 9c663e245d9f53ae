/**
 * Crafting: tasks in the crafting world, ten of each level.
 *
 * @module
 */
import { type Act, CRAFTING_LEVELS, type CraftingState, craftingWorld, isCrafted } from '../../environment/index.ts';
import { asserted } from '../assertions/asserted.ts';
import { type TaskSet, withFolds } from '../task-set.ts';
import { worldTask } from './world-task.ts';

const TASKS_A_LEVEL = 10;
const GUESSES = 30;

/** The set. It needs no data: its worlds come from seeds. */
export async function crafting(): Promise<TaskSet> {
  const levels = Array.from({ length: CRAFTING_LEVELS }, (_, at) => at + 1);
  const tasks = levels.flatMap((level) =>
    Array.from({ length: TASKS_A_LEVEL }, (_, at) => taskOf(level, level * 1_000 + at)),
  );
  return {
    name: 'crafting',
    version: 1,
    about: 'Fetch what is raw and make the rest by recipes, one to four levels deep.',
    rule: 'The goal is in the inventory (as in TextCraft).',
    source: 'Made here, from seeds.',
    tasks: withFolds(await Promise.all(tasks)),
  };
}

const taskOf = (level: number, seed: number) =>
  worldTask<CraftingState>({
    id: `level ${level}/${seed}`,
    kind: `level ${level}`,
    difficulty: level,
    text: ({ goal }) => `Craft one ${goal}. The recipes are a tool's to tell: what has none is raw and is fetched.`,
    make: craftingWorld,
    task: `level ${level}`,
    seed,
    judge: (state) => [
      asserted('goal', isCrafted(state), state.inventory, `Expected "${state.goal}" in the inventory`),
    ],
    solve: ({ goal, recipes }) => actsFor(goal, 1, recipes),
    guesses: GUESSES,
  });

/** Acts that make so many of an item, from nothing: what is needed first, then the recipe, as often as it takes. */
function actsFor(item: string, count: number, recipes: CraftingState['recipes']): Act[] {
  const recipe = recipes.find((one) => one.item === item);
  if (recipe === undefined) return [{ name: 'get', args: { item, count } }];
  const uses = Math.ceil(count / recipe.makes);
  const needed = Object.entries(recipe.of).flatMap(([part, each]) => actsFor(part, each * uses, recipes));
  return [...needed, ...Array.from({ length: uses }, (): Act => ({ name: 'craft', args: { item } }))];
}
