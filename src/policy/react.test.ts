import { expect, it } from 'vitest';
import type { Model } from '../model/index.ts';
import { contextOf, policyPromises, scriptedModel, viewOf } from '../testing/index.ts';
import { REACT_RULES, react } from './react.ts';

const task = { kind: 'task', parts: [{ text: 'What does a lamp cost?' }] } as const;
const text = { tools: false, prefill: false };

it.each(policyPromises(() => react()))('$title', ({ run }) => run());

const price = { name: 'price', description: 'Price', input: { type: 'object', properties: { item: {} } } };
const convert = { name: 'convert', description: 'Converts', input: { properties: { price: {}, rate: {} } } };
const asText = (model: Model) => contextOf(model, { space: { schemas: [price, convert], text: 'declarations' } });
const scripted = (...replies: string[]) => scriptedModel(replies, { can: { tools: false, prefill: false } });

it('ends with finish', async () => {
  const model = scriptedModel(['Thought: done.\nAction: finish {"answer": 20}'], { can: text });
  expect(await react().decide(viewOf(task), contextOf(model))).toMatchObject({ kind: 'answer', value: 20 });
});

it('asks once more for the action alone when there is none, and keeps the thought', async () => {
  const model = scriptedModel(['Thought: I should look it up.', ' price {"item":"lamp"}'], { can: text });
  expect(await react().decide(viewOf(task), asText(model))).toMatchObject({
    kind: 'call',
    calls: [{ tool: 'price' }],
  });
  expect(model.requests).toHaveLength(2);
});

it('calls what cannot be read a slip', async () => {
  const model = scriptedModel(['No idea.', '???'], { can: text });
  expect(await react().decide(viewOf(task), asText(model))).toMatchObject({ kind: 'correct' });
});

it('names the step’s tools in the format, and no other', async () => {
  const model = scripted('Final Answer: 20');
  await react().decide(viewOf(task), asText(model));
  const [front = ''] = model.heard();
  expect(front).toContain('one of [price, convert]');
  expect(front).not.toMatch(/lamp|finish/);
});

it('asks for a thought and an answer where nothing can be called', async () => {
  const model = scriptedModel(['Half of 40 is 20.', ' 20'], { can: { tools: false } });
  const decision = await react().decide(viewOf(task), contextOf(model));
  expect(decision).toMatchObject({ kind: 'answer', value: 20 });
  expect(model.heard()[0]).toBe(REACT_RULES.withoutTools);
  expect(model.requests.map(({ prefill }) => prefill)).toEqual([
    'Thought:',
    'Thought: Half of 40 is 20.\nFinal Answer:',
  ]);
});

it('keeps instructions of its own, and what there is, where nothing can be called', async () => {
  const model = scripted('Final Answer: 20', 'Final Answer: 20');
  const space = { schemas: [], text: 'rows: 2 rows' };
  await react({ instructions: 'Use {tools}.' }).decide(viewOf(task), contextOf(model, { space }));
  expect(model.heard()[0]).toBe('Use [].\n\nTools:\nrows: 2 rows');
  await react().decide(viewOf(task), contextOf(model, { space }));
  expect(model.heard()[0]).toBe(`${REACT_RULES.withoutTools}\n\nrows: 2 rows`);
});

it('tells the model its thoughts, actions and what came of them', async () => {
  const model = scripted('Final Answer: 20');
  const wrote = {
    kind: 'model-call',
    purpose: 'react',
    reply: { text: ' look.\nAction: price\nAction Input: {}' },
  } as const;
  const called = {
    kind: 'decision',
    decision: { kind: 'call', calls: [{ id: 'r1', tool: 'price', args: { item: 'lamp' } }] },
  } as const;
  const saw = { kind: 'observation', parts: [{ result: 'r1', tool: 'price', value: 20 }] } as const;
  await react().decide(viewOf(task, wrote, called, saw), asText(model));
  expect(model.heard().slice(1)).toEqual([
    'What does a lamp cost?',
    'Thought: look.\nAction: price\nAction Input: {"item":"lamp"}',
    'Observation: 20',
  ]);
});

it('begins the thought, and the action, where a reply can be begun', async () => {
  const model = scriptedModel([' I should look.', ' price\nAction Input: {"item":"lamp"}'], { can: { tools: false } });
  expect(await react().decide(viewOf(task), asText(model))).toMatchObject({
    calls: [{ tool: 'price', args: { item: 'lamp' } }],
  });
  expect(model.requests.map(({ prefill }) => prefill)).toEqual(['Thought:', 'Thought: I should look.\nAction:']);
});

it('gives tools as data to a model that takes them', async () => {
  const model = scriptedModel([{ calls: [{ id: 'c1', tool: 'price', args: { item: 'lamp' } }] }], {
    can: { tools: true },
  });
  const space = { schemas: [{ name: 'price', description: 'Price', input: { type: 'object' } }] };
  const decision = await react().decide(viewOf(task), contextOf(model, { space }));
  expect(decision).toMatchObject({ kind: 'call', calls: [{ id: 'c1', tool: 'price', args: { item: 'lamp' } }] });
  expect(model.requests[0]?.tools?.map(({ name }) => name)).toEqual(['price']);
});

it('keeps what a model with tools as data said beside its calls', async () => {
  const model = scriptedModel(['It costs 20.'], { can: { tools: true } });
  const calls = [{ id: 'c1', tool: 'price', args: { item: 'lamp' } }];
  const wrote = { kind: 'model-call', purpose: 'react', reply: { text: 'I look.', calls } } as const;
  const called = { kind: 'decision', decision: { kind: 'call', calls } } as const;
  await react().decide(viewOf(task, wrote, called), contextOf(model));
  expect(model.requests[0]?.messages[1]).toEqual({
    role: 'assistant',
    parts: [{ text: 'I look.' }, { call: 'c1', tool: 'price', args: { item: 'lamp' } }],
  });
});

it('calls an empty reply a slip', async () => {
  const model = scriptedModel([''], { can: { tools: true } });
  expect(await react().decide(viewOf(task), asText(model))).toMatchObject({ kind: 'correct' });
});
