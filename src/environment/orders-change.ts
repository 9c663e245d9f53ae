/**
 * Tasks that are not done by an answer alone.
 *
 * @module
 */

const VERBS =
  'insert|append|record|register|update|modify|delete|remove|rename|cancel|book|replace|add(?! up| together| all| these| those)|set|change(?! in| of)|move|send|save';
/** A sentence that begins with an order, after `please` or without it. */
const ORDERED = new RegExp(
  `(?:^|[.!?:;,\\n])[^\\S\\n]*((?:please |then |and |(?:can|could|would) you (?:please )?|i (?:want|need|would like) (?:you )?to )*)(?:${VERBS})\\b(?!-)(?=([^.!?\\n]{0,120}[.!?]?))`,
  'gim',
);
/** It says to whom or what it is done. */
const OBJECT =
  /^\s+(?:an?|the|this|that|these|those|all|every|each|any|one|my|our|your|their|his|hers?|its|it|them|me|us|him|new|another|both|into|to|from|for|via)\b|^\s+(?:["'“‘`#([]|\d)/i;
/** `Change requests: …`, `Book sales are …`, `Record temperatures?`: a heading, or what a sentence is about. */
const TOPIC =
  /^(?:\s+[\p{L}'’-]+){0,4}?\s*(?::|\?$|\s(?:is|are|was|were|has|have|had|do|does|did|can|could|should|will)\b)/iu;

/**
 * Says whether a task's text orders a change: to insert, update, send, … something.
 *
 * @example
 * ```ts
 * ordersChange('Please update the price of lamp 7.'); // true
 * ordersChange('Change requests: how many are open?'); // false
 * ```
 */
export function ordersChange(task: string): boolean {
  if (/\bINSERT INTO\b/i.test(task)) return true;
  return [...task.matchAll(ORDERED)].some(
    ([, asking = '', rest = '']) => asking !== '' || OBJECT.test(rest) || (rest !== '' && !TOPIC.test(rest)),
  );
}
