/** One budget for a run and the runs within it: three reviewers share what one run may take. */
import { type AgentOptions, createAgent, tool } from 'poact';
import { z } from 'zod';

export async function budgetExample(model: AgentOptions['model'] = 'local') {
  const reviewer = createAgent({ model, policy: 'react', name: 'reviewer', limits: { steps: 3 } });
  const review = tool({
    description: 'Has a text reviewed by three readers; gives what each says',
    input: z.object({ text: z.string() }),
    output: z.array(z.string()),
    // It begins runs, and is called again where the process ends: they are found by their keys, and not begun twice.
    idempotent: true,
    timeoutMs: Number.POSITIVE_INFINITY,
    run: async ({ text }, { child }) => {
      const readers = ['a child', 'a lawyer', 'an editor'];
      const reviews = readers.map((reader) =>
        child(
          `Read this as ${reader}, and say in one sentence what to change: ${text}`,
          reviewer.solve,
          { tokens: 2_000 },
          reader,
        ),
      );
      return (await Promise.all(reviews)).map(({ answer, why }) => String(answer ?? why));
    },
  });
  const agent = createAgent({ model, policy: 'react', tools: { review }, limits: { tokens: 12_000, toolCalls: 3 } });
  const { status, answer, usage, log } = await agent.run('Have “Ein Haus am See” reviewed, and sum up what is said.');
  const children = log.flatMap((event) => (event.kind === 'child' && event.state === 'ended' ? [event.status] : []));
  return { status, answer, children, tokens: usage.sent + usage.written };
}

if (import.meta.main) console.log(await budgetExample());
