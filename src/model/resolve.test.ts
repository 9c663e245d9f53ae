import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MockLanguageModelV4 } from 'ai/test';
import { expect, it } from 'vitest';
import { PROVIDERS } from './providers.ts';
import { resolveModel } from './resolve.ts';

const env = {};
const ask = { messages: [{ role: 'user' as const, parts: [{ text: 'Hi' }] }] };

it.each([
  ['local', 'local/qwen2.5-coder-1.5b-instruct-q4_k_m'],
  ['local/0.5b', 'local/qwen2.5-coder-0.5b-instruct-q4_k_m'],
  ['./some/model.gguf', 'local/model'],
  ['openai/gpt-5', 'openai/gpt-5'],
  ['openrouter/qwen/qwen3-coder', 'openrouter/qwen/qwen3-coder'],
  ['ollama/qwen3:4b', 'ollama/qwen3:4b'],
  ['http://127.0.0.1:8080/v1/#my%20model', 'http://127.0.0.1:8080/v1#my model'],
])('finds %s', (name, id) => {
  expect(resolveModel(name, { env }).id).toBe(id);
});

it.each(['gpt-5', 'openai/', 'nobody/x', 'local/7b', 'http://127.0.0.1:8080/v1'])('does not know %s', (name) => {
  expect(() => resolveModel(name, { env })).toThrow(expect.objectContaining({ code: 'model-unknown' }));
});

it('takes a model as it is, and a language model of the AI SDK', () => {
  const model = resolveModel('local', { env });
  expect(resolveModel(model)).toBe(model);
  expect(resolveModel(new MockLanguageModelV4({ provider: 'a.chat', modelId: 'b' })).id).toBe('a/b');
});

it('names the command for a provider’s package that is not installed', async () => {
  const model = resolveModel('openai/gpt-5', { env: { OPENAI_API_KEY: 'k', POACT_HOME: '/nowhere' } });
  await expect(model.generate(ask)).rejects.toMatchObject({
    code: 'package-missing',
    message: 'The model openai/gpt-5 needs the package @ai-sdk/openai. Install it with: npm install @ai-sdk/openai',
  });
});

it('names the variable for a key that is not set', async () => {
  const model = resolveModel('openrouter/x/y', { env });
  await expect(model.generate(ask)).rejects.toMatchObject({
    code: 'model-unauthorised',
    message: 'openrouter/x/y needs a key: set OPENROUTER_API_KEY.',
  });
});

it('has a window, a package and a key for every provider', () => {
  for (const [name, { package: from, create, keys, needsKey, contextTokens }] of Object.entries(PROVIDERS)) {
    expect([name, from.startsWith('@ai-sdk/'), create.startsWith('create')]).toEqual([name, true, true]);
    expect(keys.length > 0 || !needsKey).toBe(true);
    expect(contextTokens).toBeGreaterThan(0);
  }
});

it('speaks to any OpenAI-compatible server, and gives it no other provider’s key', async () => {
  const seen: { url?: string; key?: string; body?: { [key: string]: unknown } } = {};
  const server = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    Object.assign(seen, { url: request.url, key: request.headers.authorization, body });
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        id: '1',
        created: 1,
        model: 'm',
        choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 7, completion_tokens: 1, total_tokens: 8, prompt_tokens_details: { cached_tokens: 5 } },
      }),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    const name = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1#m`;
    const model = resolveModel(name, { env: { OPENAI_API_KEY: 'secret' } });
    const reply = await model.generate({ ...ask, seed: 3, stop: ['END'], maxTokens: 5 });
    expect(reply).toEqual({ text: 'Hello', finish: 'stop', usage: { sent: 7, evaluated: 2, written: 1 } });
    expect(seen).toMatchObject({
      url: '/v1/chat/completions',
      body: { model: 'm', seed: 3, stop: ['END'], max_tokens: 5 },
    });
    expect(seen.key).toBeUndefined();
  } finally {
    server.close();
  }
});
