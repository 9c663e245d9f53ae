import { expect, it } from 'vitest';
import { contextOf, policyPromises, scriptedModel, viewOf } from '../testing/index.ts';
import { react } from './react.ts';

const task = { kind: 'task', parts: [{ text: 'What does a lamp cost?' }] } as const;
const text = { tools: false };

it.each(policyPromises(() => react()))('$title', ({ run }) => run());

it.each([
  ['an action in JSON', 'Thought: look.\nAction: price {"item":"lamp"}', 'price', { item: 'lamp' }],
  ['an action in round brackets', 'Action: price({"item":"lamp"})', 'price', { item: 'lamp' }],
  ['an action in square brackets', 'Thought: x\nAction 1: search[lamp shop]', 'search', 'lamp shop'],
  ['an action in another case', 'thought: x\naction: price {"item":"lamp"}', 'price', { item: 'lamp' }],
  ['the first of two actions', 'Action: a {}\nAction: b {}', 'a', {}],
  ['an action before a made-up observation', 'Action: a {}\nObservation: 42', 'a', {}],
])('reads %s', async (_title, reply, tool, args) => {
  const decision = await react().decide(viewOf(task), contextOf(scriptedModel([reply], { can: text, overrun: true })));
  expect(decision).toMatchObject({ kind: 'call', calls: [{ tool, args }] });
});

it('ends with finish', async () => {
  const model = scriptedModel(['Thought: done.\nAction: finish {"answer": 20}'], { can: text });
  expect(await react().decide(viewOf(task), contextOf(model))).toMatchObject({ kind: 'answer', value: 20 });
});

it('asks once more for the action alone when there is none, and keeps the thought', async () => {
  const model = scriptedModel(['Thought: I should look it up.', ' price {"item":"lamp"}'], { can: text });
  expect(await react().decide(viewOf(task), contextOf(model))).toMatchObject({
    kind: 'call',
    calls: [{ tool: 'price' }],
  });
  expect(model.requests).toHaveLength(2);
});

it('calls what cannot be read a slip', async () => {
  const model = scriptedModel(['No idea.', '???'], { can: text });
  expect(await react().decide(viewOf(task), contextOf(model))).toMatchObject({ kind: 'correct' });
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
