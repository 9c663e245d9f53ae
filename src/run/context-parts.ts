/**
 * What a run's context is built from.
 *
 * @module
 */
import type { NamedTool, RunContext } from '../action/index.ts';
import type { Guard } from '../guard/index.ts';
import type { Model } from '../model/index.ts';
import type { Clock, Random, RunEvent, Usage } from '../record/index.ts';
import type { OnApproval } from './approval.ts';
import type { RunBudget } from './budget.ts';
import type { Deadline } from './deadline.ts';
import type { RunLog } from './log.ts';
import type { RunStore } from './run.ts';

export interface ContextParts {
  log: RunLog;
  tools: ReadonlyMap<string, NamedTool>;
  guard: Guard;
  /** The agent's model. */
  model: Model;
  /** Where the runs within it are kept, too. */
  store: RunStore;
  budget: RunBudget;
  /** Called when something was spent. */
  warn(): void;
  price?: ((model: string, usage: Usage) => number | undefined) | undefined;
  clock: Clock;
  random: Random;
  signal: AbortSignal;
  /** The run's time, which stands still while a person is asked. */
  time: Pick<Deadline, 'pause'>;
  /** A model of a policy's own, with the agent's secrets. */
  discreet?: ((model: Model) => Model) | undefined;
  failpoint?: ((name: string) => void) | undefined;
  onApproval?: OnApproval | undefined;
  onQuestion?: ((question: RunEvent<'question'>) => Promise<string | undefined>) | undefined;
  /** Hears replies as they are written. */
  onDelta?: ((text: string) => void) | undefined;
}

/** A context, and how to free what is held in it. */
export interface OwnedContext extends RunContext {
  close(): void;
}
