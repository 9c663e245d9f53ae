/**
 * An environment as tools: how an agent acts in a world.
 *
 * @module
 */
import type { Environment } from '../environment/index.ts';
import { type Json, ToolError } from '../record/index.ts';
import { type Tool, tool } from './tool.ts';

/**
 * A tool for each kind of act of a world that was reset. The result of a call is what the act showed.
 *
 * A `reversible` act is undone by restoring the state before it, where nothing has changed the world since; else the undo is a
 * `tool-conflict`. States are kept in this process: an undo in another one cannot be.
 *
 * @example
 * ```ts
 * import { createAgent } from 'poact';
 * import { environmentTools } from 'poact/action';
 * import { sqlTable } from 'poact/environment';
 *
 * const world = sqlTable({ name: 'lamps', columns: ['name', 'eur'], rows: [['reading', '20']] });
 * await world.reset({ task: 'lamps', seed: 1 });
 * const agent = createAgent({ model: 'local', tools: environmentTools(world) });
 * ```
 */
export function environmentTools(world: Environment): { [name: string]: Tool } {
  const changes = new Map<string, { before: Json; after: string }>();

  async function change(name: string, args: { [name: string]: Json }, call: string): Promise<Json> {
    const before = await world.snapshot?.();
    const { observation, stateHash } = await world.act({ name, args });
    if (before !== undefined) changes.set(call, { before, after: stateHash });
    return observation;
  }
  async function takeBack(call: string): Promise<void> {
    const change = changes.get(call);
    if (change === undefined) throw new ToolError('tool-conflict', `This world does not know the call ${call}.`);
    const { stateHash } = await world.observe();
    if (stateHash !== change.after) throw new ToolError('tool-conflict', 'The world was changed since.');
    await world.restore?.(change.before);
  }

  return Object.fromEntries(
    Object.entries(world.acts).map(([name, { description, input, output, effect, looks }]) => [
      name,
      tool({
        description,
        input,
        ...(output !== undefined && { output }),
        effect,
        ...(looks !== undefined && { looks }),
        run: async (args: { [name: string]: Json }, { call }) =>
          effect === 'reversible' ? change(name, args, call) : (await world.act({ name, args })).observation,
        ...(effect === 'reversible' && {
          undo: (_args: unknown, _result: unknown, { call }: { call: string }) => takeBack(call),
        }),
      } as Tool),
    ]),
  );
}
