import { expect, it } from 'vitest';
import { addUsage, noUsage } from './index.ts';

it('adds usages, and nothing changes nothing', () => {
  const usage = { sent: 5, evaluated: 3, written: 2 };
  expect(addUsage(usage, { sent: 1, evaluated: 1, written: 4 })).toEqual({ sent: 6, evaluated: 4, written: 6 });
  expect(addUsage(usage, noUsage)).toEqual(usage);
});
