/** Choosing the next step. */
export type { Choice, Policy, PolicyContext, PolicyController } from './policy.ts';
