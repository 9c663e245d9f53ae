/**
 * What a model call took.
 *
 * @module
 */
import type { z } from 'zod';
import { lazily } from './zod.ts';

export const usageSchema = lazily((z) => {
  const count = z.number().int().nonnegative();
  return z.object({
    /** Tokens of the prompt. */
    sent: count,
    /** Of those, the ones the model had to evaluate: `sent` less what a prefix cache held. */
    evaluated: count,
    /** Tokens the model wrote. */
    written: count,
  });
});

/** What a whole run took, those within it included. */
export const spentSchema = lazily((z) => {
  const count = z.number().int().nonnegative();
  return usageSchema().extend({
    modelCalls: count.optional(),
    toolCalls: count.optional(),
    steps: count.optional(),
    /** Left out where a price is unknown. */
    costUsd: z.number().optional(),
    /** Calls of each tool. */
    calls: z.record(z.string(), count).optional(),
  });
});

/** Tokens of one call, or of many. */
export type Usage = z.infer<ReturnType<typeof usageSchema>>;

/** What a whole run took. `costUsd` is left out where a price is unknown: never a wrong zero. */
export interface RunUsage extends Usage {
  modelCalls: number;
  toolCalls: number;
  steps: number;
  costUsd?: number;
}

export const noUsage: Usage = { sent: 0, evaluated: 0, written: 0 };

/** The sum of two usages. */
export function addUsage(a: Usage, b: Usage): Usage {
  return { sent: a.sent + b.sent, evaluated: a.evaluated + b.evaluated, written: a.written + b.written };
}
