import { expect, it } from 'vitest';
import { taskSetPromises } from '../../testing/index.ts';
import { scored } from '../score.ts';
import { floorOf } from './fixtures/public-sets.ts';
import { taskSet } from './named-set.ts';

const load = () => taskSet('rooms');

it.each(taskSetPromises(load))('$title', ({ run }) => run());

it('judges where the thing lies, whatever is said', async () => {
  const world = await (await load()).tasks[0]?.open(1);
  if (world === undefined) throw new Error('No task.');
  for (const answer of ['done', 'It lies there.', { thing: 'there' }]) {
    expect((await scored(world.score, { status: 'answered', answer, log: [] })).success).toBe(false);
  }
  await world.oracle?.();
  expect((await scored(world.score, { status: 'stopped', log: [] })).success).toBe(true);
});

it('is done by chance, forty acts long, in 11.1 % of attempts', async () => {
  expect(await floorOf(await load(), 3)).toBeCloseTo(0.1111, 4);
});
