/**
 * The limits of a run, with their defaults.
 *
 * @module
 */
import { OptionError, requireNonNegative, requirePositive } from '../record/index.ts';
import type { LoopLimits, RunLimits } from './run.ts';

/** With the defaults filled in. */
export interface Limits extends Required<Omit<RunLimits, 'loops'>> {
  loops: Required<LoopLimits>;
  /** Steps of the run's own loop, where nobody said how many: those of runs within it are not counted. */
  ownSteps: number;
}

/** Steps where no limit says how many. */
const DEFAULT_STEPS = 30;

/**
 * Fills in the defaults.
 *
 * @param tools Names of the agent's tools: a limit of calls that has one of them in another spelling is a mistake. One that
 *   has none may be meant for runs within.
 * @param option Where they were given, for messages.
 * @throws {OptionError} a limit is negative, one of steps or circles is no whole number, or `warnAt` is not between 0 and 1.
 */
export function limitsOf(limits: RunLimits = {}, tools: Iterable<string> = [], option = 'limits'): Limits {
  const {
    steps = Number.POSITIVE_INFINITY,
    tokens = Number.POSITIVE_INFINITY,
    costUsd = Number.POSITIVE_INFINITY,
    ms = Number.POSITIVE_INFINITY,
    toolCalls = Number.POSITIVE_INFINITY,
    calls = {},
    warnAt = [0.5, 0.8],
    loops: { same = 4, swings = 4, stale = 10 } = {},
    waitMs = Number.POSITIVE_INFINITY,
  } = limits;
  requirePositive({ [`${option}.steps`]: steps });
  requirePositive({ 'limits.loops.same': same, 'limits.loops.swings': swings, 'limits.loops.stale': stale });
  const amounts = { tokens, costUsd, ms, toolCalls, waitMs };
  for (const [name, amount] of Object.entries(amounts)) requireNonNegative({ [`${option}.${name}`]: amount });
  for (const [tool, most] of Object.entries(calls)) requireNonNegative({ [`${option}.calls.${tool}`]: most });
  const spelt = new Map([...tools].map((tool) => [letters(tool), tool]));
  for (const tool of Object.keys(calls)) {
    const meant = spelt.get(letters(tool));
    if (meant === undefined || meant === tool) continue;
    throw new OptionError(`${option}.calls.${tool}`, `there is no tool of that name; did you mean ${meant}?`);
  }
  for (const part of warnAt) {
    if (!(part > 0 && part <= 1))
      throw new OptionError('limits.warnAt', `expected parts of 1, such as 0.8, got ${part}.`);
  }
  return {
    steps,
    ownSteps: limits.steps === undefined ? DEFAULT_STEPS : Number.POSITIVE_INFINITY,
    tokens,
    costUsd,
    ms,
    toolCalls,
    calls,
    warnAt,
    loops: { same, swings, stale },
    waitMs,
  };
}

const letters = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
