/**
 * A call that a person must allow, and an approval that outlives the process: one process begins the run and ends, another
 * lists what waits and answers, a third goes on in the middle of the program. Here each has a store of its own on the same file.
 */
import { type AgentOptions, approvalsOf, createAgent, respond, sqliteStore, tool } from 'poact';
import { z } from 'zod';

export async function approvalExample(model: AgentOptions['model'] = 'local', path = '.poact/examples.db') {
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

  const first = sqliteStore(path);
  const agent = createAgent({ model, tools: { sendMail }, policy: 'codeAct', store: first });
  const waiting = await agent.run('Tell anna@example.org and bo@example.org that the lamps have arrived.');
  await first.close();

  const desk = sqliteStore(path);
  const waits = await approvalsOf(desk, waiting.run);
  const shown = waits.map(({ preview }) => preview);
  for (const { run, id, digest = '', args } of waits.reverse()) {
    // The answer holds for these very arguments: the digest says what the person saw.
    const isBo = JSON.stringify(args).includes('bo@');
    const said = isBo ? { verdict: 'deny' as const, reason: 'Bo knows.' } : { verdict: 'approve' as const };
    await respond(desk, run, { kind: 'approval', call: id, digest, ...said });
  }
  await desk.close();

  const last = sqliteStore(path);
  const again = createAgent({ model, tools: { sendMail }, policy: 'codeAct', store: last });
  const done = await again.resume(waiting.run);
  await last.close();
  return { first: waiting.status, shown, finally: done.status, answer: done.answer, sent };
}

if (import.meta.main) console.log(await approvalExample());
