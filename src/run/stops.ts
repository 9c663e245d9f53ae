/**
 * When a run stops by itself: small rules over the view. Each says why, or nothing.
 *
 * @module
 */
import {
  type DecisionData,
  type Part,
  type Projection,
  type RunEvent,
  type RunView,
  requireNonNegative,
  requirePositive,
} from '../record/index.ts';
import type { RunLimits } from './run.ts';
import { spentInTurn, stepsInTurn } from './spent.ts';

/** Says why the run must stop before its next step, or nothing. */
export type Stop = (view: RunView) => string | undefined;

export type Limits = Required<RunLimits>;

/**
 * Fills in the defaults.
 *
 * @throws {OptionError} a limit is negative, or `steps` or `repeats` is no whole number.
 */
export function limitsOf(limits: RunLimits = {}): Limits {
  const {
    steps = 30,
    tokens = Number.POSITIVE_INFINITY,
    costUsd = Number.POSITIVE_INFINITY,
    ms = Number.POSITIVE_INFINITY,
    repeats = 4,
    waitMs = Number.POSITIVE_INFINITY,
  } = limits;
  requirePositive({ 'limits.steps': steps, 'limits.repeats': repeats });
  requireNonNegative({ 'limits.tokens': tokens, 'limits.costUsd': costUsd, 'limits.ms': ms, 'limits.waitMs': waitMs });
  return { steps, tokens, costUsd, ms, repeats, waitMs };
}

/** The rules that some limits make. */
export function stopsOf({ steps, tokens, costUsd, ms, repeats }: Limits): Stop[] {
  const stops: Stop[] = [];
  if (Number.isFinite(steps)) stops.push(stepsDone(steps));
  if (Number.isFinite(tokens)) stops.push(tokensSpent(tokens));
  if (Number.isFinite(costUsd)) stops.push(costReached(costUsd));
  if (Number.isFinite(ms)) stops.push(timeOver(ms));
  if (Number.isFinite(repeats)) stops.push(repeated(repeats));
  return stops;
}

/** Why the first of them stops, if one does. */
export function firstReason(stops: readonly Stop[], view: RunView): string | undefined {
  for (const stop of stops) {
    const why = stop(view);
    if (why !== undefined) return why;
  }
  return undefined;
}

export const stepsDone =
  (most: number): Stop =>
  (view) =>
    stepsInTurn(view) >= most ? `It took ${most} steps and has no answer (limit \`steps\`).` : undefined;

export const tokensSpent =
  (most: number): Stop =>
  (view) => {
    const { sent, written } = spentInTurn(view);
    return sent + written >= most ? `It took ${sent + written} tokens of ${most} (limit \`tokens\`).` : undefined;
  };

export const costReached =
  (most: number): Stop =>
  (view) => {
    const { costUsd } = spentInTurn(view);
    return costUsd > 0 && costUsd >= most ? `It cost $${costUsd} of $${most} (limit \`costUsd\`).` : undefined;
  };

export const timeOver =
  (most: number): Stop =>
  (view) => {
    const { activeMs } = spentInTurn(view);
    return activeMs >= most ? `It worked ${activeMs} ms of ${most} (limit \`ms\`).` : undefined;
  };

export const repeated =
  (most: number): Stop =>
  (view) =>
    view.project(repeating).times >= most
      ? `The last ${most} steps decided the same and saw the same (limit \`repeats\`).`
      : undefined;

interface Step {
  decision: DecisionData;
  saw?: readonly Part[];
  blocked?: string;
}

interface Repeating {
  before?: Step;
  now?: Step;
  /** Steps in a row that were the same, the last one included. */
  times: number;
  /** Whether `now` was compared with `before`. */
  counted: boolean;
}

/** What came from outside may make the same step another one. */
const ANEW: ReadonlySet<RunEvent['kind']> = new Set(['task', 'reply', 'message', 'undo']);

/** How often the last step was taken in a row. A step is over when the next decision, or the path's review, comes. */
const repeating: Projection<Repeating> = {
  start: () => ({ times: 0, counted: true }),
  next(state, event) {
    if (ANEW.has(event.kind)) return { times: 0, counted: true };
    if (event.kind === 'decision' && event.by !== 'action') {
      count(state);
      const now = { decision: event.decision };
      return { ...(state.now && { before: state.now }), now, times: state.times, counted: false };
    }
    if (state.now === undefined) return state;
    if (event.kind === 'observation') state.now.saw = event.parts;
    if (event.kind === 'review') {
      if (event.what === 'path') count(state);
      else if (event.verdict === 'block') {
        state.now.blocked = event.rule;
        count(state);
      } else if (event.what === 'decision' && hasNoEffect(state.now.decision)) count(state);
    }
    return state;
  },
};

const hasNoEffect = ({ kind }: DecisionData) => kind === 'think' || kind === 'widen' || kind === 'correct';

function count(state: Repeating): void {
  if (state.counted || state.now === undefined) return;
  state.counted = true;
  state.times = state.before !== undefined && same(state.before, state.now) ? state.times + 1 : 1;
}

/** Deep equality, but for the ids of calls, which are fresh each time. */
function same(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  const fields = other as { [key: string]: unknown };
  return keys.every((key) => {
    const value = (one as { [key: string]: unknown })[key];
    const isId = (key === 'id' || key === 'result') && typeof value === 'string' && typeof fields[key] === 'string';
    return isId || (Object.hasOwn(fields, key) && same(value, fields[key]));
  });
}
