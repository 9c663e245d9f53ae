/**
 * The step policy *answer*: writes the answer down, where a thought says that an observation shows it.
 *
 * A small model that has read the answer writes a program for it all the same, and answers with a whole page, or sends a name to a
 * calculator. Asked for the value alone, it copies it.
 *
 * @module
 */
import { type Json, requirePositive } from '../record/index.ts';
import type { StepPolicyOptions } from './plan.ts';
import type { Policy } from './policy.ts';
import { readAnswer } from './read-answer.ts';
import { askEntry, lastTask } from './step-prompt.ts';
import { STEP_TEXTS } from './texts.ts';

const MARK = 'Answer:';

/**
 * Builds the step policy that answers.
 *
 * @throws {OptionError} `entryTokens` is not a whole number of at least 1.
 */
export function answer(options: StepPolicyOptions = {}): Policy {
  const { instruction = STEP_TEXTS.answer, entryTokens = 120, breakpoints = true, ...prompt } = options;
  requirePositive({ entryTokens });
  return {
    name: 'answer',
    async decide(view, context) {
      const asked = { kind: 'answer', instruction: () => instruction, entryTokens, breakpoints, prompt } as const;
      const { text: reply, from } = await askEntry({ ...asked, prefill: MARK }, view, context);
      const said = readAnswer(reply) ?? readAnswer(`${MARK} ${reply.trim()}`);
      if (said === undefined) return { kind: 'correct', problem: 'The answer was empty.', reply, ...from };
      const task = lastTask(view);
      return { kind: 'answer', value: withoutLabel(said.value, task), ...from };
    },
  };
}

/** `Email: ada@team.net` is `ada@team.net`, where the task asks for the email. */
function withoutLabel(value: Json, task: string): Json {
  if (typeof value !== 'string') return value;
  const [, label = '', rest] = /^([\p{L} ]{2,30}): +(\S.*)$/u.exec(value) ?? [];
  return rest !== undefined && task.toLowerCase().includes(label.toLowerCase()) ? rest : value;
}

const SHOWN = /\bobservations?\b[^.;\n]*?\b(?:shows?|says?|has|holds?|contains?|gives?|provides?)\b[^.;\n]*/i;
const LACKING =
  /\b(?:not|no|nothing|none|lacks?|missing|only|but|empty|undefined|null|errors?|fail(?:s|ed|ure)?|wrong|invalid|n['’]t)\b/i;
const TO_WORK_OUT =
  /\b(?:total|sum|average|mean|multipl\w*|divid\w*|subtract\w*|add(?:s|ed|ing)?|discount\w*|calculat\w*)\b/i;

/** Says whether a text names something that is to be worked out. */
export const isToWorkOut = (text: string): boolean => TO_WORK_OUT.test(text);

/**
 * Says whether a thought finds the answer in an observation, and nothing is left to work out.
 *
 * @example
 * ```ts
 * saysItIsShown('The last Observation shows the email of Ada Byron.'); // true
 * ```
 */
export function saysItIsShown(thought: string): boolean {
  const [shown = ''] = SHOWN.exec(thought) ?? [];
  return shown !== '' && !LACKING.test(shown) && !TO_WORK_OUT.test(thought);
}
