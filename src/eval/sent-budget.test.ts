import { expect, it } from 'vitest';
import type { Model, ModelRequest } from '../model/index.ts';
import { BudgetError, textOf } from '../record/index.ts';
import { scriptedModel } from '../testing/index.ts';
import { sentBudget } from './sent-budget.ts';

/** A prompt of so many words, each of which is a token; the reply says that a template added one. */
const prompt = (words: number): ModelRequest => ({
  messages: [{ role: 'user', parts: [{ text: Array(words).fill('word').join(' ') }] }],
});
const base = scriptedModel(() => 'Yes.');
const counting: Model = {
  ...base,
  tokenize: async (text) => text.split(' ').map(() => 1),
  async generate(request, on) {
    const text = request.messages.map(({ parts }) => textOf(parts)).join('');
    if (text === 'word') throw new Error('broken');
    const reply = await base.generate(request, on);
    return { ...reply, usage: { ...reply.usage, sent: text.split(' ').length + 1 } };
  },
};

it('refuses a call that would pass it, and counts what the model says that it was sent', async () => {
  const model = sentBudget(counting, { sentTokens: 100 });
  await model.generate(prompt(60));
  await expect(model.generate(prompt(40))).rejects.toThrow('budget of 100 sent tokens is spent: 61 sent, 40 more');
  await model.generate(prompt(39));
  await expect(model.generate(prompt(1))).rejects.toThrow(BudgetError);
});

it('lets no calls at once pass what they could not pass one after another', async () => {
  const model = sentBudget(counting, { sentTokens: 100 });
  const came = await Promise.allSettled([60, 60, 60].map((words) => model.generate(prompt(words))));
  expect(came.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
});

it('takes nothing for a call that failed', async () => {
  const model = sentBudget(counting, { sentTokens: 10 });
  for (let call = 0; call < 20; call++) await expect(model.generate(prompt(1))).rejects.toThrow('broken');
  await expect(model.generate(prompt(9))).resolves.toMatchObject({ text: 'Yes.' });
});
