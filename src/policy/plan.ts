/**
 * The step policy *plan*: splits the task into steps (PoAct, section on step policies).
 *
 * @module
 */
import { requirePositive } from '../record/index.ts';
import { cutEntry, stopsFor } from './breakpoints.ts';
import { dialogue } from './dialogue.ts';
import type { Policy } from './policy.ts';
import { fitted, type StepPromptOptions, stepPrompt } from './step-prompt.ts';
import { STEP_TEXTS } from './texts.ts';

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
    async decide(view, { generate, select, can, signal }) {
      const space = await select('think');
      const state = view.project(dialogue);
      const reply = await generate({
        messages: fitted(stepPrompt(state, space, instruction, prompt), can.contextTokens, entryTokens),
        ...(breakpoints ? { stop: stopsFor('plan') } : {}),
        temperature: state.tries === 0 ? 0 : 0.7,
        seed: 1 + state.tries,
        maxTokens: entryTokens,
        purpose: 'plan',
        signal,
      });
      const text = breakpoints ? cutEntry('plan', reply.text) : reply.text.trim();
      const from = { selection: space.seq, call: reply.seq };
      if (text === '') return { kind: 'correct', problem: 'The plan was empty.', reply: reply.text, ...from };
      return { kind: 'think', form: 'plan', text, ...from };
    },
  };
}
