/**
 * One tool call inside a run: guard, approval, intent, effect, result; each effect at most once, and none lost silently.
 *
 * The intent is durable before the tool runs and the result after it. A call that has an intent and no result is in
 * doubt: a `read` or idempotent tool is asked again, any other waits for somebody who knows whether it happened.
 *
 * @module
 */
import {
  type CallOutcome,
  cleanMessage,
  invokeTool,
  isLater,
  laterByRun,
  type NamedTool,
  type RunContext,
  type ToolContext,
} from '../action/index.ts';
import type { Guard, Judgement } from '../guard/index.ts';
import {
  type Awaitable,
  CancelledError,
  canonicalJson,
  cutMiddle,
  digestOf,
  isPoactError,
  type Json,
  type NewEvent,
  OptionError,
  RunError,
  type RunEvent,
  type ToolCall,
} from '../record/index.ts';
import { type AskParts, approvalOf } from './approval.ts';
import { type RunBudget, sum } from './budget.ts';
import { type CallState, callStates, LATER_NOTE } from './calls.ts';
import { charsUpTo } from './chars.ts';
import type { RunLog } from './log.ts';

export interface CallParts extends AskParts {
  budget: RunBudget;
  /** The `child` of a call's tool; `over` says that the call has ended. */
  childIn(call: string, over: AbortSignal): RunContext['child'] & { settled(): Promise<void> };
}

/** Larger arguments and results are kept as blobs, in characters. */
const INLINE_CHARS = 4_096;
/** Characters of arguments that an error quotes. */
const SHOWN_CHARS = 200;

/** Builds `context.call`. */
export function toolCaller(parts: CallParts): RunContext['call'] {
  const { log, budget } = parts;
  const isLimited = budget.bounds('calls') || budget.bounds('toolCalls');
  const inFlight = new Map<string, Promise<CallOutcome>>();
  let asking: Promise<unknown> = Promise.resolve();
  /** People are asked one thing at a time. */
  const inTurn = <T>(ask: () => Promise<T>): Promise<T> => {
    const asked = asking.then(ask, ask);
    asking = asked.catch(() => {});
    return asked;
  };
  return (call, { scope } = {}) => {
    const running = inFlight.get(call.id);
    if (running !== undefined) return running;
    const outcome = makeCall(parts, call, scope, inTurn);
    inFlight.set(call.id, outcome);
    const over = () => void inFlight.delete(call.id);
    outcome.then(over, over);
    return outcome;
  };

  async function makeCall(
    { tools, guard, signal }: CallParts,
    call: ToolCall,
    scope: string | undefined,
    inTurn: <T>(ask: () => Promise<T>) => Promise<T>,
  ): Promise<CallOutcome> {
    if (signal.aborted) throw new CancelledError();
    const state = log.view.project(callStates).get(call.id);
    if (state !== undefined) requireSame(state, call);
    if (state?.result !== undefined) return outcomeOf(state.result, log);
    const tool = tools.get(call.tool);
    if (tool === undefined) {
      const known = [...tools.keys()].slice(0, 20).join(', ') || 'none';
      return refuse(parts, call, 'tool-unknown', `There is no tool ${call.tool}. There are: ${known}.`, scope);
    }
    if (state?.intent !== undefined) {
      if (state.later !== undefined) return { state: 'waiting', for: 'later', id: call.id };
      if (tool.effect !== 'read' && !tool.idempotent) return { state: 'waiting', for: 'doubt', id: call.id };
      return perform(parts, tool, { ...call, args: await argsOf(state.intent, log) }, scope, state.intent.run);
    }
    if (scope !== undefined && tool.effect !== 'read') {
      const why = `${tool.name} may change something, and this is one of several tries: only tools that read may be called.`;
      return refuse(parts, call, 'tool-denied', why, scope);
    }
    const over = isLimited ? overLimit(parts, call) : undefined;
    if (over !== undefined) return refuse(parts, call, 'budget-exceeded', over, scope);
    const judged = judge(guard, call, tool, log);
    const judgement = judged instanceof Promise ? await judged : judged;
    if (judgement.verdict === 'deny')
      return refuse(parts, call, 'tool-denied', judgement.reason, scope, judgement.rule);
    let { args } = call;
    let used: string | undefined;
    if (judgement.verdict === 'ask') {
      const answer = await approvalOf(parts, call, tool, judgement, inTurn);
      if (answer === undefined) return { state: 'waiting', for: 'approval', id: call.id };
      if ('denied' in answer) return refuse(parts, call, 'tool-denied', answer.denied, undefined, 'user');
      if ('problem' in answer) return fail(parts, call, answer.problem);
      if (answer.args !== undefined) args = answer.args;
      used = digestOf({ tool: call.tool, args });
    }
    // Others may have been made while this one waited.
    const late = isLimited ? overLimit(parts, call) : undefined;
    if (late !== undefined) return refuse(parts, call, 'budget-exceeded', late, scope);
    const kept = stored('args', args, log);
    if (kept.blob !== undefined) used ??= digestOf({ tool: call.tool, args });
    const { id, tool: name } = call;
    const intent: NewEvent<'call'> = { kind: 'call', by: 'action', id, tool: name, ...kept, effect: tool.effect };
    if (used !== undefined) intent.digest = used;
    if (judgement.rule !== '') intent.rule = judgement.rule;
    if (scope !== undefined) intent.scope = scope;
    const { run } = log.append<'call'>(intent);
    const committing = log.commit();
    if (committing !== undefined) await committing;
    return perform(parts, tool, { ...call, args }, scope, run);
  }
}

