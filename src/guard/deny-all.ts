/**
 * The guard that lets nothing pass.
 *
 * @module
 */
import type { Guard } from './guard.ts';

/** Builds a guard that denies every call: for looking at what an agent would do. */
export function denyAll(): Guard {
  return { judge: () => ({ verdict: 'deny', rule: 'deny-all', reason: 'No tool may be called in this run.' }) };
}
