/** Agents that act in TypeScript. The rooms have the rest: `poact/model`, `poact/run`, … */
export { actionController, type NamedTool, type Tool, type ToolRecord, tool } from './action/index.ts';
export { allowAll, byEffect, denyAll, type Guard } from './guard/index.ts';
export { local, type Model, resolveModel } from './model/index.ts';
export { codeAct, type Policy, type PolicyController, react, switchPolicies } from './policy/index.ts';
export {
  AnswerError,
  BudgetError,
  CancelledError,
  DataError,
  isPoactError,
  type Json,
  LogError,
  ModelError,
  OptionError,
  PackageError,
  PoactError,
  RunError,
  type RunEvent,
  type RunView,
  SandboxError,
  type Secret,
  SecretError,
  StoreError,
  secret,
  ToolError,
  UndoError,
} from './record/index.ts';
export {
  type Agent,
  type AgentOptions,
  createAgent,
  memoryStore,
  type PoactOptions,
  type PostgresStoreOptions,
  poact,
  postgresStore,
  type RunLimits,
  type RunResult,
  type RunStatus,
  type RunStore,
  type Solve,
  type SqliteStoreOptions,
  sqliteStore,
  type Task,
  type UndoOptions,
  type UndoResult,
  undo,
} from './run/index.ts';