/** By digest where the log has one, else by the arguments that stand in it. @throws {RunError} `run-diverged`. */
function requireSame({ asked, request, intent }: CallState, { id, tool, args }: ToolCall): void {
  const same =
    asked !== undefined
      ? asked === digestOf({ tool, args })
      : intent === undefined || (intent.tool === tool && canonicalJson(intent.args) === canonicalJson(args));
  if (same) return;
  const then = request ?? intent;
  const recorded = then === undefined ? 'arguments of another digest' : told(then.tool, then.args);
  const came = told(tool, args);
  throw new RunError(
    'run-diverged',
    `Call ${id} differs from the one that the log holds under this id. Recorded: ${recorded}. Now: ${came}.`,
    { program: Number.parseInt(id, 10), call: id, recorded, came },
  );
}

const told = (tool: string, args: Json | undefined) =>
  `${tool}(${args === undefined ? '…' : cutMiddle(canonicalJson(args), SHOWN_CHARS)})`;

/** A guard that throws denies. */
function judge(guard: Guard, call: ToolCall, tool: NamedTool, log: RunLog): Awaitable<Judgement> {
  const failed = (error: unknown): Judgement => ({
    verdict: 'deny',
    rule: 'guard-failed',
    reason: `The guard failed: ${cleanMessage(error)}`,
  });
  try {
    const judged = guard.judge(call, { view: log.view, tool });
    return judged instanceof Promise ? judged.catch(failed) : judged;
  } catch (error) {
    return failed(error);
  }
}

/** Runs the tool; its intent is durable, in the run `begunIn`: a fork asks for the same effect again, and not for another. */
async function perform(
  parts: CallParts,
  tool: NamedTool,
  call: ToolCall,
  scope: string | undefined,
  begunIn: string,
): Promise<CallOutcome> {
  const { log, clock, signal, failpoint } = parts;
  const { run } = log.view;
  failpoint('effect.before');
  const startedAt = clock.now();
  const within = childrenOf(parts, tool, call.id);
  let outcome: CallOutcome;
  try {
    const context = { signal, idempotencyKey: `${begunIn}.${call.id}`, run, call: call.id, child: within.child };
    const value = await invokeTool(tool, call.args, context, clock);
    if (within.began()) await within.end();
    failpoint('effect.after');
    const ms = clock.now() - startedAt;
    const { id } = call;
    const result: NewEvent<'call-result'> = {
      kind: 'call-result',
      by: 'action',
      id,
      ok: true,
      ...stored('value', value, log),
    };
    if (ms > 0) result.ms = ms;
    if (scope !== undefined) result.scope = scope;
    log.append<'call-result'>(result);
    outcome = { state: 'ok', value };
  } catch (error) {
    if (within.began()) await within.end();
    // It was told to stop and may have done its work all the same: the call stays in doubt.
    if (signal.aborted) throw error;
    if (isLater(error) && error.run !== undefined) {
      await log.commit();
      return { state: 'waiting', for: 'later', id: call.id };
    }
    if (isLater(error)) {
      const value = { call: call.id, what: cleanMessage(error) };
      log.append<'note'>({ kind: 'note', by: 'action', name: LATER_NOTE, value });
      await log.commit();
      return { state: 'waiting', for: 'later', id: call.id };
    }
    outcome = fail(parts, call, error, scope, clock.now() - startedAt);
  }
  const committing = log.commit();
  if (committing !== undefined) await committing;
  return outcome;
}

