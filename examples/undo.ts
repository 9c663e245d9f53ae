/** A mistake that is undone: the run goes back to before it, and is told what to do instead. */
import { type AgentOptions, createAgent, tool } from 'poact';
import { z } from 'zod';

export async function undoExample(model: AgentOptions['model'] = 'local') {
  const shelf = new Map([['lamp', 5]]);
  const setStock = tool({
    description: 'Sets how many of an item are on the shelf',
    input: z.object({ item: z.string(), count: z.number() }),
    output: z.object({ before: z.number().nullable() }),
    idempotentUndo: true,
    run: ({ item, count }) => {
      const before = shelf.get(item) ?? null;
      shelf.set(item, count);
      return { before };
    },
    undo: ({ item }, { before }) => {
      if (before === null) shelf.delete(item);
      else shelf.set(item, before);
    },
  });
  const agent = createAgent({ model, tools: { setStock }, policy: 'codeAct' });

  const { run } = await agent.run('Two of the five lamps were sold. Set the stock.');
  const mistake = shelf.get('lamp');
  const { effects } = await agent.effects(run);
  const { undone } = await agent.undo(run, { to: effects[0]?.to ?? 1 });
  const restored = shelf.get('lamp');
  await agent.continue(run, 'Set what is left, not what was sold.');
  return { mistake, undone: undone.length, restored, finally: shelf.get('lamp') };
}

if (import.meta.main) console.log(await undoExample());
