/**
 * The step policy *plan*: splits the task into steps (PoAct, section on step policies).
 *
 * @module
 */
import { ordersChange } from '../environment/index.ts';
import { requirePositive } from '../record/index.ts';
import { cutEntry } from './breakpoints.ts';
import type { Policy } from './policy.ts';
import { askEntry, lastTask, type StepPromptOptions } from './step-prompt.ts';
import { CHANGE_TEXT, STEP_TEXTS } from './texts.ts';

/** What a step policy of PoAct is built from. */
export interface StepPolicyOptions extends StepPromptOptions {
  /** The instruction at the prompt's end. @default the policy's own, in STEP_TEXTS */
  instruction?: string;
  /** Longest entry, in tokens. @default plan 160, thought 120, code 600 */
  entryTokens?: number;
  /** Cuts each reply at the marks of other entries. Off only to measure what it does. @default true */
  breakpoints?: boolean;
}

/**
 * Builds the step policy that plans.
 *
 * @throws {OptionError} `entryTokens` is not a whole number of at least 1.
 */
export function plan(options: StepPolicyOptions = {}): Policy {
  const { instruction = STEP_TEXTS.plan, entryTokens = 160, breakpoints = true, ...prompt } = options;
  requirePositive({ entryTokens });
  return {
    name: 'plan',
    async decide(view, context) {
      const advised = () => (ordersChange(lastTask(view)) ? `${CHANGE_TEXT}\n${instruction}` : instruction);
      const asked = { kind: 'plan', instruction: advised, entryTokens, breakpoints, prompt } as const;
      const { text: reply, from } = await askEntry(asked, view, context);
      const text = breakpoints ? cutEntry('plan', reply) : reply.trim();
      if (text === '') return { kind: 'correct', problem: 'The plan was empty.', reply, ...from };
      return { kind: 'think', form: 'plan', text, ...from };
    },
  };
}
