/**
 * Warnings in the log when a limit comes near.
 *
 * @module
 */
import type { Projection } from '../record/index.ts';
import { amountsIn, type RunBudget } from './budget.ts';
import type { RunLog } from './log.ts';
import { activeMsInTurn, stepsInTurn, usedInTurn } from './spent.ts';

/** What was used of each limit when the log last warned of it in the turn. */
const warned: Projection<Map<string, number>> = {
  start: () => new Map(),
  next(state, event) {
    if (event.kind === 'task') return new Map();
    if (event.kind === 'budget' && event.state === 'warned') state.set(event.limit, event.used);
    return state;
  },
};

interface Watched {
  limit: string;
  of: number;
  used(): number;
  /** What has to be used for the next warning. */
  next: number;
}

/**
 * A function that appends a `budget` event for each limit of the run of which a further part of `warnAt` is used. What is
 * only set aside does not count.
 */
export function warner(log: RunLog, { limits }: RunBudget): () => void {
  const { view } = log;
  const parts = [...limits.warnAt].sort((one, other) => one - other);
  const nextAfter = (used: number, of: number) => parts.find((part) => part * of > used) ?? Number.POSITIVE_INFINITY;
  const watched: Watched[] = [];
  const watch = (limit: string, of: number, used: () => number) => {
    if (of === 0 || !Number.isFinite(of)) return;
    watched.push({ limit, of, used, next: nextAfter(view.project(warned).get(limit) ?? 0, of) * of });
  };
  for (const [amount, of] of amountsIn(limits)) watch(amount, of, () => usedInTurn(view, amount));
  watch('steps', limits.ownSteps, () => stepsInTurn(view));
  watch('ms', limits.ms, () => activeMsInTurn(view));
  return () => {
    for (const each of watched) {
      if (each.next === Number.POSITIVE_INFINITY) continue;
      const used = each.used();
      if (used < each.next) continue;
      const { limit, of } = each;
      log.append<'budget'>({ kind: 'budget', by: 'loop', limit, used, of, state: 'warned' });
      each.next = nextAfter(used, of) * of;
    }
  };
}
