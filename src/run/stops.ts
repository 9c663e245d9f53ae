/**
 * When a run stops by itself: small rules, asked before each step. Each says why, or nothing.
 *
 * @module
 */
import type { RunView } from '../record/index.ts';
import { type Bound, type RunBudget, sum } from './budget.ts';
import { loopStops } from './loops.ts';
import { type Amount, activeMsInTurn, stepsInTurn } from './spent.ts';
import { turns } from './turn.ts';

/** Says why the run must stop before its next step, or nothing. */
export type Stop = (view: RunView) => string | undefined;

/** The rules that a budget and its limits make. `polls` are tools whose calls are no circle. */
export function stopsOf(budget: RunBudget, polls: ReadonlySet<string>): Stop[] {
  const { ms, loops, ownSteps } = budget.limits;
  const stops: Stop[] = [];
  if (Number.isFinite(ownSteps)) stops.push(ownStepsDone(ownSteps));
  if (budget.bounds('steps')) stops.push(stepsDone(budget));
  if (budget.bounds('tokens')) stops.push(tokensSpent(budget));
  if (budget.bounds('costUsd')) stops.push(costReached(budget));
  if (Number.isFinite(ms)) stops.push(timeOver(ms));
  return [...stops, ...loopStops(loops, polls)];
}

/** Why the first of them stops, if one does. */
export function firstReason(stops: readonly Stop[], view: RunView): string | undefined {
  for (const stop of stops) {
    const why = stop(view);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** A step that has begun and decided nothing yet may be finished. */
const isNewStep = (view: RunView) => view.project(turns).decidedStep === view.step;

const ownStepsDone =
  (most: number): Stop =>
  (view) =>
    isNewStep(view) && stepsInTurn(view) >= most ? tookSteps(most) : undefined;

const tookSteps = (most: number) => `It took ${most} steps and has no answer (limit \`steps\`).`;

const stepsDone =
  (budget: RunBudget): Stop =>
  (view) => {
    const bound = budget.bound('steps');
    if (bound === undefined || bound.left >= 1 || !isNewStep(view)) return undefined;
    return bound.run === budget.run && bound.used === bound.of ? tookSteps(bound.of) : reached('steps', bound, budget);
  };

const tokensSpent =
  (budget: RunBudget): Stop =>
  () => {
    const bound = budget.bound('tokens');
    return bound !== undefined && bound.left < 1 ? reached('tokens', bound, budget) : undefined;
  };

/** A model that costs nothing may go on under a limit of nothing. */
const costReached =
  (budget: RunBudget): Stop =>
  () => {
    const bound = budget.bound('costUsd');
    const isOver = bound !== undefined && bound.used > 0 && bound.left <= 0;
    return isOver ? reached('costUsd', bound, budget) : undefined;
  };

const timeOver =
  (most: number): Stop =>
  (view) => {
    const ms = activeMsInTurn(view);
    return ms >= most ? `It worked ${ms} ms of ${most} (limit \`ms\`).` : undefined;
  };

function reached(amount: Amount, { run, used, of }: Bound, budget: RunBudget): string {
  const who = run === budget.run ? 'It' : `Run ${run}, which this one works for,`;
  const took = amount === 'costUsd' ? `cost $${sum(used)} of $${sum(of)}` : `took ${sum(used)} ${amount} of ${sum(of)}`;
  return `${who} ${took} (limit \`${amount}\`).`;
}
