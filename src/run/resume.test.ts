import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Policy, react } from '../policy/index.ts';
import type { RunEvent } from '../record/index.ts';
import { type ScriptedReply, scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import { memoryStore } from './memory-store.ts';

class Died extends Error {}

/** An agent whose process dies at the n-th passing of a failpoint, and how to make the next one on the same store. */
function world(tool: { effect: 'read' | 'irreversible'; idempotent?: boolean }) {
  const store = memoryStore();
  const done: string[] = [];
  const make = (replies: readonly ScriptedReply[], dieAt = '', n = 1, policy: Policy = react()) => {
    let left = n;
    const model = scriptedModel(replies);
    const agent = createAgent({
      model,
      store,
      policy,
      tools: {
        act: {
          description: 'Acts',
          input: { type: 'object', properties: {} },
          ...tool,
          run: (_args, { idempotencyKey }) => {
            done.push(idempotencyKey);
            return 'acted';
          },
        },
      },
      failpoint: (name) => {
        if (name !== dieAt) return;
        left -= 1;
        // A store that refuses is the nearest thing to a death that one process can act out.
        if (left === 0)
          store.append = () => {
            throw new Died();
          };
        if (left <= 0) throw new Died();
      },
    });
    return { agent, model };
  };
  const append = store.append;
  const revive = () => {
    store.append = append;
  };
  return { store, done, make, revive };
}

const act = { calls: [{ tool: 'act', args: {} }] };

/** Runs until it dies, and gives the run's id. */
async function dies(
  lab: ReturnType<typeof world>,
  replies: readonly ScriptedReply[],
  at: string,
  n = 1,
  policy?: Policy,
): Promise<void> {
  const { agent } = lab.make(replies, at, n, policy);
  await agent.run('Go.', { run: 'r' }).catch(() => {});
  lab.revive();
  // The dead process does not renew its lease.
  const { fence } = await lab.store.lease('r', await holderOf(lab.store), 1).catch(() => ({ fence: 0 }));
  if (fence > 0) await lab.store.release('r', fence);
}
async function holderOf(store: ReturnType<typeof memoryStore>): Promise<string> {
  return store.lease('r', 'next', 1).then(
    () => 'next',
    (error: { facts: { holder: string } }) => error.facts.holder,
  );
}
const kinds = (log: readonly RunEvent[]) => log.map(({ kind }) => kind).filter((kind) => kind !== 'selection');

it('keeps a reply, what was decided of it and the intent of its call in one transaction', async () => {
  const lab = world({ effect: 'read' });
  await dies(lab, [act], 'append.after', 2);
  expect(kinds(await lab.store.read('r'))).toEqual(['run-start', 'task', 'model-call', 'decision', 'review', 'call']);
});

it('does not pay twice for a reply that no decision was made of yet', async () => {
  const lab = world({ effect: 'read' });
  const inner = react();
  const ponders: Policy = {
    ...inner,
    async decide(view, context) {
      const decision = await inner.decide(view, context);
      await setImmediate();
      return decision;
    },
  };
  // Transactions: the task, then the reply, because the policy waits; it dies before the decision is durable.
  await dies(lab, [act], 'append.after', 2, ponders);
  expect(kinds(await lab.store.read('r'))).toEqual(['run-start', 'task', 'model-call']);
  const { agent, model } = lab.make(['Done.']);
  const result = await agent.resume('r');
  expect(result).toMatchObject({ status: 'answered', answer: 'Done.' });
  expect(model.requests).toHaveLength(1);
  expect(lab.done).toHaveLength(1);
});

it.each([
  ['read', { effect: 'read' }],
  ['idempotent', { effect: 'irreversible', idempotent: true }],
] as const)('asks a tool in doubt again that is %s, under the same key', async (_title, tool) => {
  const lab = world(tool);
  await dies(lab, [act], 'effect.after');
  const { agent } = lab.make(['Done.']);
  expect(await agent.resume('r')).toMatchObject({ status: 'answered' });
  expect(lab.done).toHaveLength(2);
  expect(new Set(lab.done).size).toBe(1);
});

it.each([
  ['it happened', true, 1],
  ['it did not', false, 2],
])('waits for word on any other call in doubt: %s', async (_title, happened, times) => {
  const lab = world({ effect: 'irreversible' });
  await dies(lab, [act], happened ? 'effect.after' : 'effect.before');
  if (!happened) lab.done.push('nothing was done');
  const suspended = await lab.make([]).agent.resume('r');
  expect(suspended).toMatchObject({ status: 'suspended', why: expect.stringContaining('whether this call happened') });
  const [waiting] = suspended.log.findLast((event) => event.kind === 'suspend')?.waiting ?? [];
  await lab.store.post('r', { kind: 'doubt', call: waiting?.id as string, happened, value: 'acted' });
  const { agent, model } = lab.make(['Done.']);
  expect(await agent.resume('r')).toMatchObject({ status: 'answered' });
  expect(model.heard().at(-1)).toContain('acted');
  expect(lab.done).toHaveLength(times);
});

it('gives the result of a run that is answered, and calls nothing', async () => {
  const lab = world({ effect: 'read' });
  const { run } = await lab.make(['Hi.']).agent.run('Say hi.');
  const { agent, model } = lab.make([]);
  expect(await agent.resume(run)).toMatchObject({ status: 'answered', answer: 'Hi.' });
  expect(model.requests).toHaveLength(0);
});
