import { expect, it } from 'vitest';
import { taskSetPromises } from '../../testing/index.ts';
import { scored } from '../score.ts';
import { floorOf } from './fixtures/public-sets.ts';
import { taskSet } from './named-set.ts';
import { playerOf } from './play.ts';

const load = () => taskSet('crafting');

it.each(taskSetPromises(load))('$title', ({ run }) => run());

it('judges what is in the inventory, whatever is said', async () => {
  const task = (await load()).tasks[0];
  const world = await task?.open(1);
  if (world === undefined) throw new Error('No task.');
  await playerOf(world.tools ?? {})('get', { item: 'clay', count: 99 });
  for (const answer of ['done', task?.text ?? '', { inventory: { ladder: 1 } }]) {
    expect((await scored(world.score, { status: 'answered', answer, log: [] })).success).toBe(false);
  }
  await world.oracle?.();
  expect((await scored(world.score, { status: 'stopped', log: [] })).success).toBe(true);
});

it('is done by chance, thirty acts long, in 15.8 % of attempts: at level 1', async () => {
  expect(await floorOf(await load(), 3)).toBeCloseTo(0.1583, 4);
});
