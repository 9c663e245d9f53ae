/**
 * The guard that lets everything pass.
 *
 * @module
 */
import type { Guard } from './guard.ts';

/**
 * Builds a guard that allows every call: for worlds where nothing can be harmed.
 *
 * @example
 * ```ts
 * const agent = createAgent({ model: 'local', tools, guard: allowAll() });
 * ```
 */
export function allowAll(): Guard {
  return { judge: () => ({ verdict: 'allow', rule: 'allow-all', reason: 'Every call is allowed.' }) };
}
