/**
 * Ways to solve a task within a run: an agent's, and what a function gives back.
 *
 * @module
 */
import type { RunContext, Solve } from '../action/index.ts';
import type { Budget, Json, RunResult } from '../record/index.ts';
import { amountIn, amountsIn } from './budget.ts';
import { type AgentDigests, requireUnchanged } from './changes.ts';
import { behind } from './child-run.ts';
import { type DriveParts, drive } from './drive-run.ts';
import type { Limits } from './limits.ts';
import { resultOf } from './results.ts';
import { usageOf } from './spent.ts';

/** An agent, as far as it does not depend on the run. */
export interface SolverParts
  extends Pick<DriveParts, 'policy' | 'action' | 'tools' | 'guard' | 'model' | 'limits' | 'price' | 'discreet'> {
  start: NonNullable<Solve['start']>;
  digests: AgentDigests;
  /** Keeps the agent's secrets out of the log. */
  clean<Value>(value: Value): Value;
  learn(): Promise<void>;
}

/** An agent as something that solves tasks within other runs. */
export function agentSolver({ start, digests, clean, learn, ...agent }: SolverParts): Solve {
  const solve = async (_task: unknown, context: RunContext): Promise<RunResult> => {
    const { log, store, posted, waited, around, signal, onApproval, onQuestion, clock, random, failpoint } =
      behind(context);
    await learn();
    log.cleanAlso(clean);
    requireUnchanged(log.view, digests, {});
    const limits = narrowed(agent.limits, around.aside);
    await drive({
      ...agent,
      log,
      store,
      posted,
      waited,
      around,
      limits,
      clock,
      random,
      failpoint,
      handlers: { signal, ...(onApproval && { onApproval }), ...(onQuestion && { onQuestion }) },
    });
    return resultOf(log.view);
  };
  return Object.assign(solve, { start });
}

/** The less of each. Time is kept by whoever set it aside. */
function narrowed(limits: Limits, aside: Budget): Limits {
  const made: Limits = { ...limits, calls: { ...limits.calls } };
  for (const [amount, most] of amountsIn(aside)) {
    const less = Math.min(most, amountIn(limits, amount) ?? Number.POSITIVE_INFINITY);
    if (amount.startsWith('calls.')) made.calls = { ...made.calls, [amount.slice('calls.'.length)]: less };
    else Object.assign(made, { [amount]: less });
  }
  return made;
}

/**
 * What a function that solves a task gives back when it has the answer.
 *
 * @example
 * ```ts
 * import type { Solve } from 'poact';
 * import { solved } from 'poact/run';
 * const shout: Solve = async ({ parts: [first] }, context) => {
 *   const { text } = await context.generate({ messages: [{ role: 'user', parts: first ? [first] : [] }], maxTokens: 100 });
 *   return solved(context, text.toUpperCase());
 * };
 * ```
 */
export function solved({ view }: Pick<RunContext, 'view'>, answer: Json): RunResult {
  const why = 'It has an answer.';
  return {
    status: 'answered',
    answer,
    why,
    run: view.run,
    usage: usageOf(view),
    warnings: [],
    log: view.events().slice(),
  };
}
