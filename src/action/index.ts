/** Making a decision happen. */
export type {
  ActionController,
  ActionFactory,
  ActionParts,
  Blobs,
  CallOutcome,
  Held,
  Outcome,
  RunContext,
} from './action.ts';
export type { NamedTool, ToolContext } from './tool.ts';
