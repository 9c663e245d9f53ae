import { expect, it } from 'vitest';
import { OptionError, requireNonNegative, requirePositive } from './index.ts';

it.each([0, -1, 1.5, Number.NaN])('refuses %s as a whole number of at least 1, by name', (replyMs) => {
  expect(() => requirePositive({ steps: 1, replyMs })).toThrow(OptionError);
  expect(() => requirePositive({ steps: 1, replyMs })).toThrow(
    `Option \`replyMs\`: expected a whole number of at least 1, got ${replyMs}.`,
  );
});

it.each([-1, Number.NaN])('refuses %s as a number of at least 0, by name', (costUsd) => {
  expect(() => requireNonNegative({ costUsd })).toThrow('Option `costUsd`');
});

it('takes what can work, infinity for no limit', () => {
  requirePositive({ steps: 1, tokens: Number.POSITIVE_INFINITY });
  requireNonNegative({ costUsd: 0.1, wait: 0, none: Number.POSITIVE_INFINITY });
});
