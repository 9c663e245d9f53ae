/**
 * Tools: typed functions an agent may call.
 *
 * @module
 */
import type { Json, JsonSchema, ToolFacts } from '../record/index.ts';

/** What a tool's `run` is told beside its arguments. */
export interface ToolContext {
  signal: AbortSignal;
  /** The same for every try of one call. */
  idempotencyKey: string;
  run: string;
  call: string;
}

/** A tool with its name, as the runtime holds it. Made by `tool()` and `toTools()`. */
export interface NamedTool extends ToolFacts {
  /** JSON Schema of the one argument object. */
  input: JsonSchema;
  /** JSON Schema of the result; left out when unknown. */
  output?: JsonSchema;
  /** The result's TypeScript type where it is known better than the schema says. */
  outputType?: string;
  examples?: readonly { args: Json; result?: Json }[];
  /** Longest run of one call, in milliseconds. */
  timeoutMs: number;
  /** Checks and coerces arguments. @throws {ToolError} `tool-input-invalid` */
  parseInput(args: Json): Promise<unknown>;
  /** Checks a result. @throws {ToolError} `tool-output-invalid` */
  parseOutput(value: unknown): Promise<Json>;
  run(args: never, context: ToolContext): unknown;
  /** Puts the world back, given the arguments and the result. */
  undo?(args: never, result: never, context: ToolContext): unknown;
  compensate?(args: never, result: never, context: ToolContext): unknown;
  /** What the call would change, as text (a diff), shown before a person allows it. */
  preview?(args: never): Promise<string> | string;
}
