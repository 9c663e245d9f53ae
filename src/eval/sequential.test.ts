import { expect, it } from 'vitest';
import { seededRandom } from '../record/index.ts';
import type { Cell } from './cell.ts';
import { anytimeP, stopWhenClear } from './sequential.ts';

it.each([
  [0, 0, 1],
  [1, 0, 1],
  [5, 0, 6 / 32],
  [8, 0, 9 / 256],
  [3, 3, 1],
])('bounds %d gained and %d lost by %d', (gained, lost, p) => {
  expect(anytimeP(gained, lost)).toBeCloseTo(p, 10);
  expect(anytimeP(lost, gained)).toBeCloseTo(p, 10);
});

const cells = (wins: readonly boolean[]) =>
  wins.flatMap((second, task) => [
    { set: 's', task: `${task}`, seed: 1, arm: 'one', success: !second } as Cell,
    { set: 's', task: `${task}`, seed: 1, arm: 'other', success: second } as Cell,
  ]);

it('ends when one arm is clearly better, and says which', () => {
  const stop = stopWhenClear({ first: 'one', second: 'other' });
  expect(stop(cells(Array(7).fill(true)))).toBeUndefined();
  expect(stop(cells(Array(8).fill(true)))).toMatch(/^After 8 tasks it is clear that other is better: 8 gained, 0 lost/);
  expect(stop(cells(Array(8).fill(false)))).toMatch(/one is better/);
});

it('calls equal arms different in at most one of twenty experiments, though it looks after each task', () => {
  const stop = stopWhenClear({ first: 'one', second: 'other' });
  const random = seededRandom(1);
  let wrong = 0;
  for (let experiment = 0; experiment < 300; experiment++) {
    const wins = Array.from({ length: 60 }, () => random.next() < 0.5);
    let [gained, lost] = [0, 0];
    for (const win of wins) {
      if (win) gained += 1;
      else lost += 1;
      if (anytimeP(gained, lost) > 0.05) continue;
      wrong += 1;
      break;
    }
  }
  expect(wrong / 300).toBeLessThanOrEqual(0.05);
  expect(stop([])).toBeUndefined();
});

it('refuses an alpha that is none', () => {
  expect(() => stopWhenClear({ first: 'a', second: 'b', alpha: 5 })).toThrow(/alpha/);
});
