/**
 * PoAct without step policies: one prompt that plays all roles, the same at every step, and the model says which kind of
 * entry it writes.
 *
 * All else is as with them: the dialogue, when a plan is due (the controller's own rules), one entry a reply, several
 * programs where none has an effect. So what the step policies do can be measured by leaving them out.
 *
 * @module
 */
import { type Finding, requirePositive } from '../record/index.ts';
import { cutEntry, type EntryKind } from './breakpoints.ts';
import type { CodePolicyOptions } from './code.ts';
import { codeBlocks } from './code-blocks.ts';
import { dialogue } from './dialogue.ts';
import { poactController } from './poact-controller.ts';
import type { Policy, PolicyController } from './policy.ts';
import { furtherSample, hintsOf, LOOKS_LIKE_CODE, toTry } from './programs.ts';
import { readAnswer } from './read-answer.ts';
import { stepRequest } from './step-prompt.ts';
import { ANY_STEP_TEXT } from './texts.ts';

export interface AnyStepOptions extends Omit<CodePolicyOptions, 'instruction' | 'query'> {
  /** Says when a plan is due: then, and only then, the prompt offers one. @default poactController() */
  controller?: PolicyController;
}

/**
 * Builds the policy that writes any kind of entry under one prompt.
 *
 * @throws {OptionError} `entryTokens` or `candidates` is not a whole number of at least 1.
 */
export function anyStep(options: AnyStepOptions = {}): Policy {
  const {
    controller = poactController(),
    entryTokens = 600,
    breakpoints = true,
    candidates = 5,
    temperature = 0.7,
    ...prompt
  } = options;
  requirePositive({ entryTokens, candidates });
  return {
    name: 'any-step',
    async decide(view, context) {
      const state = view.project(dialogue);
      const planDue = (await controller.choose(view)).policy === 'plan';
      const space = await context.select('act', state.need);
      const path = state.path === undefined ? '' : `${state.path.reason}\n`;
      const advice = `${path}${hintsOf(state.findings)}`;
      const requestWith = (hints: string) => {
        const instruction = `${advice}${hints}${instructionOf(planDue)}`;
        const asked = { kind: 'step', state, space, instruction, entryTokens, breakpoints, prompt } as const;
        const request = stepRequest(asked, context);
        return state.last === 'thought' && request.stop ? { ...request, stop: request.stop.filter(notCode) } : request;
      };
      const sample = (n: number, found?: readonly (readonly Finding[])[]) => {
        const { hints, greedy } = furtherSample(n, found);
        return context.generate({
          ...requestWith(hints),
          temperature: state.tries === 0 && greedy ? 0 : temperature,
          seed: 1 + view.length + n,
        });
      };
      /** After a thought a program is due: one that follows another thought in the same reply counts. */
      const codeDue = state.last === 'thought';
      const reply = await sample(0);
      const from = { selection: space.seq, call: reply.seq };
      const entry = entryOf(reply.text, breakpoints, codeDue);
      if (entry.kind === 'code') {
        const pull = async (n: number, found?: readonly (readonly Finding[])[]) => {
          const next = entryOf((await sample(n, found)).text, breakpoints, codeDue);
          return next.kind === 'code' ? next.text : undefined;
        };
        return { ...toTry(entry.text, candidates, space, pull), ...from };
      }
      const answer = state.observations > 0 && breakpoints ? readAnswer(entry.text) : undefined;
      if (answer !== undefined) return { kind: 'answer', ...answer, ...from };
      if (entry.text === '') return { kind: 'correct', problem: 'The entry was empty.', reply: reply.text, ...from };
      const form = entry.kind === 'plan' && planDue ? 'plan' : 'thought';
      return { kind: 'think', form, text: entry.text, ...from };
    },
  };
}

function instructionOf(planDue: boolean): string {
  const { front, plan, thought, code, answer } = ANY_STEP_TEXT;
  return [front, ...(planDue ? [plan] : []), thought, code, answer].join('\n');
}

const notCode = (mark: string) => mark !== '\nCode:';

const LABEL = /^\s*\**(plan|thought|code)\**\s*:/i;

/** The reply as the entry that it says it is; without a name, a program where it holds one, else a thought. */
function entryOf(reply: string, breakpoints: boolean, codeDue: boolean): { kind: EntryKind; text: string } {
  const said = LABEL.exec(reply)?.[1]?.toLowerCase();
  const skips = codeDue && said === 'thought' && breakpoints && codeBlocks(reply).length > 0;
  if (!skips && (said === 'plan' || said === 'thought')) {
    return { kind: said, text: breakpoints ? cutEntry(said, reply) : reply.trim() };
  }
  const program = codeBlocks(reply)[0] ?? unfenced(reply);
  if (program !== undefined) return { kind: 'code', text: breakpoints ? program : reply };
  return { kind: 'thought', text: breakpoints ? cutEntry('thought', reply) : reply.trim() };
}

function unfenced(reply: string): string | undefined {
  const text = cutEntry('code', reply);
  return LOOKS_LIKE_CODE.test(text) ? text : undefined;
}
