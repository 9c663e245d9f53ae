import { expect, it } from 'vitest';
import { z } from 'zod';
import { type ActionFactory, tool } from '../action/index.ts';
import type { Policy } from '../policy/index.ts';
import { type Decision, ModelError, OptionError, type RunEvent } from '../record/index.ts';
import { fakeClock, scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import { memoryStore } from './memory-store.ts';

const price = tool({
  description: 'Price of an item, euros',
  input: z.object({ item: z.enum(['lamp', 'mug']) }),
  output: z.number(),
  effect: 'read',
  run: ({ item }) => ({ lamp: 20, mug: 3 })[item],
});
const pay = (paid: unknown[], more: object = {}) =>
  tool({
    description: 'Pays an amount, euros',
    input: z.object({ euros: z.number() }),
    effect: 'irreversible',
    run: ({ euros }) => {
      paid.push(euros);
      return { paid: euros };
    },
    ...more,
  });
const callPrice = { calls: [{ tool: 'price', args: { item: 'lamp' } }] };
const callPay = { calls: [{ tool: 'pay', args: { euros: 5 } }] };

/** Decides what it was told to, in turn. */
const deciding = (...decisions: Decision[]): Policy => ({
  name: 'told',
  format: 'json',
  decide: async (view) => decisions[view.events().filter(({ kind }) => kind === 'decision').length] as Decision,
});
const kinds = (log: readonly RunEvent[]) => log.map(({ kind }) => kind);

it('calls a tool, sees the result, and answers', async () => {
  const model = scriptedModel([callPrice, 'It costs 20.']);
  const agent = createAgent({ model, tools: { price }, policy: 'react' });
  const result = await agent.run('What does a lamp cost?');
  expect(result).toMatchObject({ status: 'answered', answer: 'It costs 20.', warnings: [] });
  expect(result.usage).toMatchObject({ modelCalls: 2, toolCalls: 1, steps: 2 });
  expect(kinds(result.log)).toEqual([
    'run-start',
    'task',
    'selection',
    'model-call',
    'decision',
    'review',
    'call',
    'call-result',
    'observation',
    'review',
    // The selection is that of the first step.
    'model-call',
    'decision',
    'review',
    'run-end',
  ]);
  expect(result.log.map(({ seq }) => seq)).toEqual(result.log.map((_, at) => at));
});

it('types the answer by its schema, and says so where it does not fit', async () => {
  const agent = createAgent({ model: scriptedModel([]), policy: deciding({ kind: 'answer', value: { total: 26 } }) });
  const answer = z.object({ total: z.number() });
  const { answer: parsed } = await agent.run('Total?', { answer });
  expect(parsed?.total).toBe(26);
  const loose = createAgent({
    model: scriptedModel([]),
    policy: deciding({ kind: 'answer', value: 'x' }),
    action: noReview,
  });
  const result = await loose.run('Total?', { answer });
  expect(result.status).toBe('answered');
  expect(result.answer).toBeUndefined();
  expect(result.why).toContain('has not the form');
});

it('suspends for an approval, and another agent resumes with what was posted', async () => {
  const store = memoryStore();
  const paid: unknown[] = [];
  const make = (replies: Parameters<typeof scriptedModel>[0]) =>
    createAgent({
      model: scriptedModel(replies),
      tools: { pay: pay(paid, { needsApproval: true }) },
      policy: 'react',
      store,
    });
  const first = await make([callPay]).run('Pay 5.');
  expect(first).toMatchObject({ status: 'suspended' });
  expect(paid).toEqual([]);
  const request = first.log.find((event) => event.kind === 'approval-request');
  if (request?.kind !== 'approval-request') throw new Error('no request');
  expect(await make([]).resume(first.run)).toMatchObject({ status: 'suspended' });
  await store.post(first.run, { kind: 'approval', call: request.call, digest: 'another', verdict: 'approve' });
  expect(await make([]).resume(first.run)).toMatchObject({ status: 'suspended' });
  await store.post(first.run, { kind: 'approval', call: request.call, digest: request.digest, verdict: 'approve' });
  const second = await make(['Paid.']).resume(first.run);
  expect(second).toMatchObject({ status: 'answered', answer: 'Paid.' });
  expect(paid).toEqual([5]);
});

it.each([
  ['approve', { verdict: 'approve' }, [5], '{"paid":5}'],
  ['edit', { verdict: 'edit', args: { euros: 4 } }, [4], '{"paid":4}'],
  ['deny', { verdict: 'deny', reason: 'Too much.' }, [], 'Too much.'],
] as const)('asks who is there about a call: %s', async (_title, said, expected, shown) => {
  const paid: unknown[] = [];
  const model = scriptedModel([callPay, 'Done.']);
  const agent = createAgent({ model, tools: { pay: pay(paid, { needsApproval: true }) }, policy: 'react' });
  const result = await agent.run('Pay 5.', { onApproval: async () => said });
  expect(result.status).toBe('answered');
  expect(paid).toEqual(expected);
  expect(model.heard().at(-1)).toContain(shown);
});

it('asks a question, waits for the reply, and goes on', async () => {
  const store = memoryStore();
  const policy = deciding({ kind: 'ask', question: 'Which?' }, { kind: 'answer', value: 'blue' });
  const agent = createAgent({ model: scriptedModel([]), policy, store });
  const first = await agent.run('Paint it.');
  expect(first).toMatchObject({ status: 'suspended', why: 'It waits for a reply to question q2.' });
  await store.post(first.run, { kind: 'reply', to: 'q2', text: 'The blue one.' });
  expect(await agent.resume(first.run)).toMatchObject({ status: 'answered', answer: 'blue' });
  const asked = await agent.run('Paint it.', { onQuestion: async ({ question }) => `You said ${question}` });
  expect(asked.log.find(({ kind }) => kind === 'reply')).toMatchObject({ parts: [{ text: 'You said Which?' }] });
});

it('ends as failed when a model or policy throws, with the code in the log', async () => {
  const model = scriptedModel(() => {
    throw new ModelError('model-unauthorised', 'The key was refused.');
  });
  const result = await createAgent({ model, policy: 'react' }).run('Go.');
  expect(result).toMatchObject({ status: 'failed', why: 'The key was refused.' });
  expect(result.log.at(-1)).toMatchObject({ kind: 'run-end', error: { code: 'model-unauthorised' } });
  expect(result.log.find(({ kind }) => kind === 'model-call')).toMatchObject({ usage: { sent: 0 } });
});

it.each([
  ['steps', { steps: 2 }, 'limit `steps`'],
  ['equal steps', { loops: { same: 3 } }, 'limit `loops.same`'],
  ['tokens', { tokens: 200, loops: { same: Infinity } }, 'limit `tokens`'],
])('stops at a limit: %s', async (_title, limits, why) => {
  const model = scriptedModel(() => callPrice);
  const result = await createAgent({ model, tools: { price }, policy: 'react', limits }).run('Go on and on.');
  expect(result.status).toBe('stopped');
  expect(result.why).toContain(why);
  expect(result.usage.sent + result.usage.written).toBeLessThanOrEqual((limits as { tokens?: number }).tokens ?? 1e9);
});

it('stops a model that hangs when the time is over', async () => {
  const clock = fakeClock();
  const model = scriptedModel([]);
  model.generate = ({ signal }) =>
    new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  const running = createAgent({ model, policy: 'react', clock, limits: { ms: 1_000 } }).run('Go.');
  await new Promise((resolve) => setImmediate(resolve));
  await clock.advance(1_000);
  expect(await running).toMatchObject({ status: 'stopped', why: expect.stringContaining('limit `ms`') });
});

it('is cancelled by a signal, and by the inbox', async () => {
  const signal = AbortSignal.abort(new Error('Enough.'));
  const agent = createAgent({ model: scriptedModel(() => callPrice), tools: { price }, policy: 'react' });
  expect(await agent.run('Go.', { signal })).toMatchObject({ status: 'cancelled', why: 'Enough.' });
  const posting = agent.run('Go.', {
    run: 'r1',
    on: (event) => event.kind === 'observation' && agent.store.post('r1', { kind: 'cancel', reason: 'Stop it.' }),
  });
  expect(await posting).toMatchObject({ status: 'cancelled', why: 'Stop it.' });
});

it('takes follow-up turns, and keeps limits by the turn', async () => {
  const model = scriptedModel(['Ten.', 'Eleven.']);
  const agent = createAgent({ model, policy: 'react', limits: { steps: 1 } });
  const first = await agent.run('Five and five?');
  const second = await agent.continue(first.run, 'And one?');
  expect(second).toMatchObject({ status: 'answered', answer: 'Eleven.', run: first.run });
  expect(model.heard()).toEqual(['Five and five?', '"Ten."', 'And one?']);
});

it('forks a run before a step, and goes on another way', async () => {
  const store = memoryStore();
  const make = (...answers: string[]) => createAgent({ model: scriptedModel([...answers]), policy: 'react', store });
  const first = await make('One.').run('Say.');
  const forked = await make().fork(first.run, 2);
  const second = await make('Two.').resume(forked.run);
  expect(second).toMatchObject({ status: 'answered', answer: 'Two.', run: forked.run });
  expect((await store.read(first.run)).at(-1)).toMatchObject({ answer: 'One.' });
});

it('names what changed since the run began, unless changes are accepted', async () => {
  const store = memoryStore();
  const first = await createAgent({
    model: scriptedModel([callPay]),
    tools: { pay: pay([], { needsApproval: true }) },
    policy: 'react',
    store,
  }).run('Pay.');
  const other = createAgent({
    model: scriptedModel(['Ok.'], { id: 'scripted/other' }),
    tools: { price },
    policy: 'react',
    store,
  });
  await expect(other.resume(first.run)).rejects.toMatchObject({
    code: 'run-changed',
    facts: { changed: ['model (scripted/model then, scripted/other now)', 'tool pay (gone)', 'tool price (new)'] },
  });
  const resumed = await other.resume(first.run, {
    acceptChanges: true,
    onApproval: async () => ({ verdict: 'approve' }),
  });
  expect(resumed.status).toBe('answered');
});

it('streams events and gives the result', async () => {
  const stream = createAgent({ model: scriptedModel(['Hi.']), policy: 'react' }).stream('Say hi.');
  const seen: string[] = [];
  for await (const { kind } of stream) seen.push(kind);
  expect(seen).toEqual(['run-start', 'task', 'selection', 'model-call', 'decision', 'review', 'run-end']);
  expect(await stream.result).toMatchObject({ answer: 'Hi.' });
});

it.each([
  ['model', { model: undefined as never }],
  ['policy', { model: 'local', policy: 'nonsense' as never }],
  ['limits.costUsd', { model: 'local', limits: { costUsd: -1 } }],
  ['limits.steps', { model: 'local', limits: { steps: 0 } }],
  ['guard', { model: 'local', guard: {} as never }],
  ['seed', { model: 'local', seed: 0.5 }],
])('refuses an option that cannot work, by name: %s', (name, options) => {
  expect(() => createAgent(options)).toThrow(OptionError);
  expect(() => createAgent(options)).toThrow(`\`${name}\``);
});

const noReview: ActionFactory = () => ({
  select: async () => {
    throw new Error('not asked');
  },
  review: async () => ({ verdict: 'pass', rule: 'clean', reason: '', findings: [] }),
  execute: async () => ({ state: 'suspended', waiting: [] }),
  reviewPath: async () => ({ verdict: 'go-on', rule: 'clean', reason: '' }),
});

/** What nothing can be asked of. */
const unreadable = () =>
  new Proxy(
    {},
    {
      has: () => thrown(),
      get: () => thrown(),
      getPrototypeOf: () => thrown(),
    },
  );
const thrown = (): never => {
  throw new Error('It is a trap.');
};

// Their messages could not be read, and `run` rejected with what came of that.
it.each([
  ['whose message is a number', Object.assign(new Error('x'), { message: 42 }), '42'],
  ['whose message is an object', Object.assign(new Error('x'), { message: { a: 1 } }), '{"a":1}'],
  ['whose name is a number', Object.assign(new Error('frozen'), { name: 5 }), 'frozen'],
  ['that is a trap', unreadable(), 'an error that cannot be read'],
  ['that is a symbol', Symbol('s'), 'Symbol(s)'],
  ['that is nothing', undefined, 'undefined'],
])('puts an error %s into the result', async (_title, error, message) => {
  const fails: Policy = {
    name: 'fails',
    decide: async () => {
      throw error;
    },
  };
  const failed = await createAgent({ model: scriptedModel([]), policy: fails }).run('Go.');
  expect(failed).toMatchObject({ status: 'failed', why: message });
  const odd = tool({
    description: 'Fails',
    input: z.object({}),
    effect: 'read',
    run: () => {
      throw error;
    },
  });
  const model = scriptedModel([{ calls: [{ tool: 'odd', args: {} }] }, 'Done.']);
  const called = await createAgent({ model, tools: { odd }, policy: 'react' }).run('Go.');
  expect(called.log.find(({ kind }) => kind === 'call-result')).toMatchObject({
    error: { code: 'tool-failed', message: `odd failed: ${message}` },
  });
});

it('takes an answer whose schema throws for one that it refuses', async () => {
  const agent = createAgent({ model: scriptedModel(['4']), policy: 'react' });
  const result = await agent.run('Two and two?', { answer: z.number().transform(thrown) });
  expect(result.status).toBe('answered');
  expect(result).not.toHaveProperty('answer');
  expect(result.why).toContain('It is a trap.');
});

// A run of one event was left behind, or the store said that it had failed.
it.each([
  ['data', { data: { rows: circle() } }, 'data.rows'],
  ['input', { input: circle() }, 'input'],
  ['input', { input: { a: 1n } as never }, 'input'],
])('begins no run and no turn where `%s` is no JSON', async (_title, given, option) => {
  const store = memoryStore();
  const agent = createAgent({ model: scriptedModel(['Four.']), policy: 'react', store });
  const refused = { code: 'option-invalid', facts: { option } };
  await expect(agent.run('Two and two?', given)).rejects.toMatchObject(refused);
  expect(await store.list()).toEqual([]);
  const { run } = await agent.run('Two and two?');
  const { length } = await store.read(run);
  await expect(agent.continue(run, 'Again.', given)).rejects.toMatchObject(refused);
  expect((await store.read(run)).length).toBe(length);
});

function circle(): never {
  const made: { [key: string]: unknown } = {};
  made.self = made;
  return made as never;
}
