import { expect, it } from 'vitest';
import { environmentPromises } from '../../testing/index.ts';
import { type BankState, bankWorld } from './bank.ts';

it.each(environmentPromises(bankWorld, { task: 'bank' }))('$title', ({ run }) => run());

it('moves money and loses none, and lets nothing leave a frozen account', async () => {
  const world = bankWorld();
  await world.reset({ task: 'bank', seed: 1 });
  const state = async () => (await world.snapshot()) as unknown as BankState;
  const total = async () => Object.values((await state()).accounts).reduce((sum, { eur }) => sum + eur, 0);
  const act = async (name: string, args: { [name: string]: string | number }) =>
    (await world.act({ name, args })).observation;
  const [from, to] = (await act('findAccounts', { email: 'ada.murphy@example.com' })) as { id: string; eur: number }[];
  if (from === undefined || to === undefined) throw new Error('No accounts.');
  const before = await total();
  await act('transfer', { from: from.id, to: to.id, eur: from.eur });
  expect([(await state()).accounts[from.id]?.eur, await total()]).toEqual([0, before]);
  await expect(act('transfer', { from: from.id, to: to.id, eur: 1 })).rejects.toThrow('There are only 0 euros');
  await act('freeze', { account: to.id });
  await expect(act('transfer', { from: to.id, to: from.id, eur: 1 })).rejects.toThrow('is frozen');
  await expect(act('transfer', { from: to.id, to: from.id, eur: -5 })).rejects.toThrow('eur is not what it should be');
  await expect(act('transfer', { from: from.id, to: from.id, eur: 1 })).rejects.toThrow('are the same');
  await expect(act('freeze', { account: 'toString' })).rejects.toThrow('There is no account "toString".');
  await expect(act('findAccounts', { email: 'nobody@example.com' })).rejects.toThrow('No customer');
});
