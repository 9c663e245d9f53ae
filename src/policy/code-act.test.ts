import { expect, it } from 'vitest';
import { OptionError } from '../record/index.ts';
import { contextOf, policyPromises, scriptedModel, viewOf } from '../testing/index.ts';
import { codeAct } from './code-act.ts';

const task = { kind: 'task', parts: [{ text: 'How many files?' }] } as const;
const twoBlocks = '```ts\na()\n```\n```ts\nb()\n```';

it.each(policyPromises(() => codeAct()))('$title', ({ run }) => run());

it.each([
  ['acts on one block', 'Look:\n```ts\nls()\n```', { kind: 'act', code: 'ls()' }],
  ['answers with prose', ' 12 files\n', { kind: 'answer', value: '12 files' }],
  ['calls two blocks a slip', twoBlocks, { kind: 'correct', problem: 'Reply with one code block, not 2.' }],
])('%s', async (_title, reply, expected) => {
  const decision = await codeAct().decide(viewOf(task), contextOf(scriptedModel([reply], { overrun: true })));
  expect(decision).toMatchObject(expected);
});

it('tells the model its programs and what came of them, long output without its middle', async () => {
  const model = scriptedModel(['12 files']);
  const acted = { kind: 'decision', decision: { kind: 'act', code: 'ls()' } } as const;
  const slipped = { kind: 'decision', decision: { kind: 'correct', problem: 'Two blocks.' } } as const;
  const saw = { kind: 'observation', parts: [{ text: 'abcdefghij' }] } as const;
  const view = viewOf(task, slipped, acted, saw);
  await codeAct({ instructions: 'Act.', observationChars: 4 }).decide(view, contextOf(model));
  expect(model.heard()).toEqual(['Act.\n\n', 'How many files?', '```ts\nls()\n```', 'ab\n[6 characters cut]\nij']);
});

it('refuses an option that cannot work, by name', () => {
  const build = () => codeAct({ replyTokens: 0 });
  expect(build).toThrow(OptionError);
  expect(build).toThrow('Option `replyTokens`: expected a whole number of at least 1, got 0.');
});
