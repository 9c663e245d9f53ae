import { request as httpRequest } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { ModelError } from '../record/index.ts';
import { modelPromises, scriptedModel } from '../testing/index.ts';
import type { Model } from './model.ts';
import { resolveModel } from './resolve.ts';
import { type ModelServer, serveModel } from './serve-model.ts';

let servers: ModelServer[] = [];
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});
const serve = async (model: Model) => {
  const server = await serveModel(model, { port: 0 });
  servers.push(server);
  return server.url;
};
const post = async (url: string, body: unknown) => {
  const response = await fetch(`${url}/chat/completions`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, never> };
};
const hi = { messages: [{ role: 'user', content: 'Hi' }] };

/** There and back: served here, and asked through the AI SDK. */
it.each(
  modelPromises(async () => resolveModel(`${await serve(scriptedModel(() => 'red, green, blue'))}#m`, { env: {} })),
)('over HTTP: $title', ({ run }) => run());

it('lists its model', async () => {
  const list = await (await fetch(`${await serve(scriptedModel([]))}/models`)).json();
  expect(list).toMatchObject({ data: [{ id: 'scripted/model', object: 'model' }] });
});

it('answers as the OpenAI API does', async () => {
  const { status, body } = await post(await serve(scriptedModel(['Hello there'])), hi);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    object: 'chat.completion',
    model: 'scripted/model',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Hello there' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1, completion_tokens: 3, total_tokens: 4, prompt_tokens_details: { cached_tokens: 0 } },
  });
});

it('passes everything on', async () => {
  const model = scriptedModel(['{}']);
  const schema = { type: 'object' };
  await post(await serve(model), {
    messages: [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'Price?' }] },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'price', arguments: '{"item":"lamp"}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: '20' },
    ],
    stop: 'END',
    seed: 7,
    temperature: 0.7,
    max_tokens: 9,
    tools: [{ type: 'function', function: { name: 'price', description: 'A price', parameters: schema } }],
    response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
  });
  const { signal: _, ...request } = model.requests[0]!;
  expect(request).toEqual({
    messages: [
      { role: 'system', parts: [{ text: 'Be brief.' }] },
      { role: 'user', parts: [{ text: 'Price?' }] },
      { role: 'assistant', parts: [{ call: 'c1', tool: 'price', args: { item: 'lamp' } }] },
      { role: 'tool', parts: [{ result: 'c1', tool: 'price', value: '20' }] },
    ],
    stop: ['END'],
    seed: 7,
    temperature: 0.7,
    maxTokens: 9,
    tools: [{ name: 'price', description: 'A price', input: schema }],
    constraint: { schema },
  });
});

it.each([true, false])('gives tool calls to the AI SDK (streamed: %s)', async (streamed) => {
  const call = { id: 'c1', tool: 'price', args: { item: 'lamp' } };
  const url = await serve(scriptedModel([{ calls: [call] }]));
  const reply = await resolveModel(`${url}#m`, { env: {} }).generate(
    {
      messages: [{ role: 'user', parts: [{ text: 'Price?' }] }],
      tools: [{ name: 'price', description: '', input: { type: 'object' } }],
    },
    streamed ? { delta() {} } : undefined,
  );
  expect(reply).toMatchObject({ finish: 'calls', calls: [call] });
});

it.each([
  ['no JSON', '{', 400, /not JSON/],
  ['no messages', { messages: [] }, 400, /messages/],
  ['several replies', { ...hi, n: 2 }, 400, /only one reply/],
  ['pictures', { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] }, 400, /./],
])('refuses %s, and says why', async (_title, body, status, message) => {
  const answer = await post(await serve(scriptedModel(['x'])), body);
  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject({
    error: { code: 'option-invalid', message: expect.stringMatching(message) as string },
  });
});

it.each([
  [new ModelError('model-rate-limited', 'Wait.'), 429, 'model-rate-limited'],
  [new ModelError('model-context-exceeded', 'Too long.'), 400, 'model-context-exceeded'],
  [new Error('secret /path'), 500, 'model-failed'],
])('gives a failure its status: %s', async (problem, status, code) => {
  const failing = scriptedModel(() => {
    throw problem;
  });
  const answer = await post(await serve(failing), hi);
  expect(answer).toMatchObject({ status, body: { error: { code } } });
  expect(JSON.stringify(answer.body)).not.toContain('secret');
});

it.each([
  ['another name for this machine', { host: 'evil.example' }],
  ['a web page', { origin: 'https://evil.example' }],
])('does not answer %s', async (_title, headers) => {
  const url = await serve(scriptedModel(['x']));
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  httpRequest(`${url}/models`, { headers }, ({ statusCode }) => resolve(statusCode)).end();
  expect(await promise).toBe(403);
});

it('listens on loopback only', async () => {
  await expect(serveModel(scriptedModel([]), { host: '0.0.0.0' as never })).rejects.toThrow('Option `host`');
});

it('cancels a reply whose client has gone', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const model: Model = {
    ...scriptedModel([]),
    generate: ({ signal }) =>
      new Promise((_done, reject) => {
        signal?.addEventListener('abort', () => {
          resolve();
          reject(signal.reason);
        });
        controller.abort();
      }),
  };
  const controller = new AbortController();
  const asked = fetch(`${await serve(model)}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify(hi),
    signal: controller.signal,
  });
  await expect(asked).rejects.toThrow();
  await promise;
});
