import { expect, it } from 'vitest';
import { environmentPromises } from '../../testing/index.ts';
import { type CraftingState, craftingWorld } from './crafting.ts';

it.each(environmentPromises(craftingWorld, { task: 'level 3' }))('$title', ({ run }) => run());

const at = async (task: string, seed = 1) => {
  const world = craftingWorld();
  await world.reset({ task, seed });
  return { world, state: async () => (await world.snapshot()) as unknown as CraftingState };
};

it.each([1, 2, 3, 4])('has a goal at level %d that needs the level below, and never itself', async (level) => {
  const { recipes, goal } = await (await at(`level ${level}`, level)).state();
  const depth = (item: string): number => {
    const recipe = recipes.find((one) => one.item === item);
    return recipe === undefined ? 0 : 1 + Math.max(...Object.keys(recipe.of).map(depth));
  };
  expect(depth(goal)).toBe(level);
});

it('uses up what a recipe needs, and ends when the goal is made', async () => {
  const { world, state } = await at('level 1');
  const { goal, recipes } = await state();
  const { of = {}, makes } = recipes.find(({ item }) => item === goal) ?? {};
  await expect(world.act({ name: 'craft', args: { item: goal } })).rejects.toThrow('needs');
  for (const [item, count] of Object.entries(of)) await world.act({ name: 'get', args: { item, count } });
  const made = await world.act({ name: 'craft', args: { item: goal } });
  expect(made).toMatchObject({ observation: { [goal]: makes }, done: true });
  expect(await world.legal?.()).toEqual([]);
  await expect(world.act({ name: 'get', args: { item: 'clay', count: 1 } })).rejects.toThrow('It is over');
});

it.each([
  [{ name: 'get', args: { item: 'crane', count: 1 } }, 'is nothing raw'],
  [{ name: 'get', args: { item: 'clay', count: 0 } }, 'count is not what it should be'],
  [{ name: 'get', args: { item: 'clay', count: 0.5 } }, 'count is not what it should be'],
  [{ name: 'get', args: { item: 'clay', count: 1, free: true } }, 'get takes no free'],
  [{ name: 'craft', args: { item: 'clay' } }, 'There is no recipe for "clay"'],
])('refuses %j', async (act, why) => {
  await expect((await at('level 1')).world.act(act as never)).rejects.toThrow(why);
});

it('knows its tasks', async () => {
  await expect(craftingWorld().reset({ task: 'level 5', seed: 1 })).rejects.toThrow('There are: level 1 to level 4.');
});
