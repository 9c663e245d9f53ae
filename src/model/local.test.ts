import { expect, it } from 'vitest';
import { OptionError } from '../record/index.ts';
import { local } from './local.ts';

const env = { POACT_HOME: '/nowhere' };
const ask = { messages: [{ role: 'user' as const, parts: [{ text: 'Hi' }] }] };

it('loads nothing before it is asked, and says what to do when the weights are missing', async () => {
  const model = local({ env });
  expect(model.id).toBe('local/qwen2.5-coder-1.5b-instruct-q4_k_m');
  await expect(model.generate(ask)).rejects.toMatchObject({
    code: 'model-file-missing',
    message: expect.stringContaining('Fetch it with: poact models pull 1.5b') as string,
  });
  await model.close?.();
});

// It said to fetch a model that is no part of the catalogue.
it('says of a file that is not there that a path is needed', async () => {
  await expect(local({ model: '/nowhere/mine.gguf' }).generate(ask)).rejects.toMatchObject({
    code: 'model-file-missing',
    message:
      'There is no file /nowhere/mine.gguf. Give the path of a GGUF file, or a model that `poact models list` names.',
  });
});

it('refuses a file that is no GGUF file', async () => {
  await expect(local({ model: import.meta.filename }).generate(ask)).rejects.toMatchObject({
    code: 'model-file-invalid',
  });
});

it.each([
  ['contextTokens', () => local({ contextTokens: 0 })],
  ['threads', () => local({ threads: 1.5 })],
  ['model', () => local({ model: 'minilm' })],
])('refuses an option that cannot work, by name: %s', (option, build) => {
  expect(build).toThrow(OptionError);
  expect(build).toThrow(`Option \`${option}\``);
});

it.each([
  ['maxTokens', { maxTokens: 0 }],
  ['temperature', { temperature: -1 }],
  ['constraint.choices', { constraint: { choices: [] } }],
])('refuses a request that cannot work, by name, before anything is loaded: %s', async (option, request) => {
  await expect(local({ env }).generate({ ...ask, ...request })).rejects.toThrow(`Option \`${option}\``);
});
