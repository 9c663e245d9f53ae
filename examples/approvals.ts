/** A call that a person must allow: nobody is there at first, so the run is suspended; later it goes on with the answer. */
import { type AgentOptions, createAgent, memoryStore, tool } from 'poact';
import { z } from 'zod';

export async function approvalExample(model: AgentOptions['model'] = 'local') {
  const sent: string[] = [];
  const sendMail = tool({
    description: 'Sends a mail',
    input: z.object({ to: z.string(), text: z.string() }),
    output: z.literal('sent'),
    effect: 'irreversible',
    needsApproval: true,
    preview: ({ to, text }) => `To: ${to}\n\n${text}`,
    run: ({ to }) => {
      sent.push(to);
      return 'sent' as const;
    },
  });
  const agent = createAgent({ model, tools: { sendMail }, policy: 'codeAct', store: memoryStore() });

  const waiting = await agent.run('Tell anna@example.org that the lamps have arrived.');
  const asked: (string | undefined)[] = [];
  const done = await agent.resume(waiting.run, {
    onApproval: async ({ preview }) => {
      asked.push(preview);
      return { verdict: 'approve' };
    },
  });
  return { first: waiting.status, asked, finally: done.status, sent };
}

if (import.meta.main) console.log(await approvalExample());
