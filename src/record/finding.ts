/**
 * What a review finds.
 *
 * @module
 */
import type { z } from 'zod';
import { lazily } from './zod.ts';

/** One thing a review found. `block` is provable; `warn` is uncertain. */
export const findingSchema = lazily((z) =>
  z.object({
    /** The rule's name, for example `await-missing`, or `ts2339`. */
    rule: z.string(),
    severity: z.enum(['block', 'warn']),
    message: z.string(),
    /** What to do instead. */
    remedy: z.string().optional(),
    line: z.number().int().optional(),
    column: z.number().int().optional(),
  }),
);
export type Finding = z.infer<ReturnType<typeof findingSchema>>;
