import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mendPercent, percentFindings, percentInCalls } from './percent.ts';
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

describe('mended', () => {
  it.each([
    ['a literal', 'tariff({ price: 5, rate: 0.07 })', 'tariff({ price: 5, rate: 7 })'],
    [
      'constants, whatever their comments say',
      'const r1 = 0.07; // 0.07 is r1\nconst r2: number = 9 / 100;\nawait tariff({ price: 5, rate: r1 });\nawait tariff({ rate: r2, price: 0.07 });',
      'const r1 = 7; // 0.07 is r1\nconst r2: number = 9;\nawait tariff({ price: 5, rate: r1 });\nawait tariff({ rate: r2, price: 0.07 });',
    ],
    [
      'a shorthand',
      'const rate = 0.07;\nawait tariff({ price: 5, rate });',
      'const rate = 7;\nawait tariff({ price: 5, rate });',
    ],
    [
      'a constant under its own name',
      'const rate = 0.07;\nawait tariff({ price: 5, rate: rate });',
      'const rate = 7;\nawait tariff({ price: 5, rate: rate });',
    ],
    [
      'rows',
      'for (const one of [{ p: 1, rate: 0.07 }, { p: 2, rate: 0.09 }]) await tariff({ price: one.p, rate: one.rate });',
      'for (const one of [{ p: 1, rate: 7 }, { p: 2, rate: 9 }]) await tariff({ price: one.p, rate: one.rate });',
    ],
  ])('%s', (_title, code, expected) => {
    expect(mendPercent(tools, code, [7, 9])?.code).toBe(expected);
  });

  it.each([
    [
      'a constant that is also used as a fraction',
      'const r = 0.07;\nconst net = 5 * r;\nawait tariff({ price: net, rate: r });',
    ],
    ['a fraction that the task does not name', 'await tariff({ price: 5, rate: 0.5 });'],
    ['percent', 'await tariff({ price: 5, rate: 7 });'],
    [
      'a row that is also read elsewhere',
      'const a = { rate: 0.07 };\nconsole.log(a.rate);\nawait tariff({ price: 1, rate: a.rate });',
    ],
  ])('nothing in %s', (_title, code) => {
    expect(mendPercent(tools, code, [7, 9])).toBeUndefined();
  });
});
