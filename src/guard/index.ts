/** What may happen. */
export { allowAll } from './allow-all.ts';
export { type ByEffectOptions, byEffect } from './by-effect.ts';
export { denyAll } from './deny-all.ts';
export type { Guard, GuardContext, Judgement } from './guard.ts';
