import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { percentFindings, percentInCalls } from './percent.ts';
import { toTools } from './to-tools.ts';
import { tool } from './tool.ts';

const tools = toTools({
  tariff: tool({
    description: 'Tariff',
    effect: 'read',
    input: z.object({ price: z.number(), rate: z.number().describe('in %') }),
    output: z.number(),
    run: ({ price, rate }) => (price * rate) / 100,
  }),
});

describe('in a program', () => {
  it.each([
    ['a literal', 'tariff({ price: 5, rate: 0.07 })'],
    ['a constant', 'const r1 = 0.07;\nawait tariff({ price: 5, rate: r1 });'],
    ['a typed constant that is divided', 'const r1: number = 7 / 100;\nawait tariff({ price: 5, rate: r1 });'],
    ['a constant of its own name', 'const rate = 0.07;\nawait tariff({ price: 5, rate });'],
    ['a property', 'const route = { price: 5, rate: 0.07 };\nawait tariff({ price: route.price, rate: route.rate });'],
    ['rows', 'const all = [{ r: 9 }, { r: 0.07 }];\nfor (const one of all) await tariff({ price: 5, rate: one.r });'],
    ['a constant behind a constant', 'const a = 0.07;\nconst b = a;\nawait tariff({ rate: b, price: 5 });'],
  ])('finds %s', (_title, code) => {
    expect(percentFindings(tools, code, [7, 9])).toEqual([
      expect.objectContaining({ severity: 'block', remedy: 'Give 7 for 7 %.' }),
    ]);
  });

  it.each([
    ['percent', 'const r = 7;\nawait tariff({ price: 5, rate: r })'],
    ['what is worked out', 'const r = 0.07;\nawait tariff({ price: 5, rate: r * 100 })'],
    ['a constant that the task does not name', 'const r = 0.5;\nawait tariff({ price: 5, rate: r })'],
    ['another parameter', 'const p = 0.07;\nawait tariff({ price: p, rate: 7 })'],
  ])('is silent on %s', (_title, code) => {
    expect(percentFindings(tools, code, [7, 9])).toEqual([]);
  });

  it('only warns of a literal that the task does not name', () => {
    expect(percentFindings(tools, 'tariff({ price: 5, rate: 0.5 })', [7])).toEqual([
      expect.objectContaining({ severity: 'warn' }),
    ]);
  });
});

it('finds it in the calls that were made', () => {
  const call = (rate: number) => ({ tool: 'tariff', args: { price: 5, rate } });
  expect(percentInCalls(tools, [call(9), call(0.07)], [7])?.remedy).toBe('Give 7 for 7 %.');
  expect(percentInCalls(tools, [call(9), call(0.5)], [7])).toBeUndefined();
});
