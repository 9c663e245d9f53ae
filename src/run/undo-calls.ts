/**
 * Taking one call of a run back: guard, approval, intent, effect, result, as any call has them.
 *
 * @module
 */
import { cleanMessage, type NamedTool, takeBack } from '../action/index.ts';
import type { Guard, Judgement } from '../guard/index.ts';
import { digestOf, isPoactError, type Json, RunError, type RunEvent, type RunView } from '../record/index.ts';
import { type AskParts, answered } from './approval.ts';
import { type CallState, callStates } from './calls.ts';
import type { RunLog } from './log.ts';

/** What came of it. */
export type UndoneCall =
  | { state: 'done' }
  | { state: 'failed'; error: { code: string; message: string } }
  | { state: 'waiting'; for: 'approval' | 'doubt'; id: string };

/** What the guard says of taking a call back. A guard that throws denies. */
export async function guarded(
  guard: Guard,
  id: string,
  { call, tool: name, args = null }: { call: string; tool: string; args?: Json | undefined },
  view: RunView,
  tools: ReadonlyMap<string, NamedTool>,
): Promise<Judgement> {
  try {
    return await guard.judge({ id, tool: name, args }, { view, tool: tools.get(name) as NamedTool, undoes: call });
  } catch (error) {
    return { verdict: 'deny', rule: 'guard-failed', reason: `The guard failed: ${cleanMessage(error)}` };
  }
}

/** Takes a call back, or goes on where it broke off: what was done is not done again. */
export async function takeBackCall(parts: AskParts, first: string, call: string): Promise<UndoneCall> {
  const { log, tools, guard } = parts;
  const states = log.view.project(callStates);
  const { intent: forward, result } = states.get(call) as Required<CallState>;
  const id = attemptOf(first, states);
  const state = states.get(id);
  if (state?.result?.ok === true) return { state: 'done' };
  const tool = tools.get(forward.tool);
  if (tool === undefined) return failed(parts, id, 'tool-unknown', `The agent has no tool ${forward.tool}.`);
  const given = { args: await contentOf(forward, log), result: await contentOf(result, log) };
  if (state?.intent !== undefined) {
    if (!tool.idempotentUndo) return { state: 'waiting', for: 'doubt', id };
    return perform(parts, tool, id, call, given, state.intent.run);
  }
  const what = { call, tool: tool.name, args: given.args };
  const judgement = await guarded(guard, id, what, log.view, tools);
  if (judgement.verdict === 'deny') return failed(parts, id, 'tool-denied', judgement.reason, 'guard');
  let digest: string | undefined;
  if (judgement.verdict === 'ask') {
    digest = digestOf({ ...what, undoes: call });
    const approval = await approvalOf(parts, id, what, digest, judgement);
    if (approval === undefined) return { state: 'waiting', for: 'approval', id };
    if (approval.verdict !== 'approve') {
      const edited = approval.verdict === 'edit' ? 'What takes a call back cannot be edited.' : undefined;
      const why = edited ?? approval.reason ?? `Taking back ${tool.name} was not allowed by the user.`;
      return failed(parts, id, 'tool-denied', why, 'user');
    }
  }
  const { args, blob } = forward;
  digest ??= blob === undefined ? undefined : forward.digest;
  const { run } = log.append<'call'>({
    kind: 'call',
    by: 'user',
    id,
    tool: tool.name,
    ...(blob === undefined ? { args: args ?? null } : { blob }),
    effect: forward.effect,
    ...(digest === undefined ? {} : { digest }),
    rule: judgement.rule,
    undoes: call,
  });
  await log.commit();
  return perform(parts, tool, id, call, given, run);
}

/** The try that is under way, or the next one after those that failed. */
function attemptOf(first: string, states: ReadonlyMap<string, CallState>): string {
  for (let n = 1; ; n++) {
    const id = n === 1 ? first : `${first}.${n}`;
    if (states.get(id)?.result?.ok !== false) return id;
  }
}

async function approvalOf(
  parts: AskParts,
  id: string,
  { call, tool, args }: { call: string; tool: string; args: Json },
  digest: string,
  { rule, reason }: Judgement,
): Promise<RunEvent<'approval'> | undefined> {
  const { log } = parts;
  const state = log.view.project(callStates).get(id);
  if (state?.approval !== undefined) return state.approval;
  const request =
    state?.request ??
    log.append<'approval-request'>({
      kind: 'approval-request',
      by: 'guard',
      call: id,
      tool,
      args,
      digest,
      rule,
      reason,
      preview: `Takes back call ${call} of ${tool}.`,
    });
  return answered(parts, request);
}

async function perform(
  parts: AskParts,
  tool: NamedTool,
  id: string,
  call: string,
  given: { args: Json; result: Json },
  begunIn: string,
): Promise<UndoneCall> {
  const { log, clock, signal, failpoint } = parts;
  const { run } = log.view;
  failpoint('undo.before');
  const startedAt = clock.now();
  try {
    await takeBack(tool, given, { signal, idempotencyKey: `${begunIn}.${id}`, run, call }, clock);
  } catch (error) {
    // It was told to stop and may have done its work all the same: it stays in doubt.
    if (signal.aborted) throw error;
    const code = isPoactError(error) ? error.code : 'tool-failed';
    return failed(parts, id, code, isPoactError(error) ? error.message : cleanMessage(error));
  }
  failpoint('undo.after');
  const ms = clock.now() - startedAt;
  log.append<'call-result'>({ kind: 'call-result', by: 'action', id, ok: true, ...(ms > 0 ? { ms } : {}) });
  await log.commit();
  return { state: 'done' };
}

async function failed(
  { log }: AskParts,
  id: string,
  code: string,
  message: string,
  by: 'action' | 'guard' | 'user' = 'action',
): Promise<UndoneCall> {
  log.append<'call-result'>({ kind: 'call-result', by, id, ok: false, error: { code, message } });
  await log.commit();
  return { state: 'failed', error: { code, message } };
}

/** Arguments or result as the log has them. */
async function contentOf(event: RunEvent<'call'> | RunEvent<'call-result'>, log: RunLog): Promise<Json> {
  const inline = event.kind === 'call' ? event.args : event.value;
  if (event.blob === undefined) return inline ?? null;
  const bytes = await log.blobs.get(event.blob);
  if (bytes !== undefined) return JSON.parse(new TextDecoder().decode(bytes)) as Json;
  throw new RunError('run-diverged', `The store lacks blob ${event.blob}, which call ${event.id} names.`, {
    call: event.id,
    blob: event.blob,
  });
}
