/**
 * A crafting world, after TextCraft (ADaPT, arXiv 2311.05772), with recipes of its own from a seed: fetch what is raw, make the
 * rest step by step. A recipe leads one level down, so the level of the goal is how deep the plan must go.
 *
 * @module
 */
import { type Json, OptionError, seededRandom } from '../../record/index.ts';
import type { Act, ActKind, SnapshotEnvironment } from '../environment.ts';
import { refuse } from '../refuse.ts';
import { ruledWorld } from '../ruled-world.ts';

/** What makes some of an item out of others. */
export interface Recipe {
  item: string;
  makes: number;
  of: { [item: string]: number };
}

/** The state of the world, and its snapshots. */
export interface CraftingState {
  goal: string;
  recipes: Recipe[];
  inventory: { [item: string]: number };
}

/** How many levels of recipes there are. Tasks are `level 1` to `level 4`. */
export const CRAFTING_LEVELS = 4;

const RAW = ['oak log', 'iron ore', 'clay', 'flax', 'sand', 'copper ore'];
const MADE = [
  ['oak plank', 'iron ingot', 'brick', 'linen thread', 'glass pane', 'copper wire'],
  ['ladder', 'iron hinge', 'chimney', 'linen cloth', 'window', 'copper coil'],
  ['scaffold', 'iron gate', 'oven', 'sail', 'greenhouse', 'bell wheel'],
  ['crane', 'drawbridge', 'bakery', 'windmill', 'observatory', 'clock tower'],
] as const;
/** Recipes a level: enough that most lead nowhere. */
const RECIPES = 4;

const ITEM = { type: 'string', description: 'name of an item' };
const COUNT = { type: 'integer', minimum: 1 };
const INVENTORY = { type: 'object', additionalProperties: { type: 'number' } };
const ACTS: { readonly [name: string]: ActKind } = {
  get: {
    description: 'Fetches some of a raw item: one that has no recipe. Returns the inventory.',
    input: { type: 'object', properties: { item: ITEM, count: COUNT }, required: ['item', 'count'] },
    output: INVENTORY,
    effect: 'reversible',
  },
  craft: {
    description: 'Uses the recipe of an item once; what it needs must be in the inventory. Returns the inventory.',
    input: { type: 'object', properties: { item: ITEM }, required: ['item'] },
    output: INVENTORY,
    effect: 'reversible',
  },
  recipes: {
    description: 'Lists all recipes: the item, how many one use makes, and what it needs.',
    input: { type: 'object', properties: {} },
    output: {
      type: 'array',
      items: {
        type: 'object',
        properties: { item: ITEM, makes: { type: 'number' }, of: INVENTORY },
        required: ['item', 'makes', 'of'],
      },
    },
    effect: 'read',
  },
  inventory: {
    description: 'Returns the inventory: how many there are of each item.',
    input: { type: 'object', properties: {} },
    output: INVENTORY,
    effect: 'read',
  },
};

/**
 * The world. Its recipes and its goal come from the seed; its tasks are `level 1` to `level 4`.
 *
 * @example
 * ```ts
 * import { craftingWorld } from 'poact/environment';
 *
 * const world = craftingWorld();
 * await world.reset({ task: 'level 2', seed: 7 });
 * ```
 */
export function craftingWorld(): SnapshotEnvironment {
  return ruledWorld<CraftingState>({
    name: 'crafting',
    acts: ACTS,
    begin: ({ task, seed }) => beginAt(levelOf(task), seed),
    look: ({ goal, recipes, inventory }) => ({ goal, recipes, inventory }) as unknown as Json,
    step(state, { name, args }) {
      const { recipes, inventory } = state;
      if (name === 'recipes') return { state, observation: recipes as unknown as Json };
      if (name === 'inventory') return { state, observation: inventory };
      const item = String(args.item);
      const next = name === 'get' ? fetched(state, item, args.count as number) : crafted(state, item);
      return { state: { ...state, inventory: next }, observation: next };
    },
    legal: ({ recipes, inventory }) => [
      ...RAW.map((item): Act => ({ name: 'get', args: { item, count: 1 } })),
      ...recipes.filter((recipe) => has(inventory, recipe)).map(({ item }): Act => ({ name: 'craft', args: { item } })),
    ],
    done: isCrafted,
  });
}

/** Is the goal in the inventory? */
export const isCrafted = ({ goal, inventory }: CraftingState): boolean => (inventory[goal] ?? 0) > 0;

function levelOf(task: string): number {
  const level = Number(/^level (\d)$/.exec(task)?.[1]);
  if (level >= 1 && level <= CRAFTING_LEVELS) return level;
  throw new OptionError('task', `there is no task "${task}". There are: level 1 to level ${CRAFTING_LEVELS}.`);
}

function beginAt(level: number, seed: number): CraftingState {
  const random = seededRandom(seed);
  const some = (items: readonly string[], count: number) => {
    const left = [...items];
    return Array.from({ length: count }, () => left.splice(random.below(left.length), 1)[0] as string);
  };
  const recipes: Recipe[] = [];
  let below: readonly string[] = RAW;
  let others: readonly string[] = RAW;
  for (const items of MADE) {
    const made = some(items, RECIPES);
    for (const item of made) {
      // One from the level below, so that a goal is as deep as its level; the others from anywhere below.
      const [first = ''] = some(below, 1);
      const more = some(
        others.filter((one) => one !== first),
        1 + random.below(2),
      );
      recipes.push({
        item,
        makes: 1 + random.below(2),
        of: Object.fromEntries([first, ...more].map((one) => [one, 1 + random.below(3)])),
      });
    }
    below = made;
    others = [...others, ...made];
  }
  const goals = recipes.slice((level - 1) * RECIPES, level * RECIPES);
  return { goal: goals[random.below(goals.length)]?.item ?? '', recipes, inventory: {} };
}

function fetched({ inventory }: CraftingState, item: string, count: number): CraftingState['inventory'] {
  if (!RAW.includes(item)) refuse(`"${item}" is nothing raw. Raw are: ${RAW.join(', ')}.`);
  return { ...inventory, [item]: (inventory[item] ?? 0) + count };
}

function crafted({ recipes, inventory }: CraftingState, item: string): CraftingState['inventory'] {
  const recipe = recipes.find((one) => one.item === item);
  if (recipe === undefined) refuse(`There is no recipe for "${item}".`);
  if (!has(inventory, recipe)) {
    refuse(`"${item}" needs ${JSON.stringify(recipe.of)}, and there is ${JSON.stringify(inventory)}.`);
  }
  const next = { ...inventory };
  for (const [needed, count] of Object.entries(recipe.of)) next[needed] = (next[needed] ?? 0) - count;
  next[item] = (next[item] ?? 0) + recipe.makes;
  return Object.fromEntries(Object.entries(next).filter(([, count]) => count > 0));
}

const has = (inventory: CraftingState['inventory'], { of }: Recipe) =>
  Object.entries(of).every(([item, count]) => (inventory[item] ?? 0) >= count);
