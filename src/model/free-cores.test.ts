import { expect, it } from 'vitest';
import { type CoreTimes, freeCores } from './free-cores.ts';

/** Two seconds, with so many cores idle and so many ours. */
const after = (most: number, idle: number, own: number) => {
  const times: CoreTimes[] = [
    { wallMs: 0, idleMs: 0, ownMs: 0 },
    { wallMs: 2_000, idleMs: idle * 2_000, ownMs: own * 2_000 },
  ];
  return freeCores(
    most,
    () => times.shift()!,
    () => 2_000,
  )();
};

it.each([
  ['all of them on a quiet machine', 2, 2, 0, 2],
  ['all of them when only we are busy', 2, 0, 2, 2],
  ['one beside a rival that takes half of the machine', 2, 0, 1, 1],
  ['one beside a rival that takes what it can get', 2, 0, 0.6, 1],
  ['at least one', 2, 0, 0, 1],
  ['no more than may be used', 4, 60, 2, 4],
  ['what is idle or ours', 8, 2.1, 3, 5],
])('gives %s', (_title, most, idle, own, expected) => {
  expect(after(most, idle, own)).toBe(expected);
});

it('gives all of them before there is anything to go by', () => {
  expect(freeCores(3)()).toBe(3);
});
