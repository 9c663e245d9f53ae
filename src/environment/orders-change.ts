/**
 * Tasks that are not done by an answer alone.
 *
 * @module
 */

/** A sentence that orders a change. */
const ORDERED =
  /(?:^|[.!?:;,\n])\s*(?:please |then |and |(?:can|could|would) you (?:please )?|i (?:want|need|would like) (?:you )?to )*(?:insert|append|record|register|update|modify|delete|remove|rename|cancel|book|replace|add(?! up| together| all| these| those)|set|change(?! in| of)|move|send|save)\b|\bINSERT INTO\b/im;

/**
 * Says whether a task's text orders a change: to insert, update, send, … something.
 *
 * @example
 * ```ts
 * ordersChange('Please update the price of lamp 7.'); // true
 * ```
 */
export const ordersChange = (task: string): boolean => ORDERED.test(task);
