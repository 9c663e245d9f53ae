import { expect, it } from 'vitest';
import { ModelError, OptionError } from '../record/index.ts';
import { modelPromises, scriptedModel } from '../testing/index.ts';
import { fallback } from './fallback.ts';

const ask = { messages: [{ role: 'user' as const, parts: [{ text: 'Hi' }] }] };
const throwing = (problem: Error) =>
  scriptedModel(() => {
    throw problem;
  });
const refused = new ModelError('model-unauthorised', 'No key.');
const unreachable = new ModelError('model-unreachable', 'Broke off.');

it.each(
  modelPromises(() =>
    fallback(
      throwing(refused),
      scriptedModel(() => 'red, green'),
    ),
  ),
)('$title', ({ run }) => run());

it('asks the next one only when one fails', async () => {
  const second = scriptedModel(['two']);
  expect((await fallback(scriptedModel(['one']), second).generate(ask)).text).toBe('one');
  expect(second.requests).toHaveLength(0);
  expect((await fallback(throwing(unreachable), second).generate(ask)).text).toBe('two');
});

it('says what each of them said when none answers, and whether trying again may help', async () => {
  const model = fallback(throwing(unreachable), throwing(refused));
  await expect(model.generate(ask)).rejects.toMatchObject({
    code: 'model-unauthorised',
    retryable: true,
    message: 'No model answered. scripted/model: Broke off. scripted/model: No key.',
  });
});

it('throws what the next one could not do better', async () => {
  const mistake = new OptionError('prefill', 'no.');
  const second = scriptedModel(['two']);
  await expect(fallback(throwing(mistake), second).generate(ask)).rejects.toBe(mistake);
  expect(second.requests).toHaveLength(0);
});

it('can what all of them can', () => {
  const small = scriptedModel([], { can: { contextTokens: 100, grammar: false } });
  const model = fallback(scriptedModel([]), small);
  expect(model.can).toMatchObject({ contextTokens: 100, grammar: false, schema: true });
  expect(model.id).toBe('scripted/model | scripted/model');
});

it('needs a model', () => {
  expect(() => fallback()).toThrow('Option `models`: expected at least one model.');
});
