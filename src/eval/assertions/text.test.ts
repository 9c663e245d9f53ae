import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Json } from '../../record/index.ts';
import { fitsSchema, matches } from './text.ts';

it.each<[Json | undefined, RegExp, string]>([
  ['flight LH 12', /\bLH \d+\b/, 'pass'],
  ['flight', /^\d+$/, 'fail'],
  [12, /12/, 'fail'],
  [undefined, /.*/, 'fail'],
])('matches: %j with %s is a %s', (actual, pattern, verdict) => {
  expect(matches('answer', actual, pattern).verdict).toBe(verdict);
});

it('ends a match that an answer makes endless', () => {
  const { verdict, reason } = matches('answer', `${'a'.repeat(40)}!`, /^(a+)+$/, { ms: 50 });
  expect(verdict).toBe('unknown');
  expect(reason).toContain('took longer than 50 ms');
});

it('does not carry a place over from one match to the next', () => {
  const pattern = /a/g;
  expect([matches('x', 'a', pattern).verdict, matches('x', 'a', pattern).verdict]).toEqual(['pass', 'pass']);
});

it('fits a schema, or says where it does not', async () => {
  const schema = z.object({ price: z.number() });
  expect(await fitsSchema('form', { price: 3 }, schema)).toMatchObject({ verdict: 'pass' });
  expect(await fitsSchema('form', { price: '3' }, schema)).toMatchObject({
    verdict: 'fail',
    reason: expect.stringContaining('at price:'),
  });
  expect(await fitsSchema('form', undefined, schema)).toMatchObject({ verdict: 'fail' });
});
