/**
 * Calling the tools of a world without an agent: how oracles show that the tools suffice.
 *
 * @module
 */
import { invokeTool, type ToolRecord, toTools } from '../../action/index.ts';
import type { Json } from '../../record/index.ts';

/** Calls a tool by name, with its arguments and result checked as in a run. */
export type Play = (tool: string, args?: Json) => Promise<Json>;

/** @throws {Error} on a call of a tool that is not there. */
export function playerOf(tools: ToolRecord): Play {
  const named = new Map(toTools(tools).map((tool) => [tool.name, tool]));
  let calls = 0;
  return async (name, args = {}) => {
    const tool = named.get(name);
    if (tool === undefined) throw new Error(`There is no tool ${name}.`);
    calls += 1;
    const call = `oracle.${calls}`;
    return invokeTool(tool, args, { signal: new AbortController().signal, run: 'oracle', call, idempotencyKey: call });
  };
}
