/**
 * What a person says of a call, and asking for it. A call is made only where somebody allowed it in so many words: whatever
 * else is said refuses it.
 *
 * @module
 */
import { cleanMessage, type NamedTool } from '../action/index.ts';
import type { Guard, Judgement } from '../guard/index.ts';
import { type Clock, digestOf, type Json, type RunEvent, type ToolCall } from '../record/index.ts';
import { callStates } from './calls.ts';
import { askPerson, type Deadline } from './deadline.ts';
import type { RunLog } from './log.ts';

/** What a person says of a call. */
export interface ApprovalAnswer {
  verdict: 'approve' | 'deny' | 'edit';
  reason?: string;
  /** With `edit`: what it is called with instead. */
  args?: Json;
}

/** Asks a person. `undefined` when nobody is there: the run then waits. */
export type OnApproval = (request: RunEvent<'approval-request'>) => Promise<ApprovalAnswer | undefined>;

/** What asking a person needs, and taking a call back. */
export interface AskParts {
  log: RunLog;
  tools: ReadonlyMap<string, NamedTool>;
  guard: Guard;
  clock: Clock;
  signal: AbortSignal;
  time: Pick<Deadline, 'pause'>;
  failpoint(name: string): void;
  onApproval?: OnApproval | undefined;
}

/** What a call may be made with, or why it may not: a person's word, or arguments that the tool's schema refuses. */
export type Approved = { args?: Json } | { denied: string } | { problem: unknown };

/** What a person says of a call; nothing where nobody did yet. */
export async function approvalOf(
  parts: AskParts,
  call: ToolCall,
  tool: NamedTool,
  { rule, reason }: Judgement,
  inTurn: <T>(ask: () => Promise<T>) => Promise<T>,
): Promise<Approved | undefined> {
  const { log } = parts;
  const digest = digestOf({ tool: call.tool, args: call.args });
  const state = log.view.project(callStates).get(call.id);
  let { approval } = state ?? {};
  // What a person said holds for what they saw, to the byte.
  if (approval?.digest !== digest) approval = undefined;
  if (approval === undefined) {
    // A person is not asked about a call that cannot be made.
    try {
      await tool.parseInput(call.args);
    } catch (problem) {
      return { problem };
    }
    let { request } = state ?? {};
    if (request === undefined) {
      const preview = await previewOf(tool, call.args);
      request = log.append<'approval-request'>({
        kind: 'approval-request',
        by: 'guard',
        call: call.id,
        tool: call.tool,
        args: call.args,
        digest,
        rule,
        reason,
        ...(preview === undefined ? {} : { preview }),
      });
    }
    approval = await answered(parts, request, inTurn);
  }
  if (approval === undefined || approval.verdict === 'approve') return approval && {};
  if (approval.verdict === 'edit' && approval.args !== undefined) return { args: approval.args };
  return { denied: approval.reason ?? `${call.tool} was not allowed by the user.` };
}

async function previewOf(tool: NamedTool, args: Json): Promise<string | undefined> {
  try {
    return await tool.preview?.((await tool.parseInput(args)) as never);
  } catch (error) {
    return `No preview: ${cleanMessage(error)}`;
  }
}

/** What a person says now; nothing where nobody is there. An answer that says neither yes nor no is a no. */
export async function answered(
  parts: AskParts,
  request: RunEvent<'approval-request'>,
  inTurn: <T>(ask: () => Promise<T>) => Promise<T> = (ask) => ask(),
): Promise<RunEvent<'approval'> | undefined> {
  const { log, onApproval } = parts;
  if (onApproval === undefined) return undefined;
  await log.commit();
  const answer = await inTurn(() => askPerson(parts, () => onApproval(request)));
  if (answer === undefined) return undefined;
  const wrong = wrongWith(answer);
  const { verdict, reason, args } = wrong === undefined ? answer : refusal(wrong);
  return log.append<'approval'>({
    kind: 'approval',
    by: wrong === undefined ? 'user' : 'loop',
    cause: request.seq,
    call: request.call,
    digest: request.digest,
    verdict,
    ...(typeof reason === 'string' && { reason }),
    ...(args !== undefined && { args }),
  });
}

const refusal = (why: string): ApprovalAnswer => ({ verdict: 'deny', reason: `Nobody allowed it. ${why}` });

/** Why an answer cannot be gone by; nothing where it can. It comes from outside, whatever its type says. */
export function wrongWith(answer: unknown): string | undefined {
  const { verdict, args } = (answer ?? {}) as { verdict?: unknown; args?: unknown };
  if (verdict === 'approve' || verdict === 'deny') return undefined;
  if (verdict === 'edit') return args === undefined ? 'An edit needs arguments.' : undefined;
  const said = typeof verdict === 'string' ? `\`${verdict.slice(0, 40)}\`` : `a value of type ${typeof verdict}`;
  return `A verdict is \`approve\`, \`deny\` or \`edit\`, not ${said}.`;
}
