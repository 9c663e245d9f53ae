/** The loop, the log, stores, resume; `createAgent`. */
export type { InboxMessage, RunLimits, RunResult, RunStatus, RunStore, RunSummary, Solve, Task } from './run.ts';
