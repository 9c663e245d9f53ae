import { expect, it } from 'vitest';
import { allowAll } from '../guard/index.ts';
import { PLAN_EXECUTE_TEXTS, planExecute } from '../policy/index.ts';
import { scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';

const tools = {
  price: {
    description: 'Price of an item in euros',
    input: { type: 'object', properties: { item: { type: 'string' } }, required: ['item'] },
    effect: 'read',
    run: ({ item }: { item: string }) => (item === 'lamp' ? 20 : 8),
  },
} as const;
const text = { can: { tools: false, prefill: false } };

it('plans, does each step by the executor, and plans again after each, until it answers', async () => {
  const model = scriptedModel(
    [
      '1. Find the price of a lamp.\n2. Find the price of a mug.\n3. Answer with the sum.',
      'Action: price\nAction Input: {"item": "lamp"}',
      'Final Answer: 20',
      '1. Find the price of a mug.\n2. Answer with the sum.',
      'Action: price\nAction Input: {"item": "mug"}',
      'Final Answer: {"euros": 8}',
      'Final Answer: 28',
    ],
    text,
  );
  const agent = createAgent({ model, tools, policy: planExecute(), guard: allowAll() });
  const { answer, status, log } = await agent.run('What do a lamp and a mug cost together?');
  expect({ answer, status }).toEqual({ answer: 28, status: 'answered' });
  const heard = model.requests.map(({ messages }) =>
    messages
      .at(-1)
      ?.parts.map((part) => ('text' in part ? part.text : ''))
      .join(''),
  );
  expect(heard[0]).toBe(`Task: What do a lamp and a mug cost together?\n${PLAN_EXECUTE_TEXTS.plan}`);
  expect(model.heard()).toBeDefined();
  const replan = heard[6] ?? '';
  expect(replan).toContain('The plan was:\n1. Find the price of a mug.\n2. Answer with the sum.');
  expect(replan).toContain('- Find the price of a lamp.: 20\n- Find the price of a mug.: {"euros":8}');
  // The executor of the second step knows what was done, and not how.
  const second =
    model.requests[4]?.messages.map(({ parts }) => parts.map((part) => ('text' in part ? part.text : '')).join('')) ??
    [];
  expect(second.join('\n')).toContain('Your step: Find the price of a mug.');
  expect(second.join('\n')).toContain('- Find the price of a lamp.: 20');
  expect(second.slice(1).join('\n')).not.toContain('Observation:');
  const kinds = log.flatMap((event) => (event.kind === 'decision' ? [event.decision.kind] : []));
  expect(kinds).toEqual(['think', 'call', 'think', 'think', 'call', 'think', 'answer']);
});

it('gives a step up that takes too long, and says so to the replanner', async () => {
  const model = scriptedModel(
    [
      '1. Find it.',
      'Action: price\nAction Input: {"item": "lamp"}',
      'Action: price\nAction Input: {"item": "mug"}',
      'Final Answer: not known',
    ],
    text,
  );
  const agent = createAgent({ model, tools, policy: planExecute({ decisionsAStep: 2 }), guard: allowAll() });
  expect(await agent.run('Find it.')).toMatchObject({ status: 'answered', answer: 'not known' });
  expect(model.heard().join('\n')).toContain(`- Find it.: ${PLAN_EXECUTE_TEXTS.notDone}`);
});
