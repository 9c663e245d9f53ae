/**
 * List prices, as data. A model that is not here has no price, and a run on it no cost: never a wrong zero.
 *
 * @module
 */
import type { Usage } from '../record/index.ts';

/** US dollars per million tokens. */
export interface Price {
  input: number;
  /** Of input that the provider's cache held. */
  cached: number;
  output: number;
}

/** The month the list was written in. Providers change prices; where a bill matters, give prices of one's own. */
export const PRICES_AS_OF = '2025-11';

/**
 * Standard, pay-as-you-go prices. Where a price depends on the length of the prompt, the higher one is taken: a budget
 * may then stop early, and never late.
 */
export const PRICES: { readonly [model: string]: Price } = {
  'openai/gpt-5': { input: 1.25, cached: 0.125, output: 10 },
  'openai/gpt-5-mini': { input: 0.25, cached: 0.025, output: 2 },
  'openai/gpt-5-nano': { input: 0.05, cached: 0.005, output: 0.4 },
  'openai/gpt-4.1': { input: 2, cached: 0.5, output: 8 },
  'openai/gpt-4.1-mini': { input: 0.4, cached: 0.1, output: 1.6 },
  'openai/gpt-4.1-nano': { input: 0.1, cached: 0.025, output: 0.4 },
  'openai/gpt-4o': { input: 2.5, cached: 1.25, output: 10 },
  'openai/gpt-4o-mini': { input: 0.15, cached: 0.075, output: 0.6 },
  'anthropic/claude-opus-4-1': { input: 15, cached: 1.5, output: 75 },
  'anthropic/claude-sonnet-4-5': { input: 6, cached: 0.6, output: 22.5 },
  'anthropic/claude-haiku-4-5': { input: 1, cached: 0.1, output: 5 },
  'google/gemini-2.5-pro': { input: 2.5, cached: 0.625, output: 15 },
  'google/gemini-2.5-flash': { input: 0.3, cached: 0.075, output: 2.5 },
  'google/gemini-2.5-flash-lite': { input: 0.1, cached: 0.025, output: 0.4 },
};

/** Models that run on the user's own machine cost no money. */
const FREE = /^(local|ollama)\//;

/**
 * What a call cost, in US dollars; `undefined` when the price is unknown.
 *
 * @example
 * ```ts
 * costUsd('openai/gpt-5', { sent: 1_000_000, evaluated: 1_000_000, written: 0 }); // 1.25
 * ```
 */
export function costUsd(
  model: string,
  { sent, evaluated, written }: Usage,
  prices: { readonly [model: string]: Price } = PRICES,
): number | undefined {
  if (FREE.test(model)) return 0;
  const price = prices[model] ?? prices[withoutDate(model)];
  if (price === undefined) return undefined;
  return (evaluated * price.input + (sent - evaluated) * price.cached + written * price.output) / 1_000_000;
}

/** `gpt-5-2025-08-07`, `claude-haiku-4-5-20251001`: a snapshot costs what its model costs. */
function withoutDate(model: string): string {
  if (model !== lastDated.model) {
    lastDated = { model, plain: model.replace(/-(?:\d{4}-\d{2}-\d{2}|20\d{6}|latest)$/, '') };
  }
  return lastDated.plain;
}

/** One model is asked again and again. */
let lastDated = { model: '', plain: '' };
