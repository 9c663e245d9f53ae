/**
 * Drives a run from where its log stands to where it ends or waits, and writes how that came.
 *
 * @module
 */
import type { ActionController, NamedTool } from '../action/index.ts';
import type { Guard } from '../guard/index.ts';
import type { Model } from '../model/index.ts';
import type { Policy, PolicyContext } from '../policy/index.ts';
import type { Awaitable, Budget, Clock, Random, RunEvent, Usage } from '../record/index.ts';
import type { OnApproval } from './approval.ts';
import { adoptOpen, type RunBudget, runBudget } from './budget.ts';
import { openChildren } from './children.ts';
import { runContext } from './context.ts';
import type { ContextParts, OwnedContext } from './context-parts.ts';
import { askPerson, type Deadline, deadline } from './deadline.ts';
import { endRun, isOfStore } from './end-run.ts';
import { expire } from './expire.ts';
import { type Drained, takeIn } from './inbox.ts';
import type { Limits } from './limits.ts';
import type { RunLog } from './log.ts';
import { loop } from './loop.ts';
import type { InboxMessage, RunStore } from './run.ts';
import { activeMsInTurn, stepsInTurn } from './spent.ts';
import { type Stop, stopsOf } from './stops.ts';
import { warner } from './warn.ts';

/** Who hears, and who may be asked. */
export interface RunHandlers {
  signal?: AbortSignal;
  /** The run is left where it is before its next step, for another holder. */
  leave?: AbortSignal;
  onDelta?: (text: string) => void;
  onApproval?: OnApproval;
  onQuestion?: (question: RunEvent<'question'>) => Promise<string | undefined>;
}

export interface DriveParts {
  log: RunLog;
  store: RunStore;
  /** What was taken from the inbox already. */
  posted: readonly InboxMessage[];
  /** What it waited for before it was resumed: once what was posted is taken in, the rest may be over. */
  waited?: RunEvent<'suspend'>['waiting'] | undefined;
  policy: Policy;
  action: ActionController;
  tools: ReadonlyMap<string, NamedTool>;
  guard: Guard;
  model: Model;
  limits: Limits;
  /** The run around this one, what it set aside for it, and the time that this one has of it. */
  around?: { budget: RunBudget; aside: Budget; time: Pick<Deadline, 'pause'> } | undefined;
  clock: Clock;
  random: Random;
  price?: ((model: string, usage: Usage) => number | undefined) | undefined;
  failpoint?: ((name: string) => void) | undefined;
  discreet?: ((model: Model) => Model) | undefined;
  handlers: RunHandlers;
  /** @default runContext */
  context?: (parts: ContextParts) => OwnedContext;
}

/** Thrown before a step that is not to be taken here. */
const LEFT = new Error('The run is left to another holder.');

/** Nothing was posted: the rule, at each step. */
const NOTHING: Drained = { news: false };

/** @throws {StoreError | RunError} the log could not be written; what is durable can be resumed. */
export async function drive(parts: DriveParts): Promise<void> {
  const { log, store, limits, clock, handlers, around } = parts;
  const { onQuestion } = handlers;
  const time = deadline({
    ms: limits.ms,
    spentMs: activeMsInTurn(log.view),
    clock,
    around: handlers.signal,
    outer: around?.time,
    // The time that it has of another run's tells its log itself.
    waited: around === undefined ? log.waited : undefined,
  });
  const { signal } = time;
  const budget = runBudget({ view: log.view, step: () => log.step, limits, around });
  const warn = warner(log, budget);
  let { posted, waited = [] } = parts;
  const drain = (): Awaitable<Drained> =>
    posted.length === 0 && waited.length === 0 && log.isInboxEmpty() ? NOTHING : takeAll();
  const takeAll = async () => {
    const fresh = await store.drain(log.view.run, log.fence);
    const messages = [...posted, ...fresh];
    const late = waited;
    posted = [];
    waited = [];
    const drained = messages.length === 0 ? NOTHING : await takeIn(log, messages, parts.tools);
    if (drained.cancelled === undefined) expire(log, late, limits.waitMs, clock.now());
    return drained;
  };
  const context = (parts.context ?? runContext)({ ...parts, ...handlers, signal, time, budget, warn });
  try {
    if (log.view.project(openChildren).size > 0) await adoptOpen(budget, log.view, store);
    around?.budget.adopt(budget);
    await log.commit();
    const ended = await loop({
      log,
      context,
      policy: parts.policy,
      policyContext: policyContext(parts, budget, context),
      action: parts.action,
      stops: [...leaving(handlers.leave), warning(warn), ...stopsOf(budget, pollsOf(parts.tools))],
      drain,
      ask: async (question) => onQuestion && askPerson({ signal, time }, () => onQuestion(question)),
    });
    endRun(log, ended, limits);
  } catch (error) {
    if (isOfStore(error)) throw error;
    if (error !== LEFT)
      endRun(log, { error: signal.aborted ? signal.reason : error, cancelled: signal.aborted }, limits);
  } finally {
    time.over();
    context.close();
  }
  await log.commit();
}

/** A stop that leaves the run without an end. */
function leaving(leave: AbortSignal | undefined): Stop[] {
  if (leave === undefined) return [];
  return [
    () => {
      if (leave.aborted) throw LEFT;
      return undefined;
    },
  ];
}

/** A stop that never stops: it looks at the limits before each step. */
const warning =
  (warn: () => void): Stop =>
  () =>
    void warn();

const pollsOf = (tools: ReadonlyMap<string, NamedTool>): ReadonlySet<string> =>
  new Set([...tools.values()].flatMap(({ name, poll }) => (poll ? [name] : [])));

function policyContext(
  { log, action, model, tools, limits, clock, random }: DriveParts,
  budget: RunBudget,
  context: OwnedContext,
): PolicyContext {
  return {
    generate: context.generate,
    get can() {
      return model.can;
    },
    tools: [...tools.values()],
    select: (purpose, need) => action.select(context, purpose, need),
    get budget() {
      return {
        tokens: budget.left('tokens'),
        costUsd: budget.left('costUsd'),
        steps: Math.min(budget.left('steps'), limits.ownSteps - stepsInTurn(log.view)),
        toolCalls: budget.left('toolCalls'),
        ms: limits.ms - activeMsInTurn(log.view),
      };
    },
    signal: context.signal,
    clock,
    random,
    switched: (policy, rule, reason) =>
      void log.append<'policy'>({ kind: 'policy', by: 'policy', policy, rule, reason }),
    remember: (name, state) => void log.append<'policy-state'>({ kind: 'policy-state', by: 'policy', name, state }),
  };
}
