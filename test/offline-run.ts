/** A whole run with a scripted model, files, two tools, a program that is blocked, and a SQLite store. `network.slow.test.ts` runs it. */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { readData } from '../src/environment/index.ts';
import { createAgent, sqliteStore, tool } from '../src/index.ts';
import { scriptedModel } from '../src/testing/index.ts';

const fenced = (code: string) => `\`\`\`ts\n${code}\n\`\`\``;
const model = scriptedModel([
  fenced('answer(await price({ item: suppliers[0].name }));'),
  fenced('answer(await price({ item: suppliers[0].supplier }));'),
  fenced('answer(await price({ item: suppliers[0].supplier }));'),
  fenced('answer(await price({ item: suppliers[0].supplier }));'),
]);
const price = tool({
  description: 'Price of an item',
  input: z.object({ item: z.string() }),
  output: z.number(),
  effect: 'read',
  run: ({ item }) => item.length,
});
const store = sqliteStore(process.argv[2] ?? ':memory:');
const agent = createAgent({ model, tools: { price }, policy: 'codeAct', store });
const { variables } = await readData([fileURLToPath(new URL('../examples/suppliers', import.meta.url))]);
const result = await agent.run('How long is the name of the first supplier?', { answer: z.number(), data: variables });
console.log(JSON.stringify({ answer: result.answer, status: result.status, why: result.why }));
await store.close();