/** Why a call is one too many; nothing where it is not. */
function overLimit({ budget }: CallParts, { tool }: ToolCall): string | undefined {
  for (const amount of [`calls.${tool}`, 'toolCalls'] as const) {
    const bound = budget.bound(amount);
    if (bound === undefined || bound.left >= 1) continue;
    const calls = amount === 'toolCalls' ? 'calls of tools' : `calls of ${tool}`;
    const whose = bound.run === budget.run ? '' : ` of run ${bound.run}`;
    return `${sum(bound.used)} of ${sum(bound.of)} ${calls} are made (limit \`${amount}\`${whose}): go on without.`;
  }
  return undefined;
}

/** The runs that a call's tool begins; most begin none. */
function childrenOf(parts: CallParts, tool: NamedTool, id: string) {
  let over: AbortController | undefined;
  let runner: ReturnType<CallParts['childIn']> | undefined;
  const child: ToolContext['child'] = async (task, solve, budget, key) => {
    if (tool.effect !== 'read' && !tool.idempotent) {
      throw new OptionError(
        `tools.${tool.name}.idempotent`,
        'a tool that begins runs is called again where one of them waits or the process ends: say `idempotent: true`.',
      );
    }
    over ??= new AbortController();
    runner ??= parts.childIn(id, over.signal);
    const result = await runner(task, solve, budget, key);
    return result.status === 'suspended' ? laterByRun(result.run) : result;
  };
  return {
    child,
    began: () => runner !== undefined,
    /** Those that the tool left behind end with it. */
    async end() {
      over?.abort(new CancelledError(`${tool.name} has ended.`));
      await runner?.settled();
    },
  };
}

/** A call that was not made. */
function refuse(
  parts: AskParts,
  call: ToolCall,
  code: 'tool-unknown' | 'tool-denied' | 'budget-exceeded',
  message: string,
  scope?: string,
  rule?: string,
): CallOutcome {
  parts.log.append<'call-result'>({
    kind: 'call-result',
    by: rule === undefined ? 'action' : rule === 'user' ? 'user' : 'guard',
    id: call.id,
    ok: false,
    error: { code, message, facts: { tool: call.tool, ...(rule === undefined ? {} : { rule }) } },
    ...(scope === undefined ? {} : { scope }),
  });
  return { state: 'error', error: { name: code === 'budget-exceeded' ? 'BudgetError' : 'ToolError', message } };
}

/** A call that failed. */
function fail({ log }: AskParts, call: ToolCall, error: unknown, scope?: string, ms = 0): CallOutcome {
  const { code, message } = isPoactError(error) ? error : { code: 'tool-failed', message: cleanMessage(error) };
  log.append<'call-result'>({
    kind: 'call-result',
    by: 'action',
    id: call.id,
    ok: false,
    error: { code, message },
    ...(ms > 0 ? { ms } : {}),
    ...(scope === undefined ? {} : { scope }),
  });
  return { state: 'error', error: { name: 'ToolError', message } };
}

/** What came of a call, as it was told then. */
export async function outcomeOf(result: RunEvent<'call-result'>, log: Pick<RunLog, 'blobs'>): Promise<CallOutcome> {
  const { id, ok, value, blob, error } = result;
  const name = error?.code === 'budget-exceeded' ? 'BudgetError' : 'ToolError';
  if (!ok) return { state: 'error', error: { name, message: error?.message ?? 'The call failed.' } };
  return { state: 'ok', value: blob === undefined ? (value ?? null) : await readBlob(id, blob, log) };
}

async function argsOf({ id, args, blob }: RunEvent<'call'>, log: RunLog): Promise<Json> {
  return blob === undefined ? (args ?? null) : readBlob(id, blob, log);
}

async function readBlob(call: string, blob: string, log: Pick<RunLog, 'blobs'>): Promise<Json> {
  const bytes = await log.blobs.get(blob);
  if (bytes !== undefined) return JSON.parse(new TextDecoder().decode(bytes)) as Json;
  throw new RunError('run-diverged', `The store lacks blob ${blob}, which call ${call} names.`, { call, blob });
}

/** A value in the event where it is small, else as a blob. */
function stored(key: 'args' | 'value', value: Json, log: RunLog): { args?: Json; value?: Json; blob?: string } {
  if (charsUpTo(value, INLINE_CHARS) > INLINE_CHARS) return { blob: log.blobs.add(JSON.stringify(value)) };
  return key === 'args' ? { args: value } : { value };
}
