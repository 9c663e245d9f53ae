/**
 * Taking one tool call back.
 *
 * @module
 */
import { type Clock, type Json, ToolError } from '../record/index.ts';
import { invokeTool } from './invoke-tool.ts';
import { isLater } from './later.ts';
import type { NamedTool, UndoContext } from './tool.ts';

/** What takes a tool's calls back: `undo` of a reversible one, `compensate` of a compensable one, else nothing. */
export function takesBack({ effect, undo, compensate }: NamedTool): 'undo' | 'compensate' | undefined {
  if (effect === 'reversible' && undo !== undefined) return 'undo';
  return effect === 'compensable' && compensate !== undefined ? 'compensate' : undefined;
}

/**
 * Undoes a call, or makes it good: with the arguments and the result that the log has, within the tool's time.
 *
 * @throws {ToolError} `tool-conflict`: the world was changed since; else as `invokeTool`.
 * @throws {CancelledError} `context.signal` was aborted.
 */
export async function takeBack(
  tool: NamedTool,
  { args, result }: { args: Json; result: Json },
  context: UndoContext,
  clock?: Pick<Clock, 'sleep'>,
): Promise<void> {
  const how = takesBack(tool);
  if (how === undefined) throw new ToolError('tool-failed', `${tool.name} has nothing that takes a call back.`);
  const once: NamedTool = {
    ...tool,
    run: (input, given) => tool[how]?.(input, result as never, given),
    // What it gives is not kept.
    parseOutput: async () => null,
  };
  try {
    await invokeTool(once, args, context, clock);
  } catch (error) {
    if (!isLater(error)) throw error;
    throw new ToolError('tool-failed', `${tool.name} put its ${how} off, and an undo cannot wait for it.`);
  }
}
