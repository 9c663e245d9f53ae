import { expect, it } from 'vitest';
import { environmentPromises } from '../../testing/index.ts';
import { type ShopState, shopWorld } from './shop.ts';

it.each(environmentPromises(shopWorld, { task: 'shop' }))('$title', ({ run }) => run());

it('finds customers and their orders, and changes an order as its status allows', async () => {
  const world = shopWorld();
  await world.reset({ task: 'shop', seed: 1 });
  const act = async (name: string, args: { [name: string]: string }) => (await world.act({ name, args })).observation;
  expect(await act('findCustomer', { email: 'Ada.Murphy@example.com' })).toMatchObject({
    id: 'C1',
    name: 'Ada Murphy',
  });
  const [pending, delivered] = (await act('listOrders', { customer: 'C1' })) as { id: string; item: string }[];
  expect(pending?.item).not.toBe(delivered?.item);
  const order = pending?.id ?? '';
  expect(await act('changeAddress', { order, address: '1 New Street' })).toMatchObject({ address: '1 New Street' });
  expect(await act('cancelOrder', { order })).toMatchObject({ id: order, status: 'cancelled' });
  await expect(act('cancelOrder', { order })).rejects.toThrow(`The order ${order} is cancelled, not pending.`);
  await expect(act('returnOrder', { order })).rejects.toThrow('not delivered');
  await expect(act('returnOrder', { order: 'W1' })).rejects.toThrow('There is no order "W1".');
  await expect(act('findCustomer', { email: 'nobody@example.com' })).rejects.toThrow('No customer');
  await expect(act('listOrders', { customer: 'C9' })).rejects.toThrow('no customer "C9"');
  const { orders } = (await world.snapshot()) as unknown as ShopState;
  expect(Object.values(orders).filter(({ status }) => status === 'cancelled')).toHaveLength(1);
});
