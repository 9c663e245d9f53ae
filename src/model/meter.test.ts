import { expect, it } from 'vitest';
import { ModelError } from '../record/index.ts';
import { modelPromises, scriptedModel } from '../testing/index.ts';
import { meter } from './meter.ts';

const ask = { messages: [{ role: 'user' as const, parts: [{ text: 'four' }] }] };

it.each(modelPromises(() => meter(scriptedModel(() => 'red, green, blue'))))('$title', ({ run }) => run());

it('adds up calls, tokens, time and money', async () => {
  let now = 0;
  const model = meter(scriptedModel(['one', 'longer']), {
    now: () => (now += 5),
    price: (_model, { written }) => written,
  });
  await model.generate(ask);
  await model.generate(ask);
  expect(model.reading()).toEqual({ calls: 2, failed: 0, sent: 2, evaluated: 2, written: 3, ms: 10, costUsd: 3 });
});

it('leaves the cost out once a price is unknown', async () => {
  const model = meter(scriptedModel(['one']));
  expect(model.reading().costUsd).toBe(0);
  await model.generate(ask);
  expect(model.reading()).not.toHaveProperty('costUsd');
});

it('counts calls that fail', async () => {
  const model = meter(
    scriptedModel(() => {
      throw new ModelError('model-failed', 'No.');
    }),
  );
  await expect(model.generate(ask)).rejects.toThrow('No.');
  expect(model.reading()).toMatchObject({ calls: 1, failed: 1, sent: 0 });
});
