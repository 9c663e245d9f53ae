/**
 * Tools: typed functions an agent may call.
 *
 * @module
 */
import type {
  Awaitable,
  Budget,
  Effect,
  Json,
  JsonSchema,
  Looks,
  RunResult,
  Secret,
  Task,
  ToolFacts,
  ToolOrigin,
} from '../record/index.ts';
import type { Solve } from './action.ts';
import type { GivenOf, ToolSchema, ValueOf } from './schema.ts';

/** What a tool's `run` is told beside its arguments. */
export interface ToolContext {
  signal: AbortSignal;
  /** The same for every try of one call. */
  idempotencyKey: string;
  run: string;
  call: string;
  /**
   * Has a task solved in a run within this one ({@link RunContext.child}), on this run's budget. Where that run waits for
   * somebody, so does the call: the tool is left at this place, and called again when the run is resumed. So the tool must
   * be a `read` or `idempotent`.
   *
   * @throws {BudgetError} less is left than is to be set aside.
   * @throws {OptionError} the tool is neither.
   */
  child(task: string | Task, solve: Solve, budget?: Budget, key?: string): Promise<RunResult>;
}

/** What a tool that takes a call back is told: it begins no runs. */
export type UndoContext = Omit<ToolContext, 'child'>;

/** Secrets by the name that a tool calls them. */
export interface SecretRecord {
  readonly [name: string]: Secret;
}

/** What a tool with secrets is told: also their values, looked up for this call. */
export interface SecretContext<Secrets extends SecretRecord = SecretRecord> extends ToolContext {
  readonly secrets: { readonly [Name in keyof Secrets]: string };
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
  /** What it needs: {@link toolWithSecrets} gives it their values. */
  secrets?: SecretRecord;
  /** Taking the same call back again is harmless. */
  idempotentUndo: boolean;
  /** Longest run of one call, in milliseconds. */
  timeoutMs: number;
  /** Checks and coerces arguments. @throws {ToolError} `tool-input-invalid` */
  parseInput(args: Json): Awaitable<unknown>;
  /** Checks a result. @throws {ToolError} `tool-output-invalid` */
  parseOutput(value: unknown): Awaitable<Json>;
  run(args: never, context: ToolContext): unknown;
  /** Puts the world back, given the arguments and the result. */
  undo?(args: never, result: never, context: UndoContext): unknown;
  compensate?(args: never, result: never, context: UndoContext): unknown;
  /** What the call would change, as text (a diff), shown before a person allows it. */
  preview?(args: never): Promise<string> | string;
}

/** A value, a promise of it, or its growing versions: the last one is the result. */
export type Returned<Value> = Value | Promise<Value> | AsyncIterable<Value>;

/**
 * A tool without its name, which is its key in the record it is given in. Made by {@link tool}.
 * `Args` is what its schema makes of the arguments, `Result` what `run` returns.
 */
// biome-ignore-start lint/suspicious/noExplicitAny: a record of tools holds tools of any arguments and results.
export interface Tool<Args = any, Result = any> {
  /** What it does, for the model: one sentence, with units and what the result is. */
  description: string;
  /** Schema of the one argument object: zod 4, any Standard Schema, a JSON Schema, or `jsonSchema()` of the AI SDK. */
  input: ToolSchema;
  /** Schema of the result. Without one its type is unknown to the model and to the check. */
  output?: ToolSchema;
  /** Does it. An async iterable gives its last value. What is not JSON in the result is made JSON. */
  run(args: Args, context: ToolContext): Returned<Result>;
  /** What a call does to the world. @default 'reversible' with `undo`, 'compensable' with `compensate`, else 'unknown' */
  effect?: Effect;
  /**
   * Puts the world back as it was before the call. Where somebody changed it since, it throws a `ToolError` `tool-conflict`
   * and leaves it as it is. `context.call` is the call that is undone; `context.idempotencyKey` is the undo's own.
   */
  undo?(args: Args, result: Result, context: UndoContext): unknown;
  /** Makes up for the call where it cannot be undone. Its context is that of `undo`. */
  compensate?(args: Args, result: Result, context: UndoContext): unknown;
  /** What it needs to know and nobody else may: `{ key: secret('WEATHER_KEY') }`. Its functions are given the values. */
  secrets?: SecretRecord;
  /** Asking again with the same `idempotencyKey` is harmless. @default false */
  idempotent?: boolean;
  /** Asking `undo` or `compensate` again for the same call is harmless. @default `idempotent` */
  idempotentUndo?: boolean;
  /** Every call waits for a person. @default false */
  needsApproval?: boolean;
  /** Asked again and again until something has happened: calls with the same result are no circle. @default false */
  poll?: boolean;
  /**
   * It only looks around: `'here'` shows what it has before it, `'on'` what follows that, `{ at: 'url' }` what is at the address
   * which that argument says, `{ for: 'query' }` what has the words of that argument. Such a tool is a `read` or `reversible`,
   * and a policy may call it by itself. The first three give text; the last gives texts, or objects of texts, or a list of them.
   */
  looks?: Looks;
  /** Shown to the model. */
  examples?: readonly { args: Json; result?: Json }[];
  /** Longest run of one call, in milliseconds. @default 60_000 */
  timeoutMs?: number;
  /** What the call would change, as text (a diff), shown before a person allows it. */
  preview?(args: Args): Promise<string> | string;
  /** Where it comes from; the default guard asks for what the developer did not pass in code. @default 'code' */
  origin?: ToolOrigin;
}
// biome-ignore-end lint/suspicious/noExplicitAny: see above.

/** What {@link tool} is built from: a {@link Tool} whose functions have the types of the two schemas, and of the secrets. */
export type ToolOptions<
  Input extends ToolSchema,
  Output extends ToolSchema | undefined,
  Value,
  Secrets extends SecretRecord = Record<never, Secret>,
> = Omit<Tool<ValueOf<Input>, Value>, 'input' | 'output' | 'secrets' | 'run' | 'undo' | 'compensate'> & {
  input: Input;
  output?: Output;
  secrets?: Secrets;
  run(args: ValueOf<Input>, context: ContextOf<Secrets>): Returned<Value>;
  undo?(args: ValueOf<Input>, result: Value, context: Omit<ContextOf<Secrets>, 'child'>): unknown;
  compensate?(args: ValueOf<Input>, result: Value, context: Omit<ContextOf<Secrets>, 'child'>): unknown;
};

type ContextOf<Secrets extends SecretRecord> = [keyof Secrets] extends [never] ? ToolContext : SecretContext<Secrets>;

/**
 * Types a tool: the arguments of `run` are inferred from `input`, and what it returns is checked against `output`.
 * Everything else is checked by {@link toTools}, which knows the tool's name.
 *
 * @example
 * ```ts
 * const price = tool({
 *   description: 'Price of an item, euros',
 *   input: z.object({ item: z.enum(['lamp', 'mug']) }),
 *   output: z.number(),
 *   run: ({ item }) => ({ lamp: 20, mug: 3 })[item],
 * });
 * ```
 */
export function tool<
  const Input extends ToolSchema,
  Value extends GivenOf<Output>,
  const Output extends ToolSchema | undefined = undefined,
  const Secrets extends SecretRecord = Record<never, Secret>,
>(options: ToolOptions<Input, Output, Value, Secrets>): Tool<ValueOf<Input>, Value> {
  return options as unknown as Tool<ValueOf<Input>, Value>;
}
