/**
 * A task that is about neither data nor tools, worked out in words: steps in sentences, and the number they come to.
 *
 * A small model reckons better in words, one sum at a time, than by a program that it writes in one go; where a program comes to the
 * same, the answer is right far more often than where it does not (chain of thought, arXiv 2201.11903, beside program-aided
 * reasoning, arXiv 2211.10435; docs/decisions/0029).
 *
 * @module
 */
import type { ModelRequest } from '../model/index.ts';
import type { JsonSchema } from '../record/index.ts';
import { quotedLines } from './query.ts';
import { WORDS_TEXT } from './texts.ts';

/** Words take more tokens than a program. */
const MOST_TOKENS = 400;

/** A story of several sentences with several numbers, which asks for one: what is only to be computed is for a program. */
export function isWordProblem(task: string, answer: JsonSchema | undefined): boolean {
  if (answer?.type !== 'number' && answer?.type !== 'integer') return false;
  const sentences = task.split(/[.!?](?:\s|$)/).filter((sentence) => sentence.trim() !== '');
  return sentences.length > 1 && (task.match(SAID) ?? []).length > 1;
}

/** A number, in digits or as a word. */
const SAID =
  /\d+(?:[.,]\d+)*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|hundred|half|twice|double|third|quarter|dozen)\b/gi;

/** Asks for the steps in words, and a last line with the number. */
export function wordsRequest(task: string): ModelRequest & { purpose: 'words' } {
  return {
    messages: [{ role: 'user', parts: [{ text: `${task}\n\n${WORDS_TEXT}` }] }],
    maxTokens: MOST_TOKENS,
    temperature: 0,
    purpose: 'words',
  };
}

const ANSWER = /^[\s*#]*(?:\d+[.)]\s*)?\**(?:final )?answer[\s*]*:(.*)$/gim;
const NUMBER = /-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?/g;

/**
 * The reply as a program that shows the working and gives its number; `undefined` where it comes to none.
 *
 * @example
 * ```ts
 * wordsProgram('16 - 7 = 9 eggs are left.\nAnswer: 9'); // 'console.log(`16 - 7 = 9 eggs are left.`);\nanswer(9);'
 * ```
 */
export function wordsProgram(reply: string): string | undefined {
  const [last] = [...reply.matchAll(ANSWER)].slice(-1);
  const number = last?.[1]?.match(NUMBER)?.at(-1)?.replaceAll(',', '');
  if (last === undefined || number === undefined) return undefined;
  const working = reply.slice(0, last.index).trim();
  const shown = working === '' ? '' : `console.log(${quotedLines(working)});\n`;
  return `${shown}answer(${Number(number)});`;
}
