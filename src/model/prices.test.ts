import { expect, it } from 'vitest';
import { costUsd, PRICES, PRICES_AS_OF } from './prices.ts';

const million = { sent: 1_000_000, evaluated: 1_000_000, written: 1_000_000 };

it('charges input, cached input and output', () => {
  expect(costUsd('openai/gpt-5', million)).toBeCloseTo(11.25);
  expect(costUsd('openai/gpt-5', { sent: 1_000_000, evaluated: 0, written: 0 })).toBeCloseTo(0.125);
});

it('charges a snapshot as its model', () => {
  expect(costUsd('openai/gpt-5-2025-08-07', million)).toBe(costUsd('openai/gpt-5', million));
  expect(costUsd('anthropic/claude-haiku-4-5-20251001', million)).toBe(costUsd('anthropic/claude-haiku-4-5', million));
});

it('gives no price where none is known, rather than a wrong zero', () => {
  expect(costUsd('openai/gpt-9', million)).toBeUndefined();
  expect(costUsd('http://127.0.0.1/v1#gpt-5', million)).toBeUndefined();
});

it('charges nothing for what runs on the user’s machine', () => {
  expect(costUsd('local/qwen2.5-coder-1.5b-instruct-q4_k_m', million)).toBe(0);
  expect(costUsd('ollama/qwen3', million)).toBe(0);
});

it('takes prices of one’s own', () => {
  expect(costUsd('mine/x', million, { 'mine/x': { input: 1, cached: 0, output: 2 } })).toBe(3);
});

it('is dated, and never charges more for what was cached', () => {
  expect(PRICES_AS_OF).toMatch(/^\d{4}-\d{2}$/);
  for (const { input, cached, output } of Object.values(PRICES)) {
    expect(cached).toBeLessThanOrEqual(input);
    expect(output).toBeGreaterThan(input);
  }
});
