/**
 * What may happen: a guard judges each tool call before it begins.
 *
 * @module
 */
import type { RunView, ToolCall, ToolFacts } from '../record/index.ts';

export interface Judgement {
  verdict: 'allow' | 'ask' | 'deny';
  /** The rule that decided, by name. */
  rule: string;
  reason: string;
}

export interface GuardContext {
  view: RunView;
  tool: ToolFacts;
  /** The call that this one takes back: it is no call of the tool, but of its `undo` or `compensate`. */
  undoes?: string;
  /** Sources and readers of the values, where they are tracked. */
  labels?: { readonly [path: string]: readonly string[] };
}

/** Judges each tool call. A guard that throws denies. */
export interface Guard {
  judge(call: ToolCall, context: GuardContext): Promise<Judgement> | Judgement;
}
