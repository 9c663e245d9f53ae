import { expect, it } from 'vitest';
import { taskSetPromises } from '../../testing/index.ts';
import { scored } from '../score.ts';
import { floorOf } from './fixtures/public-sets.ts';
import { playerOf } from './play.ts';
import { shop } from './shop.ts';

it.each(taskSetPromises(() => shop()))('$title', ({ run }) => run());

it('is done by asking the customer, finding the order and one act; another act besides is told', async () => {
  const task = (await shop()).tasks.find(({ kind }) => kind === 'cancel');
  const world = await task?.open(1);
  if (world === undefined) throw new Error('No task.');
  const play = playerOf(world.tools ?? {});
  const told = (await world.reply?.('Which item is it, and what is your e-mail address?')) ?? '';
  const customer = (await play('findCustomer', { email: /\S+@\w+\.com/.exec(told)?.[0] ?? '' })) as { id: string };
  const orders = (await play('listOrders', { customer: customer.id })) as { id: string; item: string }[];
  const verdicts = async () =>
    (await scored(world.score, { status: 'stopped', log: [] })).assertions.map((one) => one.verdict);
  await play('cancelOrder', { order: orders.find(({ item }) => told.includes(item))?.id ?? '' });
  expect(await verdicts()).toEqual(['pass', 'pass']);
  await play('returnOrder', { order: orders.find(({ item }) => !told.includes(item))?.id ?? '' });
  expect(await verdicts()).toEqual(['pass', 'fail']);
});

it('is done by an act by chance in 3.1 % of attempts', async () => {
  expect(await floorOf(await shop(), 20)).toBeCloseTo(0.0306, 4);
});
