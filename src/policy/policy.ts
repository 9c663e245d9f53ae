/**
 * What decides the next step.
 *
 * @module
 */
import type { Generate, ModelAbilities } from '../model/index.ts';
import type {
  ActionSpace,
  Awaitable,
  Clock,
  Decision,
  DecisionKind,
  Json,
  Random,
  RunView,
  ToolFacts,
} from '../record/index.ts';

/** What a policy may use. It has no way to act. */
export interface PolicyContext {
  /** Calls a model: the agent's, unless another is given. */
  generate: Generate;
  /** What the agent's model can do. */
  readonly can: ModelAbilities;
  /** The agent's tools, whatever a step may use of them. */
  readonly tools: readonly ToolFacts[];
  /** Asks the action controller what this step may use. */
  select(purpose: 'think' | 'act', need?: string): Awaitable<ActionSpace>;
  /** The kinds of decision that are admitted; left out when all are. */
  readonly allowed?: readonly DecisionKind[];
  /** What is left of each limit, those of the runs around this one included; `Infinity` for none. */
  readonly budget: { readonly [Amount in 'tokens' | 'costUsd' | 'steps' | 'toolCalls' | 'ms']: number };
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: Random;
  /** Appends `policy` when the controller switched. */
  switched(policy: string, rule: string, reason: string): void;
  /** Appends `policy-state`: something this policy keeps, read back off the log. */
  remember(name: string, state: Json): void;
}

/** Decides the next step from a view of the run. Keeps nothing between calls: what it knows it reads off the log. */
export interface Policy {
  readonly name: string;
  /** Part of the agent's digest: what a changed policy changes. @default name alone */
  readonly version?: string;
  /** What its actions are: programs, or tool calls as data. An agent without an action controller gets one of that format. @default 'code' */
  readonly format?: 'code' | 'json';
  decide(view: RunView, context: PolicyContext): Promise<Decision>;
}

/** Which policy takes this step, and why. */
export interface Choice {
  policy: string;
  rule: string;
  reason: string;
}

/** Picks the policy of each step. */
export interface PolicyController {
  choose(view: RunView): Choice | Promise<Choice>;
}
