/**
 * What a run may still take: its own limits, and those of the runs that it works for.
 *
 * Nothing is counted here. What was taken, is set aside for a call of a model, or for a run within this one, is read off the
 * logs each time; so a check and the event that follows it at once cannot be parted by another, and a crash changes nothing.
 *
 * @module
 */
import { type Budget, BudgetError, isPoactError, type RunView, viewOf } from '../record/index.ts';
import { openChildren } from './children.ts';
import { type Limits, limitsOf } from './limits.ts';
import type { RunStore } from './run.ts';
import { type Amount, takenInAll, takenInTurn } from './spent.ts';

/** What binds: the limit of a run that has the least left. */
export interface Bound {
  run: string;
  used: number;
  of: number;
  left: number;
}

export interface RunBudget {
  readonly run: string;
  readonly limits: Limits;
  /** Whether anybody limits an amount, or the calls of any tool: as long as the run is held. */
  bounds(amount: Amount | 'calls'): boolean;
  /** What is left of an amount, by this run's limit and by those it draws on. `Infinity` where nobody limits it. */
  left(amount: Amount): number;
  /** Where the least is left; nothing where nobody limits it. */
  bound(amount: Amount): Bound | undefined;
  /** What this run's current turn took, and may yet take of what is set aside. */
  taken(amount: Amount): number;
  /** The same of the whole run: what counts against the run around it. */
  drawn(amount: Amount): number;
  /** The budget of a run within this one, as long as the log does not say that it has ended. */
  adopt(child: RunBudget): void;
  /** Calls of models that are under way in this process, in all runs that share it. */
  readonly flight: Flight;
}

export interface BudgetParts {
  view: RunView;
  /** The step that the run is at, where it is not yet in the log. @default the view's */
  step?: () => number;
  limits: Limits;
  /** The run around this one, and what it set aside for this one: the rest is drawn from it. */
  around?: { budget: RunBudget; aside: Budget } | undefined;
}

export function runBudget({ view, step = () => view.step, limits, around }: BudgetParts): RunBudget {
  const children = new Map<string, RunBudget>();
  const within = (amount: Amount): number => {
    let sum = 0;
    for (const [run, { budget }] of view.project(openChildren)) {
      sum += amountIn(budget, amount) ?? children.get(run)?.drawn(amount) ?? 0;
    }
    return sum;
  };
  const budget: RunBudget = {
    run: view.run,
    limits,
    flight: around?.budget.flight ?? newFlight(),
    bounds(amount) {
      const own = amount === 'calls' ? Object.keys(limits.calls).length > 0 : Number.isFinite(amountIn(limits, amount));
      if (own || around === undefined) return own;
      const isSetAside = amount !== 'calls' && amountIn(around.aside, amount) !== undefined;
      return !isSetAside && around.budget.bounds(amount);
    },
    taken: (amount) => takenInTurn(view, amount, step()) + within(amount),
    drawn: (amount) => takenInAll(view, amount, step()) + within(amount),
    bound(amount) {
      const of = amountIn(limits, amount) ?? Number.POSITIVE_INFINITY;
      const outer =
        around === undefined || amountIn(around.aside, amount) !== undefined ? undefined : around.budget.bound(amount);
      if (of === Number.POSITIVE_INFINITY) return outer;
      const used = budget.taken(amount);
      const own = { run: view.run, used, of, left: of - used };
      return outer !== undefined && outer.left < own.left ? outer : own;
    },
    left: (amount) => budget.bound(amount)?.left ?? Number.POSITIVE_INFINITY,
    adopt: (child) => void children.set(child.run, child),
  };
  return budget;
}

/** What a budget says of an amount; nothing where it leaves it out. */
export function amountIn(budget: Budget | undefined, amount: Amount): number | undefined {
  if (budget === undefined) return undefined;
  if (amount === 'tokens' || amount === 'costUsd' || amount === 'steps' || amount === 'toolCalls')
    return budget[amount];
  return budget.calls?.[amount.slice('calls.'.length)];
}

/** The amounts that a budget names, with how much. */
export function amountsIn({ tokens, costUsd, steps, toolCalls, calls = {} }: Budget): [Amount, number][] {
  const named = { tokens, costUsd, steps, toolCalls } as { [amount in Amount]?: number };
  const perTool = Object.entries(calls).map(([tool, most]): [Amount, number] => [`calls.${tool}`, most]);
  const all = Object.entries(named) as [Amount, number | undefined][];
  return [...all, ...perTool].filter((each): each is [Amount, number] => Number.isFinite(each[1]));
}

/** What runs that began in another process and have not ended took so far, off their logs. */
export async function adoptOpen(budget: RunBudget, view: RunView, store: Pick<RunStore, 'read'>): Promise<void> {
  for (const [run, { budget: aside = {} }] of view.project(openChildren)) {
    const events = await store.read(run).catch((error: unknown) => {
      // It was about to begin.
      if (isPoactError(error) && error.code === 'run-unknown') return [];
      throw error;
    });
    const within = viewOf(run, events);
    const child = runBudget({ view: within, limits: limitsOf(), around: { budget, aside } });
    await adoptOpen(child, within, store);
    budget.adopt(child);
  }
}

/** The error of what is not done because it does not fit. */
export function exhausted(amount: Amount, bound: Bound, run: string, what: string): BudgetError {
  const { used, of } = bound;
  const whose = bound.run === run ? '' : ` of run ${bound.run}, which this one works for,`;
  return new BudgetError(
    amount,
    `The limit \`${amount}\`${whose} is reached: ${sum(used)} of ${sum(of)} are used or set aside, and ${what} does not fit in the rest. Raise it (\`limits.${amount}\`), or ask for less.`,
    { used, of, run: bound.run },
  );
}

/** Sums of dollars have digits that are noise. */
export const sum = (amount: number): string => String(Number(amount.toPrecision(12)));

/** Work under way that will give back what it does not take. */
export interface Flight {
  readonly size: number;
  begin(): void;
  end(): void;
  /** Resolves when one of those under way has ended. @throws the signal's reason */
  next(signal: AbortSignal): Promise<void>;
}

function newFlight(): Flight {
  let size = 0;
  let waiting: (() => void)[] = [];
  return {
    get size() {
      return size;
    },
    begin() {
      size += 1;
    },
    end() {
      size -= 1;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    next: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const onAbort = () => reject(signal.reason);
        signal.addEventListener('abort', onAbort, { once: true });
        waiting.push(() => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        });
      }),
  };
}
