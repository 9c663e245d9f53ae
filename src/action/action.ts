/**
 * The action controller: what a step may use, whether a decision may take effect, and making it happen.
 *
 * @module
 */
import type { Generate } from '../model/index.ts';
import type {
  Act,
  ActionSpace,
  Awaitable,
  Budget,
  Call,
  Candidates,
  Clock,
  Decision,
  Json,
  NewEvent,
  PathVerdict,
  Random,
  RunEvent,
  RunResult,
  RunView,
  Task,
  ToolCall,
  Verdict,
} from '../record/index.ts';

/** What came of a tool call. `waiting` means that the run must suspend: a person, a timer or another run has to answer first. */
export type CallOutcome =
  | { state: 'ok'; value: Json }
  | { state: 'error'; error: { name: string; message: string } }
  | { state: 'waiting'; for: 'approval' | 'doubt' | 'later'; id: string };

/** Blobs by content: named by their SHA-256. */
export interface Blobs {
  /** Stores text or bytes and gives their name. */
  put(content: string | Uint8Array): Promise<string>;
  get(name: string): Promise<Uint8Array | undefined>;
}

/** Something that lives as long as this process holds the run, and is rebuilt from the log in another: a session. */
export interface Held<T> {
  value: T;
  close(): void;
}

/**
 * What work inside a run may use; all of it durable. Pipelines, searches and teams need no agent loop, only this.
 */
export interface RunContext {
  readonly run: string;
  readonly view: RunView;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly blobs: Blobs;
  /** Calls a model: reserves budget, appends `model-call`. */
  generate: Generate;
  /**
   * Makes one tool call: validate, guard, intent, effect, result; each appended and durable.
   * Known by its `id`: a call that the log already holds is not made again, and its recorded result is given.
   * `scope` marks calls of a fork that may lose; only `read` tools run there, any other gives an error.
   *
   * @throws {RunError} `run-diverged`: the log holds another call under this id.
   */
  call(call: ToolCall, options?: { scope?: string }): Promise<CallOutcome>;
  /**
   * Has a task solved in a run of its own within this one: its own log in the same store, `child` events in this one's.
   *
   * What `budget` names is set aside before it begins and comes back, less what was taken, when it ends; what it leaves
   * out is drawn as it goes. Nothing of it can exceed what this run has left.
   *
   * Known by `key`: one that the log says has ended is not solved again, and its result is given; one that has begun goes
   * on where it is. Without a key it is known by its task within the step, and equal ones by their order.
   *
   * What goes wrong in it is in the result. `suspended` means that this run must suspend, too.
   *
   * @throws {BudgetError} less is left than is to be set aside.
   */
  child(task: string | Task, solve: Solve, budget?: Budget, key?: string): Promise<RunResult>;
  /** Appends an event. It is durable after `commit()`. */
  append<Kind extends NewEvent['kind']>(event: Extract<NewEvent, { kind: Kind }>): RunEvent<Kind>;
  commit(): Awaitable<void>;
  /** Appends a `note`, for readers. */
  note(name: string, value: Json): void;
  /** Gives what is held under a key in this process, or opens it. */
  hold<T>(key: string, open: () => Promise<Held<T>>): Promise<T>;
  /** Replaces or drops what is held under a key. */
  letGo(key: string): void;
  keep<T>(key: string, held: Held<T>): void;
  /** Work that is done once: a key already in the log gives the recorded value. */
  memo<T extends Json>(key: string, work: () => Promise<T>): Promise<T>;
  /** A named place where tests may stop the process. */
  failpoint(name: string): void;
}

/** An agent (`agent.solve`), a search over runs, a team and a pipeline all have this shape. */
export interface Solve {
  (task: Task, context: RunContext): Promise<RunResult>;
  /** What the `run-start` of its runs says. A plain function goes by its name, with the model and tools of the run around it. */
  readonly start?: Pick<RunEvent<'run-start'>, 'agent' | 'model' | 'policy' | 'tools' | 'module'>;
}

/** What came of an execution; `execute` has appended it unless the run suspends. */
export type Outcome =
  | { state: 'observed'; observation: RunEvent<'observation'> }
  | { state: 'suspended'; waiting: { for: 'approval' | 'reply' | 'doubt' | 'later'; id: string }[] };

export interface ActionController {
  /** Appends a `selection` and gives the action space. `need` is what the step wants to do, in words. */
  select(run: RunContext, purpose: 'think' | 'act', need?: string): Awaitable<ActionSpace>;
  /** Judges a decision before it takes effect: programs, calls and answers alike. Appends nothing. */
  review(decision: Decision, run: RunContext): Awaitable<Verdict>;
  /**
   * Does it, and appends the `observation`: nobody else may. It is re-entrant: called again for the same decision after
   * a crash or a suspension, it goes on from what the log holds.
   * `of` is the `seq` of the decision.
   */
  execute(action: (Act | Candidates | Call) & { of: number }, run: RunContext): Promise<Outcome>;
  /** Judges the path after an observation. Appends nothing. */
  reviewPath(run: RunContext): Awaitable<PathVerdict>;
}
