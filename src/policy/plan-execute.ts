/**
 * Plan-and-execute: a planner writes all steps, an executor does one of them at a time, and after each a replanner answers or
 * writes the steps that are left (Plan-and-Solve, Wang et al. 2023, arXiv 2305.04091, made a loop as in LangChain's
 * plan-and-execute agents, which LegalAgentBench compares).
 *
 * @module
 */
import type { Model } from '../model/index.ts';
import {
  cutMiddle,
  type Decision,
  type Projection,
  type RunEvent,
  requirePositive,
  textOf,
  viewOf,
} from '../record/index.ts';
import type { Policy, PolicyContext } from './policy.ts';
import { react } from './react.ts';
import { readAnswer } from './read-answer.ts';
import { fitted, sampledAfresh } from './step-prompt.ts';

export interface PlanExecuteOptions {
  /** The model that plans. @default the agent's */
  model?: Model;
  /** Does one step, as if it were a task: its answer is the step's result. @default react() */
  executor?: Policy;
  /** Longest plan, in tokens. @default 200 */
  planTokens?: number;
  /** Longest result of a step that planner and executor are shown, in characters. @default 1_000 */
  resultChars?: number;
  /** Most decisions of the executor for one step; then the replanner is told that it was not done. @default 6 */
  decisionsAStep?: number;
}

/** What planner, executor and replanner are told, as data. `{task}`, `{plan}`, `{step}` and `{done}` are filled in. */
export const PLAN_EXECUTE_TEXTS = {
  plan: 'Write a plan for the task: numbered steps, one a line, each a single thing to do that can be done with the tools. The last step gives the final answer. No step is superfluous, and each holds all that is needed to do it. Write the plan alone.',
  step: 'You do one step of a plan.\nThe whole task: {task}\nDone so far:\n{done}\nYour step: {step}\nAnswer with the result of your step alone.',
  replan:
    'The task: {task}\nThe plan was:\n{plan}\nDone so far:\n{done}\nIf what was done gives the final answer, write "Final Answer: " and the answer alone. Else write the steps that are still to do, numbered, and none that is done.',
  nothing: 'nothing yet',
  notDone: 'It could not be done.',
} as const;

/**
 * Builds the plan-and-execute policy.
 *
 * @throws {OptionError} a number is not a whole number of at least 1.
 * @example
 * ```ts
 * const agent = createAgent({ model: 'local', tools, policy: planExecute() });
 * ```
 */
export function planExecute(options: PlanExecuteOptions = {}): Policy {
  const { model, executor = react(), planTokens = 200, resultChars = 1_000, decisionsAStep = 6 } = options;
  requirePositive({ planTokens, resultChars, decisionsAStep });

  const ask = async (state: Progress, instruction: string, purpose: string, context: PolicyContext) => {
    const space = await context.select('think');
    const reply = await context.generate(
      {
        messages: fitted(
          [
            { role: 'system', parts: [{ text: `Tools:\n${space.text}` }] },
            { role: 'user', parts: [{ text: instruction }] },
          ],
          (model?.can ?? context.can).contextTokens,
          planTokens,
        ),
        maxTokens: planTokens,
        ...sampledAfresh(state.tries),
        purpose,
        signal: context.signal,
      },
      model,
    );
    return { text: reply.text.trim(), from: { selection: space.seq, call: reply.seq } };
  };

  return {
    name: 'plan-execute',
    version: `${executor.name}${executor.version ?? ''}`,
    ...(executor.format !== undefined && { format: executor.format }),
    async decide(view, context) {
      const state = view.project(progress);
      const { task, plan, done } = state;
      const said = (text: string) =>
        filled(text, { task, plan: numbered(plan), step: plan[0] ?? '', done: doneText(done, resultChars) });
      if (state.phase === 'plan') {
        const { text, from } = await ask(state, `Task: ${task}\n${PLAN_EXECUTE_TEXTS.plan}`, 'plan', context);
        return toPlan(text, from);
      }
      if (state.phase === 'replan') {
        const { text, from } = await ask(state, said(PLAN_EXECUTE_TEXTS.replan), 'replan', context);
        const answer = readAnswer(text);
        return answer === undefined ? toPlan(text, from) : { kind: 'answer', ...answer, ...from };
      }
      if (state.decisions >= decisionsAStep) return resultOf(PLAN_EXECUTE_TEXTS.notDone);
      const decision = await executor.decide(stepView(view.run, said(PLAN_EXECUTE_TEXTS.step), state.events), context);
      if (decision.kind !== 'answer') return decision;
      const { selection, call, value } = decision;
      const result = typeof value === 'string' ? value : JSON.stringify(value);
      return {
        ...resultOf(result),
        ...(selection !== undefined && { selection }),
        ...(call !== undefined && { call }),
      };
    },
  };
}

