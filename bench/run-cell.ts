/**
 * One task under one arm, as a finished cell.
 *
 * @module
 */

import type { ToolRecord, ToolSchema } from '../src/action/index.ts';
import type { LoadedVariable } from '../src/environment/index.ts';
import { sentBudget } from '../src/eval/index.ts';
import { allowAll } from '../src/guard/index.ts';
import type { Model } from '../src/model/index.ts';
import type { Json } from '../src/record/index.ts';
import { createAgent, type RunResult } from '../src/run/index.ts';
import type { Arm } from './arms.ts';
import type { Cell } from './cells.ts';
import type { SharedReplies } from './shared-replies.ts';

export interface CellOptions {
  arm: Arm;
  model: Model;
  /** Where `model` gives arms that ask the same the same reply: the time that spared is added. */
  spared?: SharedReplies['spared'];
  task: string;
  text: string;
  answer: ToolSchema;
  tools?: ToolRecord;
  data?: readonly LoadedVariable[] | { readonly [name: string]: Json };
  /** The same for every arm. */
  sentTokens: number;
  /** Most steps, where the arm does not say. */
  steps: number;
  /** Longest a task may take. */
  taskMs: number;
  isRight(answer: Json | undefined): boolean | Promise<boolean>;
}

/**
 * Makes the model forget the last prompt, so that a task begins with an empty prefix cache whatever ran before it. Arms that
 * ask the same are charged the same for it (shared-replies.ts).
 */
export async function forgetPrompt(model: Model): Promise<void> {
  await model.generate({ messages: [{ role: 'user', parts: [{ text: 'x' }] }], maxTokens: 1 });
}

/** Runs it in memory, with every tool allowed: the tools of a benchmark harm nobody. A run that throws is a wrong answer. */
export async function runCell(options: CellOptions): Promise<Cell> {
  const { arm, model, spared = () => 0, task, text, tools = {}, data = [], sentTokens, taskMs } = options;
  spared();
  const began = performance.now();
  const agent = createAgent({
    model: sentBudget(model, { sentTokens }),
    tools,
    guard: allowAll(),
    limits: { steps: arm.steps ?? options.steps },
    ...arm.controls(),
  });
  const result = await agent
    .run(text, { answer: options.answer, data, signal: AbortSignal.timeout(taskMs) })
    .catch((problem: unknown) => failed(problem));
  const answer = result.status === 'answered' ? answerOf(result) : undefined;
  const { modelCalls, toolCalls, sent, evaluated, written } = result.usage;
  return {
    arm: arm.name,
    task,
    right: await options.isRight(answer),
    status: result.status,
    why: result.why,
    ...(answer === undefined ? {} : { answer }),
    warnings: result.warnings,
    modelCalls,
    toolCalls,
    sent,
    evaluated,
    written,
    seconds: (performance.now() - began) / 1000 + spared(),
  };
}

/**
 * The answer, or, where it has not the type that was asked for, what was answered: `"12"` for 12 is judged by the scorer,
 * so that an arm without a review of answers does not lose on quotation marks.
 */
function answerOf({ answer, log }: Pick<RunResult<unknown>, 'answer' | 'log'>): Json | undefined {
  if (answer !== undefined) return answer as Json;
  const said = log.findLast((event) => event.kind === 'decision' && event.decision.kind === 'answer');
  return said?.kind === 'decision' && said.decision.kind === 'answer' ? said.decision.value : undefined;
}

function failed(problem: unknown): Pick<RunResult, 'status' | 'why' | 'usage' | 'warnings' | 'answer' | 'log'> {
  const why = problem instanceof Error ? problem.message : String(problem);
  const usage = { sent: 0, evaluated: 0, written: 0, modelCalls: 0, toolCalls: 0, steps: 0 };
  return { status: 'failed', why, usage, warnings: [], log: [] };
}
