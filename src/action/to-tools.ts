/**
 * Gives tools their names, and checks them: ours, and those of the AI SDK.
 *
 * @module
 */
import {
  type Awaitable,
  digestOf,
  EFFECTS,
  type Effect,
  isSecret,
  type Json,
  type JsonSchema,
  type Looks,
  OptionError,
  ToolError,
  type ToolOrigin,
} from '../record/index.ts';
import { misspelt, type Parsed, parse, propertiesOf } from './parse.ts';
import { type ReadSchema, readSchema } from './schema.ts';
import { toJson } from './to-json.ts';
import type { NamedTool, Tool } from './tool.ts';

/** What the AI SDK's `tool()` gives, as far as it matters here. */
export interface AiTool {
  // biome-ignore-start lint/suspicious/noExplicitAny: the AI SDK's own types.
  description?: any;
  inputSchema?: any;
  outputSchema?: any;
  inputExamples?: any;
  needsApproval?: any;
  execute?: any;
  // biome-ignore-end lint/suspicious/noExplicitAny: see above.
}

/** Tools by name. */
export interface ToolRecord {
  [name: string]: Tool | AiTool;
}

/** What {@link toTools} may be told. */
export interface ToToolsOptions {
  /** Where the tools come from, unless they say it themselves. @default 'code' */
  origin?: ToolOrigin;
}

/** Names the guest has already. */
export const BUILTINS: readonly string[] = [
  'answer',
  'console',
  'setTimeout',
  'clearTimeout',
  'undefined',
  'globalThis',
];

