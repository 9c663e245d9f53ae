import { expect, it } from 'vitest';
import { z } from 'zod';
import { actionController, type Solve, tool } from '../action/index.ts';
import { codeAct, type Policy } from '../policy/index.ts';
import { viewOf } from '../record/index.ts';
import { type FakeClock, fakeClock, scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import type { RunOptions } from './agent-options.ts';
import { memoryStore } from './memory-store.ts';
import { solved } from './solve.ts';
import { activeMs } from './spent.ts';

const action = actionController({ review: { types: false, answers: false } });
const never = () => new Promise<never>(() => {});

/** Asks a question, and answers with the reply. */
const asks: Policy = {
  name: 'asks',
  decide: async (view) => {
    const reply = view.last('reply');
    return reply === undefined ? { kind: 'ask', question: 'Which?' } : { kind: 'answer', value: 'asked' };
  },
};

function world(policy: Policy = codeAct()) {
  const clock = fakeClock();
  const store = memoryStore({ clock });
  const order = tool({ description: 'Orders', input: z.object({}), needsApproval: true, run: () => 'ordered' });
  const code = 'answer(await order({}))';
  const model = scriptedModel([`\`\`\`ts\n${code}\n\`\`\``]);
  const agent = createAgent({ model, store, clock, policy, action, tools: { order }, limits: { ms: 400 } });
  return { clock, store, agent };
}

const after =
  <T>(clock: FakeClock, ms: number, said: T) =>
  async () => {
    await clock.advance(ms);
    return said;
  };

// A person at hand who took their time used up the run's; one who answered a suspended run did not.
it.each([
  ['an approval', codeAct(), 'ordered'],
  ['a reply', asks, 'asked'],
])('takes no time at work while a person is asked for %s', async (_title, policy, answer) => {
  const { clock, agent } = world(policy);
  const onApproval = after(clock, 900, { verdict: 'approve' as const });
  const result = await agent.run('Go.', { onApproval, onQuestion: after(clock, 900, 'this') });
  expect(result).toMatchObject({ status: 'answered', answer });
  expect(result.log.filter(({ waitedMs }) => waitedMs !== undefined)).toMatchObject([{ waitedMs: 900 }]);
  expect(activeMs(viewOf(result.run, result.log))).toBe(0);
  expect(await agent.replay(result.run)).toMatchObject({ same: true });
});

it('still ends a run that is at work too long after it asked', async () => {
  const { clock, agent } = world({
    ...asks,
    decide: async (view, context) => {
      if (view.last('reply') === undefined) return asks.decide(view, context);
      await clock.advance(500);
      context.signal.throwIfAborted();
      return { kind: 'answer', value: 'late' };
    },
  });
  const result = await agent.run('Go.', { onQuestion: after(clock, 900, 'this') });
  expect(result).toMatchObject({ status: 'stopped', why: expect.stringContaining('400 ms') });
});

it('takes no time of the run around while a run within it asks', async () => {
  const { clock, store, agent } = world();
  const ask = tool({
    description: 'Asks',
    input: z.object({}),
    effect: 'read',
    run: async (_args, { child }) => (await child('Order.', agent.solve)).answer ?? null,
  });
  const model = scriptedModel(['```ts\nanswer(await ask({}))\n```']);
  const outer = createAgent({ model, store, clock, action, policy: 'codeAct', tools: { ask }, limits: { ms: 300 } });
  const result = await outer.run('Go.', { onApproval: after(clock, 900, { verdict: 'approve' as const }) });
  expect(result).toMatchObject({ status: 'answered', answer: 'ordered' });
  expect(activeMs(viewOf(result.run, result.log))).toBe(0);
  const [inner] = (await store.list()).filter(({ run }) => run !== result.run);
  const log = await store.read(inner?.run ?? '');
  expect(log.filter(({ waitedMs }) => waitedMs !== undefined)).toMatchObject([{ waitedMs: 900 }]);
});

it('takes no time of a function’s run while that asks', async () => {
  const { clock, store } = world();
  const solve: Solve = async (_task, context) => {
    const outcome = await context.call({ id: '1.1', tool: 'order', args: {} });
    return solved(context, outcome.state);
  };
  const order = tool({ description: 'Orders', input: z.object({}), needsApproval: true, run: () => 'ordered' });
  const ask = tool({
    description: 'Asks',
    input: z.object({}),
    effect: 'read',
    run: async (_args, { child }) => (await child('Order.', solve, { ms: 100 })).answer ?? null,
  });
  const model = scriptedModel(['```ts\nanswer(await ask({}))\n```']);
  const outer = createAgent({ model, store, clock, action, policy: 'codeAct', tools: { ask, order } });
  const result = await outer.run('Go.', { onApproval: after(clock, 900, { verdict: 'approve' as const }) });
  expect(result).toMatchObject({ status: 'answered', answer: 'ok' });
});

// Whoever was asked and said nothing kept an aborted run for ever.
it.each([
  ['an approval', codeAct()],
  ['a reply', asks],
])('ends the wait for %s when the run is aborted', async (_title, policy) => {
  const { agent } = world(policy);
  const stop = new AbortController();
  const asked = () => {
    stop.abort();
    return never();
  };
  const options: RunOptions = { signal: stop.signal, onApproval: asked, onQuestion: asked };
  expect(await agent.run('Go.', options)).toMatchObject({ status: 'cancelled' });
});
