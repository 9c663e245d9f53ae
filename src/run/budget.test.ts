import { expect, it } from 'vitest';
import { z } from 'zod';
import { type Solve, tool } from '../action/index.ts';
import type { Model, ModelRequest } from '../model/index.ts';
import { type Budget, OptionError, type RunEvent, textOf } from '../record/index.ts';
import { fakeClock, type ScriptedReply, scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import type { AgentOptions } from './agent-options.ts';
import { memoryStore } from './memory-store.ts';
import type { RunLimits } from './run.ts';
import { solved } from './solve.ts';

const user = (text: string) => [{ role: 'user' as const, parts: [{ text }] }];
const ask = (maxTokens?: number): ModelRequest => ({
  messages: user('Say something long.'),
  ...(maxTokens === undefined ? {} : { maxTokens }),
});

/** A run whose one tool does what a test wants inside it. */
function working(solve: Solve, given: Partial<AgentOptions> = {}, budget?: Budget) {
  return createAgent({
    model: scriptedModel(({ messages }) => {
      if (messages.some(({ role }) => role === 'tool')) return 'Done.';
      return textOf(messages[0]?.parts ?? []).startsWith('Say')
        ? 'x'.repeat(4_000)
        : { calls: [{ tool: 'work', args: {} }] };
    }),
    policy: 'react',
    tools: {
      work: tool({
        description: 'Works',
        input: z.object({}),
        idempotent: true,
        run: async (_args, { child }) => (await child('Work.', solve, budget)).answer ?? null,
      }),
    },
    ...given,
  });
}
const budgets = (log: readonly RunEvent[], state: RunEvent<'budget'>['state']) =>
  log.filter((event): event is RunEvent<'budget'> => event.kind === 'budget' && event.state === state);

it('sets aside prompt and reply before a call, and gives back what was not taken', async () => {
  const model = scriptedModel(['Yes.']);
  const result = await createAgent({ model, policy: 'react', limits: { tokens: 4_000 } }).run('Is it?');
  expect(result.status).toBe('answered');
  const [reserved] = budgets(result.log, 'reserved');
  const call = result.log.find((event) => event.kind === 'model-call');
  expect(call).toMatchObject({ cause: reserved?.seq });
  expect(reserved?.tokens).toBeGreaterThanOrEqual(
    result.usage.sent + (call?.kind === 'model-call' ? (call.request.maxTokens ?? 0) : 0),
  );
  expect(result.usage.sent + result.usage.written).toBeLessThan(200);
});

it('caps the reply to what is left, whatever the prompt is said to have', async () => {
  const model: Model = { ...scriptedModel(() => 'x'.repeat(100_000)), tokenize: undefined as never };
  delete (model as { tokenize?: unknown }).tokenize;
  const result = await createAgent({ model, policy: 'react', limits: { tokens: 700 } }).run('Say äöü. '.repeat(10));
  expect(result.usage.sent + result.usage.written).toBeLessThanOrEqual(700);
  expect(result.usage.written).toBeGreaterThan(100);
});

it('does not make a call that fits no more, and says what to do', async () => {
  const model = scriptedModel(['Never.']);
  const result = await createAgent({ model, policy: 'react', limits: { tokens: 20 } }).run(
    'A long question. '.repeat(20),
  );
  expect(result).toMatchObject({ status: 'stopped', why: expect.stringContaining('Raise it (`limits.tokens`)') });
  expect(model.requests).toEqual([]);
  expect(budgets(result.log, 'exhausted')).toMatchObject([{ limit: 'tokens', used: 0, of: 20 }]);
});

it('never lets calls at the same time exceed it together; they wait for what others give back', async () => {
  const solve: Solve = async (_task, context) => {
    const replies = await Promise.all([1, 2, 3, 4].map(() => context.generate(ask(400))));
    return solved(
      context,
      replies.map(({ usage }) => usage.written),
    );
  };
  const agent = working(solve, { limits: { tokens: 3_000 } }, { tokens: 1_500 });
  const { log } = await agent.run('Go.');
  const inner = await agent.store.read(log.flatMap((event) => (event.kind === 'child' ? [event.child] : []))[0] ?? '');
  const calls = inner.filter((event): event is RunEvent<'model-call'> => event.kind === 'model-call');
  const total = calls.reduce((sum, { usage }) => sum + usage.sent + usage.written, 0);
  expect(calls).toHaveLength(4);
  expect(total).toBeLessThanOrEqual(1_500);
  expect(total).toBeGreaterThan(1_400);
});

it('limits money by known prices, and stops where a price is unknown', async () => {
  const price = (_model: string, { sent, written }: { sent: number; written: number }) => sent * 1e-5 + written * 1e-4;
  const model = scriptedModel(() => 'x'.repeat(100_000));
  const dear = await createAgent({ model, policy: 'react', price, limits: { costUsd: 0.02 } }).run('Say it.');
  expect(dear.usage.costUsd).toBeLessThanOrEqual(0.02);
  expect(dear.usage.costUsd).toBeGreaterThan(0.015);
  const unknown = await createAgent({ model, policy: 'react', limits: { costUsd: 0.05 } }).run('Say it.');
  expect(unknown).toMatchObject({
    status: 'stopped',
    why: expect.stringContaining('price of scripted/model is unknown'),
  });
  const free = await createAgent({ model, policy: 'react', price: () => 0, limits: { costUsd: 0 } }).run('Say it.');
  expect(free.status).toBe('answered');
});

const send = (sent: number[]) =>
  tool({
    description: 'Sends a mail',
    input: z.object({ n: z.number() }),
    run: ({ n }) => void sent.push(n),
  });
const mails = (n: number): ScriptedReply => ({
  calls: Array.from({ length: n }, (_, at) => ({ tool: 'send', args: { n: at } })),
});

it.each([
  ['of one tool', { calls: { send: 3 } }, '3 of 3 calls of send are made (limit `calls.send`)'],
  ['of all tools', { toolCalls: 3 }, '3 of 3 calls of tools are made (limit `toolCalls`)'],
])('makes no call over the limit %s: the model sees an error', async (_title, limits: RunLimits, message) => {
  const sent: number[] = [];
  const model = scriptedModel([mails(5), 'Three were sent.']);
  const result = await createAgent({ model, tools: { send: send(sent) }, policy: 'react', limits }).run('Send five.');
  expect(result.status).toBe('answered');
  expect(sent).toEqual([0, 1, 2]);
  expect(model.heard().join('\n')).toContain(message);
  const refused = result.log.filter((event) => event.kind === 'call-result' && event.error?.code === 'budget-exceeded');
  expect(refused).toHaveLength(2);
  expect(result.usage.toolCalls).toBe(3);
});

it('warns at parts of a limit, once each, also where the run was resumed in between', async () => {
  const model = scriptedModel((_request, n) => ({ calls: [{ tool: 'send', args: { n } }] }));
  const agent = createAgent({ model, tools: { send: send([]) }, policy: 'react', limits: { steps: 10 } });
  const first = await agent.run('Send.', { limits: { steps: 6 } });
  expect(budgets(first.log, 'warned').map(({ limit, used, of }) => [limit, used, of])).toEqual([
    ['steps', 3, 6],
    ['steps', 5, 6],
  ]);
  const second = await agent.resume(first.run);
  expect(budgets(second.log, 'warned').map(({ used, of }) => [used, of])).toEqual([
    [3, 6],
    [5, 6],
    [8, 10],
  ]);
  const silent = await agent.run('Send.', { limits: { warnAt: [] } });
  expect(budgets(silent.log, 'warned')).toEqual([]);
});

it('counts the steps, calls, tokens and money of runs within it', async () => {
  const price = () => 0.01;
  const sent: number[] = [];
  const inner = createAgent({
    model: scriptedModel((_request, n) => (n < 4 ? { calls: [{ tool: 'send', args: { n } }] } : 'Sent.')),
    tools: { send: send(sent) },
    policy: 'react',
    price,
  });
  const limits = { steps: 5, costUsd: 1, tokens: 100_000, toolCalls: 100 };
  const result = await working(inner.solve, { price, limits }).run('Go.');
  const ended = result.log.findLast((event) => event.kind === 'child');
  // One of its own, and four of those within: the fifth would be the sixth.
  expect(ended).toMatchObject({
    state: 'ended',
    status: 'stopped',
    usage: { steps: 4, toolCalls: 4, calls: { send: 4 } },
  });
  expect(result).toMatchObject({ status: 'stopped', usage: { steps: 5, toolCalls: 5, modelCalls: 5 } });
  expect(result.usage.costUsd).toBeCloseTo(0.05);
});

it('does not count the steps of others where nobody said how many there may be', async () => {
  const chatty: Solve = async (task, context) => {
    const inner = createAgent({
      model: scriptedModel((_request, n) => (n % 26 < 25 ? { calls: [{ tool: 'send', args: { n } }] } : 'Sent.')),
      tools: { send: send([]) },
      policy: 'react',
    });
    const all = [await context.child(task, inner.solve, {}, 'a'), await context.child(task, inner.solve, {}, 'b')];
    return solved(
      context,
      all.map(({ status }) => status),
    );
  };
  const result = await working(chatty).run('Go.');
  expect(result).toMatchObject({ status: 'answered', usage: { steps: 26 + 26 + 2 } });
});

it('refuses a run that is to have more than is left, with what is', async () => {
  const result = await working(
    async (_task, context) => solved(context, 1),
    { limits: { tokens: 5_000 } },
    { tokens: 9_000 },
  ).run('Go.');
  const refused = result.log.find((event) => event.kind === 'call-result');
  expect(refused).toMatchObject({
    ok: false,
    error: { code: 'budget-exceeded', message: expect.stringContaining('a run with 9000') },
  });
});

it('gives a run within it no more time than was set aside', async () => {
  const clock = fakeClock();
  const hanging: Solve = (_task, { signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const running = working(hanging, { clock, store: memoryStore({ clock }) }, { ms: 1_000 }).run('Go.');
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  await clock.advance(1_000);
  const { log } = await running;
  expect(log.findLast((event) => event.kind === 'child')).toMatchObject({ status: 'stopped' });
});

it.each([
  ['limits.toolCalls', { toolCalls: -1 }],
  ['limits.calls.send', { calls: { send: -1 } }],
  ['limits.calls.Send', { calls: { Send: 1 } }],
  ['limits.warnAt', { warnAt: [80] }],
  ['limits.loops.same', { loops: { same: 0 } }],
])('refuses a limit that cannot work, by name: %s', (name, limits) => {
  const build = () => createAgent({ model: scriptedModel([]), tools: { send: send([]) }, limits });
  expect(build).toThrow(OptionError);
  expect(build).toThrow(`\`${name}\``);
});

it('replays to the same under limits, with what was set aside, warned of and refused', async () => {
  const model = scriptedModel([mails(2), mails(2), 'Sent.']);
  const limits = { tokens: 20_000, steps: 4, calls: { send: 3 } };
  const agent = createAgent({ model, tools: { send: send([]) }, policy: 'react', limits });
  const { run, log } = await agent.run('Send.');
  expect(budgets(log, 'reserved')).toHaveLength(3);
  expect(new Set(budgets(log, 'warned').map(({ limit }) => limit))).toEqual(new Set(['steps', 'calls.send']));
  expect(await agent.replay(run)).toMatchObject({ same: true, replies: 3 });
});
