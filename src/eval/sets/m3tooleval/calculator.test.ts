import { expect, it } from 'vitest';
import { calculate } from './calculator.ts';

it.each([
  ['2 + (3 * 4)', 14],
  ['-2 ** 2', -4],
  ['7 // 2 + 7 % 4', 6],
  ['(68.71 + 105.52 + 90.15) * 0.9', 237.942],
  ['round(10 / 3, 2)', 3.33],
  ['max(1, 2.5, 2)', 2.5],
  ['sum([1, 2, 3])', 6],
  ['1e3 / 4', 250],
])('calculates %s', (expression, value) => {
  expect(calculate(expression)).toBeCloseTo(value, 9);
});

it.each(['', '2 +', '(1', '1 / 0', 'x + 1', '__import__("os")', '1 2', '10%', 'constructor(1)'])(
  'refuses to calculate %j',
  (expression) => {
    expect(() => calculate(expression)).toThrow('Failed to evaluate expression');
  },
);