/** Words that JavaScript keeps, and globals a program needs. */
const RESERVED = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false
  finally for function if implements import in instanceof interface let new null package private protected public return
  static super switch this throw true try typeof var void while with yield
  Array Object String Number Boolean Symbol BigInt Date Math JSON Promise Map Set WeakMap WeakSet RegExp Error TypeError
  RangeError SyntaxError Function Proxy Reflect Intl NaN Infinity parseInt parseFloat isNaN isFinite`.split(/\s+/),
);

const MOST_NAME_CHARS = 64;
const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * Named tools of a record, or of a list that may hold some already; the list keeps its order.
 *
 * @throws {OptionError} a tool cannot work; it names the tool, the option and what to do.
 * @example
 * ```ts
 * const tools = toTools({ price, weather: aiSdkTool });
 * ```
 */
export function toTools(
  tools: ToolRecord | readonly (NamedTool | ToolRecord)[],
  { origin = 'code' }: ToToolsOptions = {},
): NamedTool[] {
  if (typeof tools !== 'object' || tools === null) {
    throw new OptionError('tools', 'expected a record of tools by name, such as { price: tool({ … }) }.');
  }
  const parts: readonly (NamedTool | ToolRecord)[] = Array.isArray(tools) ? tools : [tools];
  const named = new Map<string, NamedTool>();
  for (const part of parts) {
    const found = isNamed(part) ? [part] : Object.entries(part).map(([name, one]) => nameTool(name, one, origin));
    for (const one of found) {
      if (named.has(one.name)) throw new OptionError(`tools.${one.name}`, 'two tools have this name; rename one.');
      named.set(one.name, one);
    }
  }
  return [...named.values()];
}

function isNamed(value: NamedTool | ToolRecord): value is NamedTool {
  return typeof value.name === 'string' && typeof value.parseInput === 'function';
}

function nameTool(name: string, given: Tool | AiTool, fallbackOrigin: ToolOrigin): NamedTool {
  const option = (field: string) => `tools.${name}${field === '' ? '' : `.${field}`}`;
  requireName(name);
  if (typeof given !== 'object' || given === null) {
    throw new OptionError(option(''), 'expected a tool; make one with tool({ description, input, run }).');
  }
  const one = 'inputSchema' in given || 'execute' in given ? fromAiSdk(given as AiTool) : (given as Tool);
  const aiSdk = one !== given;
  const description = typeof one.description === 'string' ? one.description.trim() : '';
  if (description === '') {
    throw new OptionError(
      option('description'),
      'expected a sentence that tells the model what the tool does, its units and its result.',
    );
  }
  if (typeof one.run !== 'function') {
    throw new OptionError(option(aiSdk ? 'execute' : 'run'), 'expected a function that takes the arguments object.');
  }
  const input = read(option(aiSdk ? 'inputSchema' : 'input'), one.input, 'input');
  requireObject(option(aiSdk ? 'inputSchema' : 'input'), input);
  const output =
    one.output === undefined ? undefined : read(option(aiSdk ? 'outputSchema' : 'output'), one.output, 'output');
  const { undo, compensate, preview, timeoutMs = DEFAULT_TIMEOUT_MS, examples } = one;
  for (const [field, value] of Object.entries({ undo, compensate, preview })) {
    if (value !== undefined && typeof value !== 'function')
      throw new OptionError(option(field), 'expected a function.');
  }
  if (!(timeoutMs === Number.POSITIVE_INFINITY || (Number.isInteger(timeoutMs) && timeoutMs >= 1))) {
    throw new OptionError(option('timeoutMs'), `expected a whole number of at least 1, got ${timeoutMs}.`);
  }
  if (examples !== undefined && !(Array.isArray(examples) && examples.every((example) => isRecord(example?.args)))) {
    throw new OptionError(option('examples'), 'expected a list of { args: { … }, result? }.');
  }
  const { secrets } = one;
  if (secrets !== undefined && !(typeof secrets === 'object' && Object.values(secrets).every(isSecret))) {
    throw new OptionError(option('secrets'), "expected references by name, such as { key: secret('WEATHER_KEY') }.");
  }
  const effect = effectOf(option, one);
  const names = propertiesOf(input.json);
  if (one.looks !== undefined)
    requireLooks(option('looks'), one.looks, { effect, input: input.json, output: output?.json });
  const schemas = { input: input.json, ...(output === undefined ? {} : { output: output.json }) };
  return {
    name,
    description,
    effect,
    origin: one.origin ?? fallbackOrigin,
    idempotent: one.idempotent ?? false,
    idempotentUndo: one.idempotentUndo ?? one.idempotent ?? false,
    needsApproval: one.needsApproval ?? false,
    poll: one.poll ?? false,
    ...(one.looks === undefined ? {} : { looks: one.looks }),
    digest: digestOf({ name, description, effect, ...schemas }),
    ...schemas,
    ...(examples === undefined ? {} : { examples }),
    ...(secrets === undefined ? {} : { secrets }),
    timeoutMs,
    parseInput: (args) => parseInput(name, input, names, args),
    parseOutput: (value) => parseOutput(name, output, value),
    // Called on the tool itself, which may be a class's instance.
    run: (args, context) => one.run(args, context),
    ...(undo === undefined ? {} : { undo: (args, result, context) => one.undo?.(args, result, context) }),
    ...(compensate === undefined
      ? {}
      : { compensate: (args, result, context) => one.compensate?.(args, result, context) }),
    ...(preview === undefined ? {} : { preview: (args) => one.preview?.(args) ?? '' }),
  };
}

function fromAiSdk(given: AiTool): Tool {
  const { execute, needsApproval, inputExamples } = given;
  return {
    description: typeof given.description === 'string' ? given.description : '',
    // The AI SDK allows a tool without arguments to have no schema.
    input: given.inputSchema ?? { type: 'object', properties: {}, additionalProperties: false },
    ...(given.outputSchema === undefined ? {} : { output: given.outputSchema }),
    run:
      typeof execute === 'function'
        ? (args, { call, signal }) =>
            given.execute(args, { toolCallId: call, messages: [], abortSignal: signal, context: undefined })
        : execute,
    // A function that decides by the arguments is asked too late for us; a person decides.
    needsApproval: needsApproval !== undefined && needsApproval !== false,
    ...(Array.isArray(inputExamples)
      ? { examples: inputExamples.map((example: { input: Json }) => ({ args: example.input })) }
      : {}),
  };
}

function requireName(name: string): void {
  const problem = !/^[A-Za-z_$][\w$]*$/.test(name)
    ? 'is no identifier, and programs call tools by name'
    : RESERVED.has(name)
      ? 'is a word of the language'
      : BUILTINS.includes(name) || Object.hasOwn(Object.prototype, name)
        ? 'is the name of a builtin'
        : name.length > MOST_NAME_CHARS
          ? `is longer than ${MOST_NAME_CHARS} characters`
          : undefined;
  if (problem === undefined) return;
  const better = identifierFrom(name);
  throw new OptionError(
    'tools',
    `the tool name ${JSON.stringify(name)} ${problem}; rename it, for example to ${better}.`,
  );
}

/**
 * A name that a program can call, made of any name.
 *
 * @example
 * ```ts
 * identifierFrom('get-weather'); // 'getWeather'
 * ```
 */
export function identifierFrom(name: string): string {
  const words = name.split(/[^A-Za-z0-9_$]+/).filter((word) => word !== '');
  const joined = words.map((word, at) => (at === 0 ? word : word.slice(0, 1).toUpperCase() + word.slice(1))).join('');
  const safe = (/^\d/.test(joined) ? `_${joined}` : joined).slice(0, MOST_NAME_CHARS - 4) || 'unnamed';
  return RESERVED.has(safe) || BUILTINS.includes(safe) || Object.hasOwn(Object.prototype, safe) ? `${safe}Tool` : safe;
}

function read(option: string, schema: unknown, side: 'input' | 'output'): ReadSchema {
  try {
    return readSchema(schema, side);
  } catch (error) {
    throw new OptionError(option, `${(error as Error).message}.`);
  }
}

function requireObject(option: string, schema: ReadSchema): void {
  const { type } = schema.json;
  if (type === undefined || type === 'object') return;
  throw new OptionError(
    option,
    `a tool takes one object, and this schema is of ${JSON.stringify(type)}; wrap it, for example z.object({ value: … }).`,
  );
}

function effectOf(option: (field: string) => string, { effect, undo, compensate }: Tool): Effect {
  if (effect === undefined)
    return undo !== undefined ? 'reversible' : compensate !== undefined ? 'compensable' : 'unknown';
  if (!EFFECTS.includes(effect)) {
    throw new OptionError(option('effect'), `expected ${EFFECTS.join(', ')}, got ${JSON.stringify(effect)}.`);
  }
  if (effect === 'reversible' && undo === undefined) {
    throw new OptionError(option('effect'), 'a reversible tool needs `undo`; give it, or say irreversible.');
  }
  if (effect === 'compensable' && compensate === undefined) {
    throw new OptionError(option('effect'), 'a compensable tool needs `compensate`; give it, or say irreversible.');
  }
  return effect;
}

/** A tool that looks can be called with what it looks at alone; where that shows more to look at, it gives text. */
function requireLooks(
  option: string,
  looks: Looks,
  { effect, input, output }: { effect: Effect; input: JsonSchema; output: JsonSchema | undefined },
): void {
  const wrong = (expected: string) => new OptionError(option, `${expected}, got ${JSON.stringify(looks)}.`);
  if (effect !== 'read' && effect !== 'reversible') throw wrong('expected a tool that is a read or reversible');
  const isTaking = typeof looks === 'object' && looks !== null;
  const argument = !isTaking ? undefined : 'at' in looks ? looks.at : looks.for;
  if (argument === undefined && looks !== 'here' && looks !== 'on')
    throw wrong("expected 'here', 'on', { at: 'url' } or { for: 'query' }");
  const required = Array.isArray(input.required) ? input.required : [];
  const { type } = (input.properties as { [name: string]: JsonSchema } | undefined)?.[argument ?? ''] ?? {};
  if (argument !== undefined && type !== 'string') throw wrong('expected the name of an argument that is text');
  if (required.some((name) => name !== argument)) throw wrong('expected a tool that needs no other argument');
  if (!(isTaking && 'for' in looks) && output?.type !== 'string') throw wrong('expected a tool whose `output` is text');
}

function parseInput(
  name: string,
  schema: ReadSchema,
  names: readonly string[] | undefined,
  args: Json,
): Awaitable<unknown> {
  // `list()` without arguments is `list({})`.
  const given = args ?? {};
  const typo = misspelt(names, given);
  const parsed = typo === undefined ? parse(schema, given) : { wrong: typo };
  return parsed instanceof Promise ? parsed.then((parsed) => taken(name, parsed)) : taken(name, parsed);
}

function taken(name: string, parsed: Parsed): unknown {
  if ('value' in parsed) return parsed.value;
  throw new ToolError('tool-input-invalid', `${name} was called with wrong arguments: ${parsed.wrong}`, { tool: name });
}

function parseOutput(name: string, schema: ReadSchema | undefined, value: unknown): Awaitable<Json> {
  if (schema === undefined) return toJson(value);
  const parsed = parse(schema, schema.ofJson ? toJson(value) : value);
  return parsed instanceof Promise ? parsed.then((parsed) => given(name, parsed)) : given(name, parsed);
}

function given(name: string, parsed: Parsed): Json {
  if ('value' in parsed) return toJson(parsed.value);
  throw new ToolError('tool-output-invalid', `${name} returned something else than it promises: ${parsed.wrong}`, {
    tool: name,
  });
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
