import { expect, it } from 'vitest';
import { contextOf, type LooseEvent, policyPromises, scriptedModel, viewOf } from '../testing/index.ts';
import { anyStep } from './any-step.ts';

const start: LooseEvent = { kind: 'run-start', tools: { price: 'd', stock: 'd', order: 'd' } };
const task: LooseEvent = { kind: 'task', parts: [{ text: 'What does a lamp cost?' }] };
const decided = (decision: object): LooseEvent => ({ kind: 'decision', decision });
const planned = decided({ kind: 'think', form: 'plan', text: '1. Ask for the price.' });
const acted = decided({ kind: 'act', code: 'answer(await price({ item: "lamp" }))' });
const saw: LooseEvent = { kind: 'observation', parts: [{ text: '20' }] };
const decide = (reply: string, ...events: LooseEvent[]) =>
  anyStep({ candidates: 1 }).decide(
    viewOf(start, task, ...events),
    contextOf(scriptedModel([reply], { overrun: true })),
  );

it.each(policyPromises(() => anyStep()))('$title', ({ run }) => run());

it.each([
  ['a plan', 'Plan: 1. Ask.\nThought: now', { kind: 'think', form: 'plan', text: '1. Ask.' }],
  ['a thought', 'Thought: ask.\n```ts\nls()\n```\nObservation: 1', { kind: 'think', form: 'thought', text: 'ask.' }],
  ['a program with its name', 'Code:\n```ts\nls()\n```\nObservation: 1', { kind: 'act', code: 'ls()' }],
  ['a program without a name', 'Let me look:\n```ts\nls()\n```', { kind: 'act', code: 'ls()' }],
  ['a program without a fence', 'Code: \nconst a = 1;\nanswer(a)', { kind: 'act', code: 'const a = 1;\nanswer(a)' }],
  ['prose as a thought', 'I should ask.', { kind: 'think', form: 'thought', text: 'I should ask.' }],
  ['an answer that rests on nothing as a thought', 'Answer: 20', { kind: 'think', form: 'thought' }],
  ['nothing as a slip', '', { kind: 'correct' }],
])('reads %s', async (_title, reply, expected) => {
  expect(await decide(reply)).toMatchObject(expected);
});

it('takes the program that a second thought runs on into, so that it does not think for ever', async () => {
  const thinking = decided({ kind: 'think', form: 'thought', text: 'Ask.' });
  const reply = 'Thought: ask.\nCode:\n```ts\nls()\n```\nObservation: 1';
  expect(await decide(reply, planned, thinking)).toMatchObject({ kind: 'act', code: 'ls()' });
  expect(await decide('Thought: ask.', planned, thinking)).toMatchObject({ kind: 'think' });
});

it('answers when something was observed', async () => {
  expect(await decide('Answer: 20', acted, saw)).toMatchObject({ kind: 'answer', value: 20 });
});

it('offers a plan when the controller would ask for one, and takes one at no other time', async () => {
  const model = scriptedModel(() => 'Plan: 1. Ask.');
  const offered = () => model.heard().at(-1)?.includes('"Plan:"');
  await anyStep().decide(viewOf(start, task), contextOf(model));
  expect(offered()).toBe(true);
  const decision = await anyStep().decide(viewOf(start, task, planned), contextOf(model));
  expect(offered()).toBe(false);
  expect(decision).toMatchObject({ form: 'thought' });
});

it('draws candidates as the step policy code does', async () => {
  const replies = ['Code:\n```ts\na()\n```', 'Thought: hm.', 'Code:\n```ts\nb()\n```'];
  const model = scriptedModel(replies);
  const decision = await anyStep().decide(viewOf(start, task), contextOf(model));
  if (decision.kind !== 'candidates') throw new Error('expected candidates');
  expect(decision).toMatchObject({ first: 'a()', most: 5 });
  expect([await decision.pull?.(1), await decision.pull?.(2)]).toEqual([undefined, 'b()']);
  expect(model.requests.map(({ temperature }) => temperature)).toEqual([0, 0.7, 0.7]);
});
