/**
 * A run that is broken off in the middle of a program goes on in another process: what was done is not done again.
 * Here the first half is cancelled; a killed process leaves the same log behind.
 */
import { type AgentOptions, createAgent, sqliteStore, tool } from 'poact';
import { z } from 'zod';

export async function resumeExample(model: AgentOptions['model'] = 'local', path = '.poact/examples.db') {
  const calls: string[] = [];
  const power = new AbortController();
  const weigh = tool({
    description: 'Weight of an item, grams',
    input: z.object({ item: z.enum(['lamp', 'mug']) }),
    output: z.number(),
    effect: 'read',
    run: ({ item }) => {
      calls.push(item);
      if (item === 'mug' && calls.length === 2) {
        power.abort(new Error('The power went out.'));
        throw power.signal.reason;
      }
      return { lamp: 900, mug: 300 }[item];
    },
  });

  const store = sqliteStore(path);
  const first = createAgent({ model, tools: { weigh }, policy: 'codeAct', store });
  const broken = await first.run('What do a lamp and a mug weigh together, in grams?', { signal: power.signal });
  await store.close();

  const again = sqliteStore(path);
  const second = createAgent({ model, tools: { weigh }, policy: 'codeAct', store: again });
  const { answer, status } = await second.resume(broken.run);
  await again.close();
  return { broken: broken.status, status, answer, calls };
}

if (import.meta.main) console.log(await resumeExample());
