/**
 * The step policy *thought*: the local plan for this round only, or the answer where an observation already shows it.
 *
 * @module
 */
import { wordsOf } from '../environment/index.ts';
import { requirePositive } from '../record/index.ts';
import { cutEntry } from './breakpoints.ts';
import type { Dialogue } from './dialogue.ts';
import type { StepPolicyOptions } from './plan.ts';
import type { Policy } from './policy.ts';
import { LOOKS_LIKE_CODE } from './programs.ts';
import { readAnswer } from './read-answer.ts';
import { askEntry } from './step-prompt.ts';
import { STEP_TEXTS } from './texts.ts';

/**
 * Builds the step policy that thinks about the next round.
 *
 * @throws {OptionError} `entryTokens` is not a whole number of at least 1.
 */
export function thought(options: StepPolicyOptions = {}): Policy {
  const { instruction = STEP_TEXTS.thought, entryTokens = 120, breakpoints = true, ...prompt } = options;
  requirePositive({ entryTokens });
  return {
    name: 'thought',
    async decide(view, context) {
      const advised = ({ path }: Dialogue) => `${path === undefined ? '' : `${path.reason}\n`}${instruction}`;
      const asked = { kind: 'thought', instruction: advised, entryTokens, breakpoints, prompt } as const;
      const { text: reply, state, from } = await askEntry(asked, view, context);
      if (!breakpoints) return { kind: 'think', form: 'thought', text: reply.trim(), ...from };
      const text = cutEntry('thought', reply);
      const answer = state.observations > 0 ? readAnswer(text) : undefined;
      if (answer !== undefined) return { kind: 'answer', ...answer, ...from };
      if (text === '') return { kind: 'think', form: 'thought', text: 'Write the code for the next step.', ...from };
      // A small model writes code where the thought should be.
      const own = withoutCopied(text, instruction);
      const said = own === '' || LOOKS_LIKE_CODE.test(text) ? 'The code for this step follows.' : own;
      return { kind: 'think', form: 'thought', text: said, ...from };
    },
  };
}

/** As many words in a row as nobody writes by chance. */
const COPIED_WORDS = 7;

/**
 * A thought without the sentences that a small model copies from its instruction.
 *
 * @example
 * ```ts
 * withoutCopied('It failed. Write one or two sentences that say what to do.', 'Write one or two sentences that say why.'); // 'It failed.'
 * ```
 */
export function withoutCopied(text: string, instruction: string): string {
  const plain = (words: readonly string[]) => ` ${words.join(' ')} `;
  const from = plain(wordsOf(instruction));
  const isCopied = (sentence: string) => {
    const words = wordsOf(sentence);
    return words.some(
      (_, at) => at + COPIED_WORDS <= words.length && from.includes(plain(words.slice(at, at + COPIED_WORDS))),
    );
  };
  return text
    .split(/(?<=[.!?])\s+/)
    .filter((sentence) => !isCopied(sentence))
    .join(' ');
}
