/**
 * The step policy *thought*: the local plan for this round only, or the answer where an observation already shows it.
 *
 * @module
 */
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
      if (LOOKS_LIKE_CODE.test(text)) {
        return { kind: 'think', form: 'thought', text: 'The code for this step follows.', ...from };
      }
      return { kind: 'think', form: 'thought', text, ...from };
    },
  };
}
