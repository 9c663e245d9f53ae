import { expect, it } from 'vitest';
import { taskSetPromises } from '../../testing/index.ts';
import { scored } from '../score.ts';
import { bank } from './bank.ts';
import { floorOf } from './fixtures/public-sets.ts';
import { playerOf } from './play.ts';

it.each(taskSetPromises(() => bank()))('$title', ({ run }) => run());

it.each([
  ['the sum that was wanted', 75, ['pass', 'pass']],
  ['another sum', 74, ['fail', 'pass']],
])('judges the state after %s was moved', async (_what, eur, verdicts) => {
  const world = await (await bank()).tasks.find(({ kind }) => kind === 'save')?.open(1);
  if (world === undefined) throw new Error('No task.');
  const play = playerOf(world.tools ?? {});
  const told = (await world.reply?.('How much, and what is your e-mail address?')) ?? '';
  expect(told).toContain('75 euros.');
  const accounts = (await play('findAccounts', { email: /\S+@\w+\.com/.exec(told)?.[0] ?? '' })) as { id: string }[];
  await play('transfer', { from: accounts[0]?.id ?? '', to: accounts[1]?.id ?? '', eur });
  const score = await scored(world.score, { status: 'answered', answer: 'done', log: [] });
  expect(score.assertions.map(({ verdict }) => verdict)).toEqual(verdicts);
});

it('is done by an act by chance in 0.4 % of attempts', async () => {
  expect(await floorOf(await bank(), 20)).toBeCloseTo(0.0042, 4);
});
