/** The loop, the log, stores, resume, budgets, runs within runs; `createAgent`. */
export type { Solve } from '../action/index.ts';
export type { Budget, RunResult, RunStatus, RunUsage, Task } from '../record/index.ts';
export { type Agent, createAgent, type ForkChanges, type Forked } from './agent.ts';
export {
  type AdvanceOptions,
  type AgentOptions,
  type EnqueueOptions,
  knownSecrets,
  type NewRunOptions,
  type ResumeOptions,
  type RunOptions,
  type StartOptions,
  type TaskOptions,
} from './agent-options.ts';
export type { ApprovalAnswer, OnApproval } from './approval.ts';
export { viewHash } from './compare.ts';
export { runContext } from './context.ts';
export type { ContextParts, OwnedContext } from './context-parts.ts';
export { type DbosQueueOptions, dbosQueue } from './dbos-queue.ts';
export { type Cost, diffRuns, type RunDiff, type Side } from './diff.ts';
export { effectsOf, type KnownTools, type RunEffect, type RunEffects } from './effects.ts';
export { effectsAfter, type ForkOptions, forkRun, type Standing } from './fork.ts';
export { exportJsonl, type ImportedLog, importJsonl } from './jsonl.ts';
export { type LogOptions, openLog, type RunLog } from './log.ts';
export { memoryStore } from './memory-store.ts';
export { type DualControl, POACT_PARTS, type PoactOptions, type PoactPart, poact, without } from './poact.ts';
export { type PostgresStoreOptions, postgresStore } from './postgres-store.ts';
export { type LoggedPrompt, promptOf } from './prompts.ts';
export type { Replayed } from './replay.ts';
export type { Divergence } from './replay-log.ts';
export { resultOf } from './results.ts';
export type { Appended, InboxMessage, LoopLimits, NamedBlob, RunLimits, RunStore, RunSummary } from './run.ts';
export type { RunStream } from './run-stream.ts';
export { solved } from './solve.ts';
export { activeMs, usageOf } from './spent.ts';
export { type SqliteStoreOptions, sqliteStore } from './sqlite-store.ts';
export { type UndoInStoreOptions, type UndoOptions, type UndoResult, undo } from './undo.ts';
export type { UndoPlan } from './undo-plan.ts';
export { approvalsOf, cancelRun, respond, type Wait, waitsIn } from './waits.ts';
export { localQueue, type WorkQueue, type WorkQueueParts } from './work-queue.ts';
export { type Worker, type WorkerNews, type WorkerOptions, worker } from './workers.ts';
