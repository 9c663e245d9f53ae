/** Two tools, and a program over them that the model writes. */
import { type AgentOptions, createAgent, tool } from 'poact';
import { z } from 'zod';

export async function worthOfStock(model: AgentOptions['model'] = 'local'): Promise<number | undefined> {
  const input = z.object({ item: z.enum(['lamp', 'mug']) });
  const price = tool({
    description: 'Price of one, euros',
    input,
    output: z.number(),
    run: ({ item }) => ({ lamp: 20, mug: 3 })[item],
  });
  const stock = tool({
    description: 'How many are there',
    input,
    output: z.number(),
    run: ({ item }) => ({ lamp: 4, mug: 90 })[item],
  });
  const agent = createAgent({ model, tools: { price, stock } });
  return (await agent.run('What are all lamps and mugs in stock worth, in euros?', { answer: z.number() })).answer;
}

if (import.meta.main) console.log(await worthOfStock());