/** How far a run is. */
interface Progress {
  task: string;
  phase: 'plan' | 'execute' | 'replan';
  /** The last plan: its first step is the one that is done; what comes after it is planned anew. */
  plan: readonly string[];
  done: readonly { step: string; result: string }[];
  /** What happened in the step that is under way. */
  events: readonly RunEvent[];
  /** Decisions of the executor for it. */
  decisions: number;
  /** Replies in a row that came to nothing. */
  tries: number;
}

const begun = (task: string): Progress => ({
  task,
  phase: 'plan',
  plan: [],
  done: [],
  events: [],
  decisions: 0,
  tries: 0,
});

const progress: Projection<Progress> = {
  rewinds: true,
  start: () => begun(''),
  next(state, event) {
    if (event.kind === 'task') return begun(textOf(event.parts));
    if (event.kind === 'decision' && event.decision.kind === 'think') {
      const { form, text } = event.decision;
      if (form === 'plan') {
        return { ...state, phase: 'execute', plan: stepsIn(text), events: [], decisions: 0, tries: 0 };
      }
      if (state.phase === 'execute' && text.startsWith(RESULT)) {
        const result = { step: state.plan[0] ?? '', result: text.slice(RESULT.length) };
        return { ...state, phase: 'replan', done: [...state.done, result], events: [], decisions: 0, tries: 0 };
      }
    }
    // An answer that was blocked: the replanner is asked afresh.
    const ownSlip = state.phase !== 'execute' && event.kind === 'decision' && event.decision.kind === 'correct';
    const blocked = state.phase === 'replan' && event.kind === 'review' && event.verdict === 'block';
    if (ownSlip || blocked) return { ...state, tries: state.tries + 1 };
    if (state.phase !== 'execute') return state;
    const decisions = state.decisions + (event.kind === 'decision' ? 1 : 0);
    return { ...state, events: [...state.events, event], decisions };
  },
};

/** How the log says the result of a step. */
const RESULT = 'Result: ';
const resultOf = (result: string): Decision => ({ kind: 'think', form: 'thought', text: `${RESULT}${result}` });

function toPlan(text: string, from: { selection: number; call: number }): Decision {
  if (stepsIn(text).length === 0) return { kind: 'correct', problem: 'The plan has no step.', reply: text, ...from };
  return { kind: 'think', form: 'plan', text, ...from };
}

const MOST_STEPS = 12;

/** The numbered lines of a plan; else its lines. */
function stepsIn(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  const numberedLines = lines.flatMap((line) => /^(?:\*\*)?(?:step )?\d+[.):]\s*(.+)$/i.exec(line)?.[1] ?? []);
  const found = numberedLines.length > 0 ? numberedLines : lines.filter((line) => line !== '');
  return found.slice(0, MOST_STEPS);
}

const numbered = (steps: readonly string[]) => steps.map((step, at) => `${at + 1}. ${step}`).join('\n');

function doneText(done: Progress['done'], resultChars: number): string {
  if (done.length === 0) return PLAN_EXECUTE_TEXTS.nothing;
  return done.map(({ step, result }) => `- ${step}: ${cutMiddle(result, resultChars)}`).join('\n');
}

/** What is filled in is taken as it is: a text may hold braces. */
const filled = (text: string, values: { [name: string]: string }) =>
  text.replace(/\{(task|plan|step|done)\}/g, (_, name: string) => values[name] ?? '');

/** The run as the executor sees it: its step is the task, and nothing was before. */
function stepView(run: string, text: string, events: readonly RunEvent[]) {
  const at = events[0]?.at ?? '';
  const task: RunEvent<'task'> = { seq: 0, at, run, step: 0, by: 'policy', kind: 'task', parts: [{ text }] };
  return viewOf(run, [task, ...events]);
}
