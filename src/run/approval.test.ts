import { expect, it } from 'vitest';
import { z } from 'zod';
import { actionController, tool } from '../action/index.ts';
import { codeAct } from '../policy/index.ts';
import { type ScriptedReply, scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import { memoryStore } from './memory-store.ts';
import type { InboxMessage } from './run.ts';
import { approvalsOf, respond, type Wait } from './waits.ts';

const SENDS: ScriptedReply = '```ts\nanswer(await send({ n: 1 }).catch((error) => error.message))\n```';

function world() {
  const store = memoryStore();
  const sent: number[] = [];
  const send = tool({
    description: 'Sends',
    input: z.object({ n: z.number() }),
    output: z.number(),
    effect: 'irreversible',
    needsApproval: true,
    run: ({ n }) => {
      sent.push(n);
      return n;
    },
  });
  const agent = createAgent({
    model: scriptedModel([SENDS]),
    store,
    policy: codeAct(),
    action: actionController({ review: { types: false, answers: false } }),
    tools: { send },
  });
  return { store, sent, agent };
}

// Only the very word `deny` refused: whoever gave `false`, or misspelt it, had the call made.
it.each([
  [null],
  [false],
  ['deny'],
  [{}],
  [{ verdict: 'denied' }],
  [{ verdict: 'approved' }],
  [{ verdict: 'edit' }],
] as const)('makes no call on the answer %j', async (answer) => {
  const { sent, agent } = world();
  const result = await agent.run('Go.', { onApproval: async () => answer as never });
  expect(sent).toEqual([]);
  expect(result).toMatchObject({ status: 'answered', answer: expect.stringMatching(/^Nobody allowed it\. (A|An) /) });
  expect(result.log.find((event) => event.kind === 'approval')).toMatchObject({ by: 'loop', verdict: 'deny' });
});

it.each([
  [{ verdict: 'approve' }, [1]],
  [{ verdict: 'edit', args: { n: 7 } }, [7]],
] as const)('makes the call on %j', async (answer, made) => {
  const { sent, agent } = world();
  await agent.run('Go.', { onApproval: async () => answer });
  expect(sent).toEqual(made);
});

it('waits where nobody is there to ask', async () => {
  const { sent, agent } = world();
  expect(await agent.run('Go.', { onApproval: async () => undefined })).toMatchObject({ status: 'suspended' });
  expect(sent).toEqual([]);
});

it('lets a posted verdict that is none have no effect, and says so to who posts it', async () => {
  const { store, sent, agent } = world();
  const { run } = await agent.run('Go.');
  const [{ id: call, digest = '' }] = (await approvalsOf(store, run)) as [Wait];
  const message = { kind: 'approval', call, digest, verdict: 'rejected' } as unknown as InboxMessage;
  await expect(respond(store, run, message)).rejects.toThrow('not `rejected`');
  await store.post(run, message);
  const result = await agent.resume(run);
  expect(result.status).toBe('suspended');
  expect(sent).toEqual([]);
  expect(result.log.some((event) => event.kind === 'note' && event.name === 'ignored')).toBe(true);
});
