import { expect, it } from 'vitest';
import { z } from 'zod';
import { rankTools, wordsOf } from './rank.ts';
import { toTools } from './to-tools.ts';
import { tool } from './tool.ts';

const make = (description: string, parameter = 'q') =>
  tool({
    description,
    effect: 'read',
    input: z.object({ [parameter]: z.string() }),
    output: z.string(),
    run: () => '',
  });

it.each([
  ['getUserOrders', ['user', 'order']],
  ['parse_HTMLDocument', ['pars', 'html', 'document']],
  ['the cities of a country', ['city', 'country']],
  ['ordering, ordered', ['order', 'order']],
])('reads %j as %j', (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});

it('ranks by name, description, parameters and examples, ties in the given order', () => {
  const tools = toTools({
    a: make('x'),
    b: make('x'),
    stock: make('y'),
    c: make('quotes of a stock'),
    d: make('z', 'stockName'),
  });
  const names = rankTools(tools)('stock').map(({ tool: { name } }) => name);
  expect(names[0]).toBe('stock');
  expect(names.slice(1, 3).sort()).toEqual(['c', 'd']);
  expect(names.slice(3)).toEqual(['a', 'b']);
});

it('gives every tool the score 0 for words it does not know', () => {
  expect(rankTools(toTools({ a: make('x') }))('zebra')).toEqual([{ tool: expect.anything(), score: 0 }]);
});
