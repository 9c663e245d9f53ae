/**
 * Amounts that a run may take.
 *
 * @module
 */
import type { z } from 'zod';
import { lazily } from './zod.ts';

/** What a run may take at most, of each; what is left out has no limit of its own. */
export interface Budget {
  /** Tokens sent and written, together. */
  tokens?: number;
  /** US dollars. */
  costUsd?: number;
  /** Steps of loops. */
  steps?: number;
  /** Milliseconds at work: waits for people are left out. */
  ms?: number;
  /** Calls of tools, all together. */
  toolCalls?: number;
  /** Calls of single tools, by name. */
  calls?: { readonly [tool: string]: number };
}

export const budgetSchema = lazily((z) => {
  const amount = z.number();
  return z.object({
    tokens: amount.optional(),
    costUsd: amount.optional(),
    steps: amount.optional(),
    ms: amount.optional(),
    toolCalls: amount.optional(),
    calls: z.record(z.string(), amount).optional(),
  }) as unknown as z.ZodType<Budget>;
});
