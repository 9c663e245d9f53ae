/** What may happen. */
export type { Guard, GuardContext, Judgement } from './guard.ts';
