/** Two ways from one step: a run is forked where its data are at hand, each fork goes on with another policy, and the two are compared. */
import { type AgentOptions, createAgent, diffRuns, tool } from 'poact';
import { z } from 'zod';

export async function twoPoliciesExample(model: AgentOptions['model'] = 'local', other: AgentOptions['model'] = model) {
  const asked: string[] = [];
  const price = tool({
    description: 'Price of an item, euros',
    input: z.object({ item: z.enum(['lamp', 'mug']) }),
    output: z.number(),
    effect: 'read',
    run: ({ item }) => {
      asked.push(item);
      return { lamp: 20, mug: 3 }[item];
    },
  });
  const agent = createAgent({ model, tools: { price }, policy: 'codeAct' });
  const { run, log } = await agent.run('What do a lamp and two mugs cost?');

  // The events before the second step are shared; nothing before it is done again.
  const at = log.find(({ step }) => step === 2)?.seq ?? log.length;
  const asCode = await agent.fork(run, at);
  const asTalk = await agent.fork(run, at, { policy: 'react', model: other });
  const answers = [(await asCode.resume()).answer, (await asTalk.resume()).answer];

  const { a, b } = await diffRuns(agent.store, asCode.run, asTalk.run);
  const { same } = await asTalk.agent.replay(asTalk.run);
  return {
    answers,
    parted: [a.event?.kind, b.event?.kind],
    since: [a, b].map(({ since }) => ({ modelCalls: since.modelCalls, toolCalls: since.toolCalls })),
    replays: same,
    asked,
  };
}

if (import.meta.main) console.log(await twoPoliciesExample());
