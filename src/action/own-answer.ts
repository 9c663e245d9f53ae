/**
 * Answers that say nothing of what was looked at: texts that stand in the program, or in the task.
 *
 * @module
 */
import type { Json } from '../record/index.ts';
import { currentTask, type History } from './history.ts';
import { textsIn } from './source-text.ts';

/** More than a word: a word is a judgement, and a program may make it. */
const SEVERAL = /[\s\d]/;
/** A question that gives answers to choose from. */
const CHOICE = /\b(?:or|either|neither|between|which (?:of|one))\b/i;

/** The text stands in the program between quotation marks. */
export function isWritten(value: Json, code: string): boolean {
  if (typeof value !== 'string') return false;
  const text = value.trim();
  return SEVERAL.test(text) && textsIn(code).some((own) => own.trim() === text);
}

const UNKNOWN =
  /^(?:unknown|n\/a|not (?:found|available|specified|mentioned)|no (?:answer|result|information|data|match)s?(?: (?:found|available))?)[.!]?$/i;

/** It says that nothing was found. */
export const saysUnknown = (value: Json): boolean => typeof value === 'string' && UNKNOWN.test(value.trim());

/** The question itself has the text, and not to choose: what is asked for is something else. Over data, rows say what is meant. */
export function isOnlyAsked(value: Json, past: History): boolean {
  if (typeof value !== 'string' || past.data.size > 0) return false;
  const text = value.trim().toLowerCase();
  if (!SEVERAL.test(text)) return false;
  return questionsIn(currentTask(past)).some((one) => one.toLowerCase().includes(text) && !CHOICE.test(one));
}

/** What of each line stands before a question mark. */
const questionsIn = (task: string): string[] => task.split('\n').flatMap((line) => line.split('?').slice(0, -1));
