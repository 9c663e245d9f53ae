/**
 * One call of a tool, from arguments as JSON to result as JSON.
 *
 * @module
 */
import {
  CancelledError,
  type Clock,
  isPoactError,
  type Json,
  OptionError,
  systemClock,
  ToolError,
} from '../record/index.ts';
import { isLater } from './later.ts';
import type { NamedTool, ToolContext, UndoContext } from './tool.ts';

/** Longest message of a tool's error that is passed on, in characters. */
const MESSAGE_CHARS = 2_000;

const noChild: ToolContext['child'] = async () => {
  throw new OptionError('context.child', 'a tool begins runs only where a run calls it, and not to take a call back.');
};

/**
 * Calls a tool: checks the arguments, runs it within its time, takes the last value of an async iterable, checks the
 * result. Whether the call may happen is the guard's to say, before.
 *
 * The tool's signal aborts with `context.signal` and when its time is over; a tool that does not listen is left behind.
 *
 * @throws {ToolError} `tool-input-invalid`, `tool-output-invalid`, `tool-failed`, `tool-timeout`. The message is safe to
 *   show: no stack, no credentials; the tool's own error is the `cause`.
 * @throws {CancelledError} `context.signal` was aborted.
 * @throws {Later} the tool put its result off.
 */
export async function invokeTool(
  tool: NamedTool,
  args: Json,
  given: UndoContext & Partial<ToolContext>,
  clock: Pick<Clock, 'sleep'> = systemClock,
): Promise<Json> {
  if (given.signal.aborted) throw new CancelledError(`${tool.name} was cancelled.`, { tool: tool.name });
  const parsed = tool.parseInput(args);
  const input = parsed instanceof Promise ? await parsed : parsed;
  const stop = new AbortController();
  let value: unknown;
  try {
    value = tool.run(input as never, { child: noChild, ...given, signal: stop.signal });
  } catch (error) {
    throw toolError(tool.name, error);
  }
  if (isThenable(value) || isAsyncIterable(value)) value = await within(tool, value, stop, given.signal, clock);
  try {
    const output = tool.parseOutput(value);
    return output instanceof Promise ? await output : output;
  } catch (error) {
    throw isPoactError(error) ? error : outputError(tool.name, error);
  }
}

/** What a tool that takes its time comes to, within that time and until `around` aborts; `stop` tells the tool. */
async function within(
  tool: NamedTool,
  returned: unknown,
  stop: AbortController,
  around: AbortSignal,
  clock: Pick<Clock, 'sleep'>,
): Promise<unknown> {
  const work = lastValue(returned, stop.signal).catch((error: unknown) => {
    throw toolError(tool.name, error);
  });
  if (await settlesAtOnce(work)) return work;
  const onAbort = () => stop.abort(around.reason);
  around.addEventListener('abort', onAbort, { once: true });
  const cancelled = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(stopError(tool, around)), { once: true });
  });
  const over = new AbortController();
  if (tool.timeoutMs !== Number.POSITIVE_INFINITY) {
    clock.sleep(tool.timeoutMs, over.signal).then(
      () => stop.abort(new DOMException(`${tool.name} took too long.`, 'TimeoutError')),
      () => {},
    );
  }
  // Cancelled while it ran its first part.
  if (around.aborted) onAbort();
  try {
    return await Promise.race([work, cancelled]);
  } finally {
    over.abort();
    around.removeEventListener('abort', onAbort);
    work.catch(() => {});
    cancelled.catch(() => {});
  }
}

/** Most quick tools are done within a few microtasks, and need no timer and no listener. */
async function settlesAtOnce(work: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = () => {
    settled = true;
  };
  work.then(settle, settle);
  for (let turn = 0; turn < 8 && !settled; turn++) await undefined;
  return settled;
}

function stopError(tool: NamedTool, around: AbortSignal): ToolError | CancelledError {
  if (around.aborted) return new CancelledError(`${tool.name} was cancelled.`, { tool: tool.name });
  return new ToolError('tool-timeout', `${tool.name} took longer than ${tool.timeoutMs} ms.`, {
    tool: tool.name,
    timeoutMs: tool.timeoutMs,
  });
}

async function lastValue(returned: unknown, signal: AbortSignal): Promise<unknown> {
  const value = await returned;
  if (!isAsyncIterable(value)) return value;
  let last: unknown;
  for await (const version of value) {
    last = version;
    if (signal.aborted) break;
  }
  return last;
}

function outputError(name: string, error: unknown): ToolError {
  return new ToolError(
    'tool-output-invalid',
    `${name} returned something that cannot be read: ${cleanMessage(error)}`,
    { tool: name },
    error,
  );
}

/** A tool's error as others may see it; one of this package is passed on as it is. */
export function toolError(name: string, error: unknown): Error {
  if (isPoactError(error) || isLater(error)) return error;
  return new ToolError('tool-failed', `${name} failed: ${cleanMessage(error)}`, { tool: name }, error);
}

/** Where secrets stand in messages: credentials in addresses, authorisation headers, key parameters. */
const SECRETS: readonly [RegExp, string][] = [
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@:]{1,200}:[^\s/@]{1,200}@/gi, '$1[hidden]@'],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, '$1 [hidden]'],
  [
    /\b((?:[\w-]{0,40}[_-])?(?:api[_-]?key|apikey|access[_-]?token|token|secret|password|passwd)["']?\s*[=:]\s*["']?)[^\s"'&,;]{4,}/gi,
    '$1[hidden]',
  ],
  [/\b(?:sk|pk|rk|ghp|gho|ghs|xox[abp])[-_][\w-]{16,}/g, '[hidden]'],
];

/** An error's message without host stack, credentials and excess. */
export function cleanMessage(error: unknown): string {
  let text: string;
  try {
    text = describe(error);
  } catch {
    text = 'an error that cannot be read';
  }
  const lines = text.slice(0, MESSAGE_CHARS * 4).split('\n');
  let clean = lines.filter((line) => !/^\s+at .*[:)]/.test(line)).join('\n');
  for (const [pattern, replacement] of SECRETS) clean = clean.replace(pattern, replacement);
  clean = clean.trim();
  return clean.length > MESSAGE_CHARS ? `${clean.slice(0, MESSAGE_CHARS)}…` : clean;
}

/** Anything may be thrown, and an error may say anything. */
function describe(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { message, name } = error as { message?: unknown; name?: unknown };
  if (typeof message === 'string' && message !== '') return message;
  if (!(error instanceof Error)) return JSON.stringify(error) ?? String(error);
  return String(message === undefined || message === '' ? name : (JSON.stringify(message) ?? typeof message));
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
