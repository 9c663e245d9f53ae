/** The words of a run: events, decisions, tasks, results, parts, usage, errors, clock, random, ids. It does nothing. */
export type { Awaitable } from './awaitable.ts';
export type { Budget } from './budget.ts';
export { type Clock, systemClock } from './clock.ts';
export {
  type Act,
  type Call,
  type Candidates,
  type Decision,
  type DecisionData,
  type DecisionKind,
  EFFECTS,
  type Effect,
  type ToolCall,
} from './decision.ts';
export {
  AnswerError,
  BudgetError,
  CancelledError,
  DataError,
  ERROR_CODES,
  type ErrorCode,
  isPoactError,
  LogError,
  ModelError,
  OptionError,
  PackageError,
  PoactError,
  RunError,
  SandboxError,
  SecretError,
  StoreError,
  ToolError,
  UndoError,
} from './errors.ts';
export {
  type EventKind,
  eventJsonSchema,
  eventKinds,
  eventSchema,
  type GuestError,
  type NewEvent,
  parseEvent,
  type RunEvent,
} from './event.ts';
export type { Finding } from './finding.ts';
export { type CountTokens, fitMessages } from './fit.ts';
export { makeFolder } from './folder.ts';
export { canonicalJson, digestOf, type Json, type JsonSchema, jsonAt, sha256 } from './json.ts';
export { LOG_VERSION, type Migration, type StoredEvent, storedEvent, upgradeEvent } from './migrate.ts';
export { importPackage, installPackage, packagesFolder } from './optional-package.ts';
export { requireNonNegative, requirePositive } from './options.ts';
export { type CallPart, cutMiddle, type Message, type Part, type ResultPart, textOf } from './parts.ts';
export { type NewId, type Random, seededRandom, sortedIds } from './random.ts';
export type { RunResult, RunStatus, Task } from './result.ts';
export { isSecret, type Secret, type SecretResolver, type Secrets, secret, secretsIn, secretsOf } from './secret.ts';
export type {
  ActionSpace,
  DataVariable,
  Looks,
  PathVerdict,
  ToolFacts,
  ToolOrigin,
  Verdict,
} from './space.ts';
export { addUsage, noUsage, type RunUsage, type Usage } from './usage.ts';
export { type EnvVars, userFolder } from './user-folder.ts';
export { type GrowingView, type Projection, type RunView, standing, viewOf } from './view.ts';
export { lazily, zod } from './zod.ts';
