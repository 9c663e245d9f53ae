import { expect, it } from 'vitest';
import { environmentPromises } from '../../testing/index.ts';
import { ROOMS_TASKS, type RoomsState, roomsWorld } from './rooms.ts';

it.each(environmentPromises(roomsWorld, { task: 'large' }))('$title', ({ run }) => run());

it.each(Object.entries(ROOMS_TASKS))(
  'has %d rooms in a %s world, one locked where there are more than three',
  async (task, size) => {
    for (let seed = 1; seed <= 20; seed++) {
      const world = roomsWorld();
      await world.reset({ task, seed });
      const { passages, locked, things, goal } = (await world.snapshot()) as unknown as RoomsState;
      expect(new Set(passages.flat()).size).toBe(size);
      expect(locked !== null).toBe(size > 3);
      expect(things.key?.endsWith(locked ?? ' ')).not.toBe(true);
      expect(things[goal.thing]).not.toBe(goal.room);
    }
  },
);

it('tells what is here, and refuses what cannot be', async () => {
  const world = roomsWorld();
  const { observation } = await world.reset({ task: 'small', seed: 1 });
  expect(observation).toMatch(
    /^You are in the \w+\. Here: .+\. There is a box\. Passages lead to: .+\. In your hand: nothing\.$/,
  );
  for (const [name, args, why] of [
    ['go', { room: 'moon' }, 'No passage leads to "moon"'],
    ['take', { thing: 'moon' }, 'There is no "moon" here.'],
    ['drop', { thing: 'lamp' }, 'There is no "lamp" in your hand.'],
    ['unlock', { room: 'moon' }, 'There is no locked door to "moon" here.'],
  ] as const) {
    await expect(world.act({ name, args })).rejects.toThrow(why);
  }
});

it('knows its tasks', async () => {
  await expect(roomsWorld().reset({ task: 'huge', seed: 1 })).rejects.toThrow('There are: small, middle, large.');
});
