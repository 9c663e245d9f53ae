/**
 * Tools that have nothing to do with a task: functions of BFCL, which answer that they are of no use here.
 *
 * @module
 */
import type { Tool, ToolRecord } from '../../src/action/index.ts';
import type { TaskSet } from '../../src/eval/index.ts';

/** So many tools with names of their own. */
export async function distractorTools(bfcl: TaskSet, count: number): Promise<ToolRecord> {
  const found: { [name: string]: Tool } = {};
  for (const task of bfcl.tasks) {
    const world = await task.open(1);
    for (const [name, tool] of Object.entries(world.tools ?? {}) as [string, Tool][]) {
      const run = () => 'This has nothing to do with the task.';
      // The name is one of its own, whatever the worlds' tools are called.
      found[`${name}_`] ??= { ...tool, effect: 'read', run } as Tool;
    }
    await world.close?.();
    const names = Object.keys(found);
    if (names.length >= count)
      return Object.fromEntries(names.slice(0, count).map((name) => [name, found[name]])) as ToolRecord;
  }
  throw new Error(`The set has ${Object.keys(found).length} tools, ${count} were asked for.`);
}
