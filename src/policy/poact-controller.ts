/**
 * PoAct's policy controller as a table of rules: the first that applies says which step policy takes the step, and why.
 *
 * @module
 */
import { ordersChange } from '../environment/index.ts';
import { type RunView, textOf } from '../record/index.ts';
import { isToWorkOut, saysItIsShown } from './answer.ts';
import { type Dialogue, dialogue, LOOK_FOR } from './dialogue.ts';
import type { PolicyController } from './policy.ts';
import { lastTask } from './step-prompt.ts';

/** One row of the table. */
export interface ControllerRule {
  name: string;
  /** The step policy it picks, by its name among those of {@link switchPolicies}. */
  policy: 'plan' | 'thought' | 'code' | 'answer' | 'read';
  when(state: Dialogue, view: RunView): boolean;
  reason: string;
}

export interface PoactControllerOptions {
  /** Plans where a task may take several rounds; `'always'` also where one program may do. @default true */
  plan?: boolean | 'always';
  /** Thinks before each program after the first observation; `'always'` before the first one, too. @default true */
  thought?: boolean | 'always';
  /**
   * Has the answer written down where a thought says that an observation shows it, and read where texts were found for the
   * question; off, a program follows. @default true
   */
  answer?: boolean;
}

/** With fewer tools than these, one program may do: a plan of what to call in which order says nothing new. */
const FEWEST_TOOLS = 3;

/** A task may take several rounds when several tools were offered for it; over data alone, or with a tool or two, one program may do. */
const hasSeveralTools = (view: RunView) => Object.keys(view.last('run-start')?.tools ?? {}).length >= FEWEST_TOOLS;

/** Texts were found for the task by looking for what it names, and it asks for nothing but what they say. */
function isToRead(view: RunView): boolean {
  const last = view.last('policy');
  const found = view.last('observation');
  if (last?.rule !== LOOK_FOR || found === undefined || found.seq < last.seq || found.state !== 'done') return false;
  const task = lastTask(view);
  return !isToWorkOut(task) && !ordersChange(task);
}

/** The rule table, first match first. */
export const POACT_RULES: readonly ControllerRule[] = [
  {
    name: 'replan',
    policy: 'plan',
    when: ({ path, planned }) => path?.verdict === 'replan' && !planned,
    reason: 'The path review asks for another plan.',
  },
  {
    name: 'blocked',
    policy: 'code',
    when: ({ last, tries }) => tries > 0 && (last === 'thought' || last === 'plan' || last === 'task'),
    reason: 'The last program was blocked or pruned, and left the prompt; the next is sampled afresh.',
  },
  {
    name: 'plan-first',
    policy: 'plan',
    when: ({ last, planned }, view) => last === 'task' && !planned && hasSeveralTools(view),
    reason: 'A new task with several tools: it may take several rounds.',
  },
  {
    name: 'code-at-once',
    policy: 'code',
    when: ({ last }) => last === 'task' || last === 'plan',
    reason: 'Nothing was observed yet: the first program follows.',
  },
  {
    name: 'answer-shown',
    policy: 'answer',
    when: ({ last, tries, observations, messages }, view) =>
      last === 'thought' &&
      tries === 0 &&
      observations > 0 &&
      // What a program that failed shows is why.
      view.last('observation')?.state !== 'failed' &&
      saysItIsShown(textOf(messages.at(-1)?.parts ?? [])),
    reason: 'The thought says that an observation shows the answer.',
  },
  {
    name: 'read-found',
    policy: 'read',
    when: ({ last, tries }, view) => last === 'observation' && tries === 0 && isToRead(view),
    reason: 'Texts were found for the question.',
  },
  {
    name: 'after-thought',
    policy: 'code',
    when: ({ last }) => last === 'thought',
    reason: 'The thought said what the next program must do.',
  },
  {
    name: 'after-observation',
    policy: 'thought',
    when: () => true,
    reason: 'There is something new to think about.',
  },
];

/**
 * Builds PoAct's policy controller.
 *
 * @example
 * ```ts
 * poactController({ plan: false });
 * ```
 */
export function poactController(options: PoactControllerOptions = {}): PolicyController {
  const { plan = true, thought = true, answer = true } = options;
  return {
    choose(view) {
      const state = view.project(dialogue);
      if (plan === 'always' && state.last === 'task' && !state.planned && state.tries === 0) {
        return { policy: 'plan', rule: 'plan-always', reason: 'A new task, and planning is set to always.' };
      }
      const first =
        state.last === 'plan' || (state.last === 'task' && (state.planned || plan === false || !hasSeveralTools(view)));
      if (thought === 'always' && first && state.tries === 0) {
        return { policy: 'thought', rule: 'thought-always', reason: 'No program yet, and thinking is set to always.' };
      }
      for (const rule of POACT_RULES) {
        if (rule.policy === 'plan' && plan === false) continue;
        if (rule.policy === 'thought' && !thought) continue;
        if ((rule.policy === 'answer' || rule.policy === 'read') && !answer) continue;
        if (rule.when(state, view)) return { policy: rule.policy, rule: rule.name, reason: rule.reason };
      }
      return { policy: 'code', rule: 'no-thought', reason: 'Thinking is switched off.' };
    },
  };
}
