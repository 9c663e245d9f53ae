/**
 * The step policy *read*: answers a question from the texts that were found for it, with what is asked for alone.
 *
 * A program cannot read: a small model that has texts before it writes one that searches them again, or answers with a whole
 * sentence. Its reply begun with the kind of thing that is asked for, it writes that thing. Sentences first, as for sums, were no
 * better here, at twice the tokens (docs/decisions/0031).
 *
 * @module
 */
import { withoutAsides } from '../environment/index.ts';
import { type Json, type Message, requirePositive, textOf } from '../record/index.ts';
import { choicesIn, kindAsked } from './kind-asked.ts';
import type { StepPolicyOptions } from './plan.ts';
import type { Policy } from './policy.ts';
import { wordsToJson } from './read-answer.ts';
import { fitted, lastTask } from './step-prompt.ts';
import { READ_TEXT } from './texts.ts';

/** What is thought where they do not. */
const UNREAD = 'What was found does not say it. The code for this step looks further.';
/** The texts do not say it. */
const UNSAID =
  /^(?:unknown|none|n\/a|not (?:given|mentioned|stated|known|specified|provided|available)|no (?:answer|information))\b/i;

/**
 * Builds the step policy that reads.
 *
 * @throws {OptionError} `entryTokens` is not a whole number of at least 1.
 */
export function read(options: Pick<StepPolicyOptions, 'entryTokens'> = {}): Policy {
  const { entryTokens = 40 } = options;
  requirePositive({ entryTokens });
  return {
    name: 'read',
    async decide(view, context) {
      const space = await context.select('think');
      const task = lastTask(view);
      const question = withoutAsides(task);
      const choices = choicesIn(question)?.map((choice) => ` ${choice}`);
      const texts = textOf(view.last('observation')?.parts ?? []);
      const { signal, can } = context;
      const reply = await context.generate({
        messages: fitted([say(`${texts}\n\n${READ_TEXT(task)}`)], can.contextTokens, entryTokens),
        stop: ['\n'],
        maxTokens: entryTokens,
        temperature: 0,
        seed: 1,
        purpose: 'read',
        signal,
        ...(can.prefill && { prefill: `Answer (${kindAsked(question)}):` }),
        ...(can.grammar && choices !== undefined && { constraint: { choices } }),
      });
      const from = { selection: space.seq, call: reply.seq };
      const value = answerIn(reply.text);
      if (value === undefined) return { kind: 'think', form: 'thought', text: UNREAD, ...from };
      return { kind: 'answer', value, ...from };
    },
  };
}

const say = (text: string): Message => ({ role: 'user', parts: [{ text }] });

function answerIn(reply: string): Json | undefined {
  const said = reply.replace(/^\s*answer(?: \([^)]*\))?:/i, '').trim();
  const words = said.replace(/^["'“]|["'”]?\.?$/g, '').trim();
  return words === '' || UNSAID.test(words) ? undefined : wordsToJson(words);
}
