import { expect, it } from 'vitest';
import { contextOf, policyPromises, scriptedModel, viewOf } from '../testing/index.ts';
import { planExecute } from './plan-execute.ts';

it.each(policyPromises(() => planExecute()))('$title', ({ run }) => run());

const text = { can: { tools: false, prefill: false } };

it('reads a plan in any list, and takes an empty one for a slip', async () => {
  const start = { kind: 'task', parts: [{ text: 'Do it.' }] } as const;
  const decide = (reply: string) => planExecute().decide(viewOf(start), contextOf(scriptedModel([reply])));
  expect(await decide('Look first\nThen answer')).toMatchObject({ kind: 'think', form: 'plan' });
  expect(await decide('  ')).toMatchObject({ kind: 'correct', problem: 'The plan has no step.' });
});

it('keeps braces of a task and of a result as they are', async () => {
  const start = { kind: 'task', parts: [{ text: 'What is {plan} in {"a": 1}?' }] } as const;
  const planned = { kind: 'decision', decision: { kind: 'think', form: 'plan', text: '1. Look.' } } as const;
  const model = scriptedModel(['Final Answer: 1'], text);
  await planExecute().decide(viewOf(start, planned), contextOf(model));
  expect(model.heard().join('\n')).toContain('The whole task: What is {plan} in {"a": 1}?');
});

it('lets no number through that cannot work', () => {
  expect(() => planExecute({ planTokens: 0 })).toThrow('planTokens');
  expect(() => planExecute({ decisionsAStep: 0.5 })).toThrow('decisionsAStep');
});
