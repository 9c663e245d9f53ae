/** Making a decision happen. */
export type {
  ActionController,
  Blobs,
  CallOutcome,
  Held,
  Outcome,
  RunContext,
  Solve,
} from './action.ts';
export type { CandidatesOptions } from './candidates.ts';
export {
  type Checker,
  type CheckerOptions,
  type CheckRequest,
  type CheckResult,
  createChecker,
} from './check/checker.ts';
export { CHECK_RULES, type CheckRuleName } from './check/rules.ts';
export {
  type ActionControllerOptions,
  type ActionFactory,
  type ActionParts,
  actionController,
  type ReviewOptions,
} from './controller.ts';
export { briefTools, declareTools } from './declare.ts';
export { environmentTools } from './environment-tools.ts';
export { PARTIAL_NOTE, REFUSED_NOTE, SETTLED_NOTE } from './history.ts';
export { cleanMessage, invokeTool, toolError } from './invoke-tool.ts';
export { isLater, later, laterByRun } from './later.ts';
export type { ProposeOptions } from './propose.ts';
export { RULES, type RuleName, type RuleSwitches } from './rules.ts';
export { type ReadSchema, readSchema, type ToolSchema, type ValueOf } from './schema.ts';
export { declareData, type SelectOptions } from './select.ts';
export { takeBack, takesBack } from './take-back.ts';
export { toJson } from './to-json.ts';
export { type AiTool, identifierFrom, type ToolRecord, type ToToolsOptions, toTools } from './to-tools.ts';
export {
  type NamedTool,
  type SecretContext,
  type SecretRecord,
  type Tool,
  type ToolContext,
  type ToolOptions,
  tool,
  type UndoContext,
} from './tool.ts';
export {
  type FileWriteOptions,
  fileReadTools,
  fileWriteTools,
  keyValueTools,
  queryTableTool,
  type SqliteRowOptions,
  sqliteRowTools,
} from './tools/index.ts';
export { toolWithSecrets } from './with-secrets.ts';
