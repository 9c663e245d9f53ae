/**
 * Tasks that are not done by an answer alone.
 *
 * @module
 */
import type { Effect } from '../record/index.ts';

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

/** What a sentence begins with that wants to know, or wants something made. */
const WANTS =
  /^(?:please |then |and |also )*(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|has|have|had|can|could|should|would|will|find|list|name|give|show|tell|count|compute|calculate|determine|identify|return|get|look|search|answer|print|report|write|make|create|compose|draft|explain|describe|summari[sz]e|compare|check|verify|convert|translate|sort|rank|group|order|choose|pick|select|decide|estimate|predict|see|read|open|use|run|solve|draw|plot|plan|suggest|recommend|reply|respond|let|help|try|go|i|we)\b/i;
const TELLS = /\b(?:is|are|was|were|has|have|had|won|lost|scored|finished|became|played|joined|left|moved|received)\b/i;

/**
 * Says whether a text only tells what is so: no question, no order, nothing that is wanted.
 *
 * @example
 * ```ts
 * onlyTells('Lamp 7 is sold for 20 euros.'); // true
 * onlyTells('Which lamp is sold for 20 euros?'); // false
 * ```
 */
export function onlyTells(text: string): boolean {
  if (text.includes('?')) return false;
  const sentences = text.split(/(?<=[.!:;])\s+|\n/).filter((one) => /\p{L}/u.test(one));
  return sentences.some((one) => TELLS.test(one)) && !sentences.some((one) => WANTS.test(one.trim()));
}

/**
 * The tools that make the change which a task orders or tells of, of some that were not called for it; nothing where no change is
 * meant, or none of them makes it. What is only told may be meant to be kept: only tools that can be undone are for that.
 *
 * @example
 * ```ts
 * changeMeant('Lamp 7 is sold for 20 euros.', [{ name: 'execute', effect: 'reversible' }]);
 * // { ordered: false, by: [{ name: 'execute', effect: 'reversible' }] }
 * ```
 */
export function changeMeant<Tool extends { effect: Effect }>(
  task: string,
  tools: readonly Tool[],
): { ordered: boolean; by: Tool[] } | undefined {
  const changing = tools.filter(({ effect }) => effect !== 'read');
  if (changing.length === 0) return undefined;
  const ordered = ordersChange(task);
  if (!ordered && !onlyTells(task)) return undefined;
  const by = ordered ? changing : changing.filter(({ effect }) => effect === 'reversible');
  return by.length === 0 ? undefined : { ordered, by };
}
