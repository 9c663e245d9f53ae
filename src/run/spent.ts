/**
 * What a run took, read off its log: so it is exact after a crash, too.
 *
 * @module
 */
import { noUsage, type Projection, type RunEvent, type RunUsage, type RunView } from '../record/index.ts';

/** What was taken up to now. */
export interface Spent {
  sent: number;
  evaluated: number;
  written: number;
  modelCalls: number;
  toolCalls: number;
  costUsd: number;
  /** Model calls whose price nobody knows. */
  unpriced: number;
  /** Milliseconds in which the run was at work: waits for people are left out. */
  activeMs: number;
}

interface State {
  all: Spent;
  /** {@link Spent} when the current task was given, and the step it was given in. */
  before: Spent;
  stepsBefore: number;
  lastMs: number | undefined;
  lastAt: string;
}

const nothing = (): Spent => ({
  ...noUsage,
  modelCalls: 0,
  toolCalls: 0,
  costUsd: 0,
  unpriced: 0,
  activeMs: 0,
});

const spending: Projection<State> = {
  start: () => ({ all: nothing(), before: nothing(), stepsBefore: 0, lastMs: undefined, lastAt: '' }),
  next(state, event) {
    if (event.at !== state.lastAt) passTime(state, event);
    const { all } = state;
    if (event.kind === 'task') {
      state.before = { ...all };
      state.stepsBefore = event.step;
    } else if (event.kind === 'call' && event.undoes === undefined) all.toolCalls += 1;
    else if (event.kind === 'model-call') {
      const { sent, evaluated, written } = event.usage;
      all.sent += sent;
      all.evaluated += evaluated;
      all.written += written;
      all.modelCalls += 1;
      all.costUsd += event.costUsd ?? 0;
      if (event.costUsd === undefined && event.usage.sent > 0) all.unpriced += 1;
    }
    return state;
  },
};

/** A run that waits, or ended, is not at work until it is resumed or asked more. */
function passTime(state: State, event: RunEvent): void {
  const ms = Date.parse(event.at);
  const idle = event.kind === 'resume' || event.kind === 'task' || event.kind === 'fork';
  if (!idle && state.lastMs !== undefined) state.all.activeMs += ms - state.lastMs;
  state.lastMs = ms;
  state.lastAt = event.at;
}

/** What the current turn took, and its steps. */
export function spentInTurn(view: RunView): Spent & { steps: number } {
  const { all, before } = view.project(spending);
  return {
    sent: all.sent - before.sent,
    evaluated: all.evaluated - before.evaluated,
    written: all.written - before.written,
    modelCalls: all.modelCalls - before.modelCalls,
    toolCalls: all.toolCalls - before.toolCalls,
    costUsd: all.costUsd - before.costUsd,
    unpriced: all.unpriced - before.unpriced,
    activeMs: all.activeMs - before.activeMs,
    steps: stepsInTurn(view),
  };
}

/** Steps of the current turn. */
export function stepsInTurn(view: RunView): number {
  return view.step - view.project(spending).stepsBefore;
}

/** Milliseconds in which the whole run was at work. */
export const activeMs = (view: RunView): number => view.project(spending).all.activeMs;

/** What the whole run took. */
export function usageOf(view: RunView): RunUsage {
  const { sent, evaluated, written, modelCalls, toolCalls, costUsd, unpriced } = view.project(spending).all;
  return {
    sent,
    evaluated,
    written,
    modelCalls,
    toolCalls,
    steps: view.step,
    ...(unpriced === 0 ? { costUsd } : {}),
  };
}
