/**
 * Drives a run from where its log stands to where it ends or waits, and writes how that came.
 *
 * @module
 */
import type { ActionController, NamedTool } from '../action/index.ts';
import type { Guard } from '../guard/index.ts';
import type { Model } from '../model/index.ts';
import type { Policy, PolicyContext } from '../policy/index.ts';
import {
  BudgetError,
  type Clock,
  isPoactError,
  type Random,
  type RunEvent,
  type RunView,
  type Usage,
} from '../record/index.ts';
import type { OnApproval } from './call-tool.ts';
import { type ContextParts, type OwnedContext, runContext } from './context.ts';
import { expiryOf } from './expire.ts';
import { type Drained, takeIn } from './inbox.ts';
import type { RunLog } from './log.ts';
import { type Ended, loop } from './loop.ts';
import { failureOf, warningsOf } from './results.ts';
import type { InboxMessage, RunStore } from './run.ts';
import { spentInTurn } from './spent.ts';
import { type Limits, type Stop, stopsOf } from './stops.ts';

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
  policy: Policy;
  action: ActionController;
  tools: ReadonlyMap<string, NamedTool>;
  guard: Guard;
  model: Model;
  limits: Limits;
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
  const { log, store, limits, clock, handlers } = parts;
  const own = new AbortController();
  const { signal } = own;
  const onAbort = () => own.abort(handlers.signal?.reason);
  if (handlers.signal?.aborted) onAbort();
  handlers.signal?.addEventListener('abort', onAbort, { once: true });
  const timer = new AbortController();
  if (Number.isFinite(limits.ms)) {
    const left = Math.max(0, limits.ms - spentInTurn(log.view).activeMs);
    const over = new BudgetError('ms', `It worked ${limits.ms} ms and has no answer (limit \`ms\`).`);
    clock.sleep(left, timer.signal).then(
      () => own.abort(over),
      () => {},
    );
  }
  let { posted } = parts;
  const drain = async () => {
    const fresh = await store.drain(log.view.run, log.fence);
    if (fresh.length === 0 && posted.length === 0) return NOTHING;
    const messages = [...posted, ...fresh];
    posted = [];
    return takeIn(log, messages, parts.tools);
  };
  const context = (parts.context ?? runContext)({ ...parts, ...handlers, signal });
  try {
    await log.commit();
    const ended = await loop({
      log,
      context,
      policy: parts.policy,
      policyContext: policyContext(parts, context),
      action: parts.action,
      stops: [...leaving(handlers.leave), ...stopsOf(limits)],
      drain,
      ask: async (question) => handlers.onQuestion?.(question),
    });
    end(log, ended, limits);
  } catch (error) {
    if (isOfStore(error)) throw error;
    if (error !== LEFT) end(log, { error: signal.aborted ? signal.reason : error, cancelled: signal.aborted }, limits);
  } finally {
    timer.abort();
    handlers.signal?.removeEventListener('abort', onAbort);
    context.close();
  }
  await log.commit();
}

/** The log itself cannot be written: there is nowhere to say so. */
function isOfStore(error: unknown): boolean {
  return isPoactError(error) && (error.code === 'store-failed' || error.code === 'run-busy');
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

function end(
  log: RunLog,
  ended: Ended | { error: unknown; cancelled: boolean },
  { waitMs }: Pick<Limits, 'waitMs'>,
): void {
  if ('error' in ended) {
    const error = failureOf(ended.error);
    const status =
      error.code === 'budget-exceeded'
        ? 'stopped'
        : ended.cancelled || error.code === 'cancelled'
          ? 'cancelled'
          : 'failed';
    log.append<'run-end'>({
      kind: 'run-end',
      by: 'loop',
      status,
      why: error.message,
      ...(status === 'failed' && { error }),
    });
  } else if (ended.status === 'suspended') {
    const { waiting } = ended;
    const until = expiryOf(log.view, waiting, waitMs);
    log.append<'suspend'>({ kind: 'suspend', by: 'loop', waiting, ...(until !== undefined && { until }) });
  } else if (ended.status === 'answered') {
    const warnings = warningsOf(log.view);
    log.append<'run-end'>({
      kind: 'run-end',
      by: 'loop',
      status: 'answered',
      why: 'It has an answer.',
      answer: ended.answer,
      ...(warnings.length > 0 && { warnings }),
    });
  } else log.append<'run-end'>({ kind: 'run-end', by: 'loop', ...ended });
}

function policyContext(
  { log, action, model, limits, clock, random }: DriveParts,
  context: OwnedContext,
): PolicyContext {
  const left = (view: RunView) => {
    const { sent, written, steps } = spentInTurn(view);
    return { tokens: limits.tokens - sent - written, steps: limits.steps - steps };
  };
  return {
    generate: context.generate,
    get can() {
      return model.can;
    },
    select: (purpose, need) => action.select(context, purpose, need),
    get budget() {
      return left(log.view);
    },
    signal: context.signal,
    clock,
    random,
    switched: (policy, rule, reason) =>
      void log.append<'policy'>({ kind: 'policy', by: 'policy', policy, rule, reason }),
    remember: (name, state) => void log.append<'policy-state'>({ kind: 'policy-state', by: 'policy', name, state }),
  };
}
