/**
 * One task under one arm, as a finished cell.
 *
 * @module
 */

import type { z } from 'zod';
import type { ToolRecord } from '../src/action/index.ts';
import { allowAll } from '../src/guard/index.ts';
import type { Model } from '../src/model/index.ts';
import type { DataVariable, Json } from '../src/record/index.ts';
import { createAgent, type RunResult } from '../src/run/index.ts';
import type { Arm } from './arms.ts';
import type { Cell } from './cells.ts';
import { sentBudget } from './sent-budget.ts';

export interface CellOptions {
  arm: Arm;
  model: Model;
  task: string;
  text: string;
  answer: z.ZodType;
  tools?: ToolRecord;
  data?: readonly DataVariable[];
  /** The same for every arm. */
  sentTokens: number;
  /** Most steps, where the arm does not say. */
  steps: number;
  /** Longest a task may take. */
  taskMs: number;
  isRight(answer: Json | undefined): boolean;
  isRightLoosely?(answer: Json | undefined): boolean;
}

/** Runs it in memory, with every tool allowed: the tools of a benchmark harm nobody. A run that throws is a wrong answer. */
export async function runCell(options: CellOptions): Promise<Cell> {
  const { arm, model, task, text, tools = {}, data = [], sentTokens, taskMs } = options;
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
  const answer = result.status === 'answered' ? (result.answer as Json) : undefined;
  const { modelCalls, toolCalls, sent, evaluated, written } = result.usage;
  return {
    arm: arm.name,
    task,
    right: options.isRight(answer),
    ...(options.isRightLoosely === undefined ? {} : { rightLoosely: options.isRightLoosely(answer) }),
    status: result.status,
    why: result.why,
    ...(answer === undefined ? {} : { answer }),
    warnings: result.warnings,
    modelCalls,
    toolCalls,
    sent,
    evaluated,
    written,
    seconds: (performance.now() - began) / 1000,
  };
}

function failed(problem: unknown): Pick<RunResult, 'status' | 'why' | 'usage' | 'warnings' | 'answer'> {
  const why = problem instanceof Error ? problem.message : String(problem);
  const usage = { sent: 0, evaluated: 0, written: 0, modelCalls: 0, toolCalls: 0, steps: 0 };
  return { status: 'failed', why, usage, warnings: [] };
}
