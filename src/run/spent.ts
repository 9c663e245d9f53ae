/**
 * What a run took, read off its log: so it is exact after a crash, too.
 *
 * @module
 */
import { type Budget, noUsage, type Projection, type RunEvent, type RunUsage, type RunView } from '../record/index.ts';

/** What was taken up to now, by the run and by those within it that have ended. */
export interface Spent {
  sent: number;
  evaluated: number;
  written: number;
  modelCalls: number;
  toolCalls: number;
  costUsd: number;
  /** Model calls whose price nobody knows. */
  unpriced: number;
  /** Tokens and dollars that calls under way, and those that were broken off, may take or have taken on top. */
  heldTokens: number;
  heldUsd: number;
  /** Steps of runs within this one. */
  childSteps: number;
  /** Milliseconds in which the run was at work: waits for people are left out. */
  activeMs: number;
  /** Calls of each tool. */
  calls: Map<string, number>;
}

interface State {
  all: Spent;
  /** {@link Spent} when the current task was given, and the step it was given in. */
  before: Spent;
  stepsBefore: number;
  /** What is set aside for calls of models, by the event that says so. */
  held: Map<number, RunEvent<'budget'>>;
  lastMs: number | undefined;
  lastAt: string;
}

const nothing = (): Spent => ({
  ...noUsage,
  modelCalls: 0,
  toolCalls: 0,
  costUsd: 0,
  unpriced: 0,
  heldTokens: 0,
  heldUsd: 0,
  childSteps: 0,
  activeMs: 0,
  calls: new Map(),
});

const spending: Projection<State> = {
  start: () => ({
    all: nothing(),
    before: nothing(),
    stepsBefore: 0,
    held: new Map(),
    lastMs: undefined,
    lastAt: '',
  }),
  next(state, event) {
    if (event.at !== state.lastAt || event.waitedMs !== undefined) passTime(state, event);
    const { all } = state;
    switch (event.kind) {
      case 'task':
        state.before = { ...all, calls: new Map(all.calls) };
        state.stepsBefore = event.step;
        break;
      case 'call':
        if (event.undoes === undefined) addCalls(all, event.tool, 1);
        break;
      case 'model-call':
        if (event.cause !== undefined) settle(state, event.cause);
        addUsage(all, event.usage);
        all.modelCalls += 1;
        all.costUsd += event.costUsd ?? 0;
        if (event.costUsd === undefined && event.usage.sent > 0) all.unpriced += 1;
        break;
      case 'budget':
        if (event.state !== 'reserved') break;
        state.held.set(event.seq, event);
        all.heldTokens += event.tokens ?? 0;
        all.heldUsd += event.costUsd ?? 0;
        break;
      case 'child':
        if (event.state === 'ended') addChild(all, event);
        break;
    }
    return state;
  },
};

function settle({ all, held }: State, seq: number): void {
  const event = held.get(seq);
  if (event === undefined) return;
  held.delete(seq);
  all.heldTokens -= event.tokens ?? 0;
  all.heldUsd = held.size === 0 ? 0 : all.heldUsd - (event.costUsd ?? 0);
}

function addUsage(all: Spent, { sent, evaluated, written }: Pick<Spent, 'sent' | 'evaluated' | 'written'>): void {
  all.sent += sent;
  all.evaluated += evaluated;
  all.written += written;
}

function addCalls(all: Spent, tool: string, times: number): void {
  all.toolCalls += times;
  all.calls.set(tool, (all.calls.get(tool) ?? 0) + times);
}

function addChild(all: Spent, { usage, lost }: RunEvent<'child'>): void {
  all.heldTokens += lost?.tokens ?? 0;
  all.heldUsd += lost?.costUsd ?? 0;
  if (usage === undefined) return;
  addUsage(all, usage);
  all.modelCalls += usage.modelCalls ?? 0;
  all.costUsd += usage.costUsd ?? 0;
  if (usage.costUsd === undefined && usage.sent > 0) all.unpriced += 1;
  all.childSteps += usage.steps ?? 0;
  for (const [tool, times] of Object.entries(usage.calls ?? {})) addCalls(all, tool, times);
}

/** A run that waits, or ended, is not at work until it is resumed or asked more; nor is one while a person is asked. */
function passTime(state: State, event: RunEvent): void {
  const ms = Date.parse(event.at);
  const idle = event.kind === 'resume' || event.kind === 'task' || event.kind === 'fork';
  if (!idle && state.lastMs !== undefined) state.all.activeMs += ms - state.lastMs - (event.waitedMs ?? 0);
  state.lastMs = ms;
  state.lastAt = event.at;
}

/** What can be limited and summed over a run and those within it; a tool's calls as `calls.<tool>`. */
export type Amount = 'tokens' | 'costUsd' | 'steps' | 'toolCalls' | `calls.${string}`;

/** How much of an amount the current turn took, all that may be spent included. `step` is the current step. */
export function takenInTurn(view: RunView, amount: Amount, step = view.step): number {
  const { all, before, stepsBefore } = view.project(spending);
  return amountOf(all, amount, step) - amountOf(before, amount, stepsBefore);
}

/** The same without what is only set aside: what is known to be spent. */
export function usedInTurn(view: RunView, amount: Amount): number {
  const { all, before } = view.project(spending);
  const held = { tokens: all.heldTokens - before.heldTokens, costUsd: all.heldUsd - before.heldUsd };
  return takenInTurn(view, amount) - (held[amount as keyof typeof held] ?? 0);
}

/** {@link takenInTurn} of the whole run. */
export const takenInAll = (view: RunView, amount: Amount, step = view.step): number =>
  amountOf(view.project(spending).all, amount, step);

function amountOf(spent: Spent, amount: Amount, steps: number): number {
  switch (amount) {
    case 'tokens':
      return spent.sent + spent.written + spent.heldTokens;
    case 'costUsd':
      return spent.costUsd + spent.heldUsd;
    case 'steps':
      return steps + spent.childSteps;
    case 'toolCalls':
      return spent.toolCalls;
    default:
      return spent.calls.get(amount.slice('calls.'.length)) ?? 0;
  }
}

/** Steps of the current turn, without those of runs within this one. */
export const stepsInTurn = (view: RunView): number => view.step - view.project(spending).stepsBefore;

/** Milliseconds in which the current turn was at work. */
export function activeMsInTurn(view: RunView): number {
  const { all, before } = view.project(spending);
  return all.activeMs - before.activeMs;
}

/** Milliseconds in which the whole run was at work. */
export const activeMs = (view: RunView): number => view.project(spending).all.activeMs;

/** What the whole run took, with those within it that have ended. */
export function usageOf(view: RunView): RunUsage {
  const { sent, evaluated, written, modelCalls, toolCalls, costUsd, unpriced, childSteps } = view.project(spending).all;
  return {
    sent,
    evaluated,
    written,
    modelCalls,
    toolCalls,
    steps: view.step + childSteps,
    ...(unpriced === 0 ? { costUsd } : {}),
  };
}

/** What the log of the run around a run is told of it when it ends. */
export function toldOf(view: RunView): Pick<RunEvent<'child'>, 'usage' | 'lost'> {
  const { calls, heldTokens, heldUsd } = view.project(spending).all;
  const lost: Budget = {
    ...(heldTokens > 0 && { tokens: heldTokens }),
    ...(heldUsd > 0 && { costUsd: heldUsd }),
  };
  const usage = { ...usageOf(view), ...(calls.size > 0 && { calls: Object.fromEntries(calls) }) };
  return { usage, ...(Object.keys(lost).length > 0 && { lost }) };
}
