/**
 * Runs that are left to workers: a client begins them and goes away, two workers share them, a person answers what waits, and a
 * follower that comes late still sees every event. Here all use one SQLite file; with `postgresStore(url)` and
 * `dbosQueue(url)` they may be on as many machines as you like.
 */
import { type AgentOptions, approvalsOf, createAgent, respond, sqliteStore, tool, worker } from 'poact';
import { z } from 'zod';

export async function workersExample(model: AgentOptions['model'] = 'local', path = '.poact/examples.db') {
  const sent: string[] = [];
  const sendMail = tool({
    description: 'Sends a mail',
    input: z.object({ to: z.string(), text: z.string() }),
    output: z.literal('sent'),
    effect: 'irreversible',
    needsApproval: true,
    run: ({ to }) => {
      sent.push(to);
      return 'sent' as const;
    },
  });
  const agentOn = (store: ReturnType<typeof sqliteStore>) =>
    createAgent({ name: 'mailer', model, tools: { sendMail }, policy: 'codeAct', store });

  // A client: the runs are in the store, and nothing of them is done here.
  const desk = sqliteStore(path);
  const client = agentOn(desk);
  const runs: string[] = [];
  for (const name of ['Anna', 'Bo', 'Cleo'])
    runs.push((await client.start(`Tell ${name} that the lamps are here.`)).run);

  // Two workers, each as if in a process of its own.
  const stores = [sqliteStore(path), sqliteStore(path)];
  const workers = await Promise.all(stores.map((store) => worker({ agent: agentOn(store) })));

  // A person: whatever waits is allowed. A run that waits holds no worker.
  const answered: string[] = [];
  while (answered.length < runs.length) {
    for (const { run, id, digest = '', posted } of await approvalsOf(desk)) {
      if (posted !== undefined) continue;
      await respond(desk, run, { kind: 'approval', call: id, digest, verdict: 'approve' });
      answered.push(run);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }

  // A follower that comes late.
  const ends: string[] = [];
  for (const run of runs) {
    for await (const event of client.events(run)) if (event.kind === 'run-end') ends.push(event.status);
  }
  await Promise.all(workers.map(({ stop }) => stop()));
  await Promise.all([desk, ...stores].map((store) => store.close()));
  return { ends, sent: sent.sort() };
}

if (import.meta.main) console.log(await workersExample());
