import { convertArrayToReadableStream, MockLanguageModelV4 } from 'ai/test';
import { expect, it } from 'vitest';
import { ModelError, OptionError } from '../record/index.ts';
import { modelPromises } from '../testing/index.ts';
import { type AiSdkModel, fromAiSdk } from './ai-sdk.ts';
import type { ModelRequest } from './model.ts';

const usage = {
  inputTokens: { total: 10, noCache: 4, cacheRead: 6, cacheWrite: 0 },
  outputTokens: { total: 3, text: 3, reasoning: 0 },
};
const finishReason = { unified: 'stop', raw: 'stop' } as const;

/** Says a text, as a whole or in pieces of four characters. */
const saying = (text: string, more: object[] = []) =>
  new MockLanguageModelV4({
    provider: 'openai.responses',
    modelId: 'gpt-5',
    doGenerate: async () => ({
      content: [{ type: 'text', text }, ...more] as never,
      finishReason,
      usage,
      warnings: [],
    }),
    doStream: async () => ({
      stream: convertArrayToReadableStream([
        { type: 'stream-start', warnings: [] },
        { type: 'text-start', id: '1' },
        ...(text.match(/.{1,4}/gs) ?? []).map((delta) => ({ type: 'text-delta' as const, id: '1', delta })),
        { type: 'text-end', id: '1' },
        ...(more as never[]),
        { type: 'finish', usage, finishReason },
      ]),
    }),
  });

const ask: ModelRequest = { messages: [{ role: 'user', parts: [{ text: 'Hi' }] }] };

it.each(modelPromises(() => fromAiSdk(saying('red, green, blue'))))('$title', ({ run }) => run());

it('is called by provider and model, and counts what a cache held as not evaluated', async () => {
  const model = fromAiSdk(saying('Hello'));
  expect(model.id).toBe('openai/gpt-5');
  expect(await model.generate(ask)).toEqual({
    text: 'Hello',
    finish: 'stop',
    usage: { sent: 10, evaluated: 4, written: 3 },
  });
});

it('passes everything on in the AI SDK’s words', async () => {
  const mock = saying('ok');
  await fromAiSdk(mock, { blob: async (hash) => new TextEncoder().encode(hash) }).generate({
    messages: [
      { role: 'system', parts: [{ text: 'Be brief.' }] },
      { role: 'user', parts: [{ text: 'Look' }, { blob: 'abc', mediaType: 'image/png' }] },
      { role: 'assistant', parts: [{ text: 'I look.' }, { call: 'c1', tool: 'price', args: { item: 'lamp' } }] },
      { role: 'tool', parts: [{ result: 'c1', tool: 'price', value: 20 }] },
      { role: 'tool', parts: [{ result: 'c2', tool: 'price', value: 'no such item', isError: true }] },
    ],
    stop: ['END'],
    maxTokens: 9,
    seed: 7,
    temperature: 0.7,
    tools: [{ name: 'price', description: 'A price', input: { type: 'object' } }],
    constraint: { schema: { type: 'number' } },
  });
  expect(mock.doGenerateCalls[0]).toEqual({
    prompt: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'file', mediaType: 'image/png', data: { type: 'data', data: new TextEncoder().encode('abc') } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'I look.' },
          { type: 'tool-call', toolCallId: 'c1', toolName: 'price', input: { item: 'lamp' } },
        ],
      },
      {
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId: 'c1', toolName: 'price', output: { type: 'json', value: 20 } }],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'c2',
            toolName: 'price',
            output: { type: 'error-json', value: 'no such item' },
          },
        ],
      },
    ],
    temperature: 0.7,
    stopSequences: ['END'],
    maxOutputTokens: 9,
    seed: 7,
    responseFormat: { type: 'json', schema: { type: 'number' }, name: 'reply' },
    tools: [{ type: 'function', name: 'price', description: 'A price', inputSchema: { type: 'object' } }],
  });
});

it.each([false, true])('cuts at a stop string the provider does not know (streamed: %s)', async (streamed) => {
  let heard = '';
  const listener = {
    delta(text: string) {
      heard += text;
    },
  };
  const model = fromAiSdk(saying('Thought: x\nObservation: y'));
  const reply = await model.generate({ ...ask, stop: ['\nObservation:'] }, streamed ? listener : undefined);
  expect(reply).toMatchObject({ text: 'Thought: x', finish: 'stop', stopped: '\nObservation:' });
  if (streamed) expect(heard).toBe('Thought: x');
});

it.each([false, true])('gives tool calls as data (streamed: %s)', async (streamed) => {
  const call = { type: 'tool-call', toolCallId: 'c1', toolName: 'price', input: '{"item":"lamp"}' };
  const bad = { type: 'tool-call', toolCallId: 'c2', toolName: 'price', input: '{"item":' };
  const model = fromAiSdk(saying('', [call, bad]));
  const reply = await model.generate(ask, streamed ? { delta() {} } : undefined);
  expect(reply.calls).toEqual([
    { id: 'c1', tool: 'price', args: { item: 'lamp' } },
    { id: 'c2', tool: 'price', args: '{"item":' },
  ]);
});

it('asks for a choice as an object, and unwraps it', async () => {
  const reply = await fromAiSdk(saying('{"choice":"no"}')).generate({ ...ask, constraint: { choices: ['yes', 'no'] } });
  expect(reply.text).toBe('no');
});

it.each<[string, Partial<ModelRequest>]>([
  ['prefill', { prefill: '```ts\n' }],
  ['constraint', { constraint: { grammar: 'root ::= "x"' } }],
  ['blob', { messages: [{ role: 'user', parts: [{ blob: 'abc', mediaType: 'image/png' }] }] }],
])('refuses %s, which it cannot do, by name', async (option, request) => {
  await expect(fromAiSdk(saying('')).generate({ ...ask, ...request })).rejects.toThrow(OptionError);
  await expect(fromAiSdk(saying('')).generate({ ...ask, ...request })).rejects.toThrow(`Option \`${option}\``);
});

it('takes models of version 2, which count in plain numbers', async () => {
  const model: AiSdkModel = {
    specificationVersion: 'v2',
    provider: 'old',
    modelId: 'one',
    doGenerate: async () => ({
      content: [{ type: 'text', text: 'Hi' }],
      finishReason: 'length',
      usage: { inputTokens: 5, outputTokens: 1, cachedInputTokens: 2 },
    }),
    doStream: () => Promise.reject(new Error('unused')),
  };
  expect(await fromAiSdk(model).generate(ask)).toMatchObject({
    finish: 'length',
    usage: { sent: 5, evaluated: 3, written: 1 },
  });
});

it('guesses usage where a provider counts nothing, since a budget must not see zero', async () => {
  const nothing = { inputTokens: {}, outputTokens: {} };
  const model = new MockLanguageModelV4({
    doGenerate: async () =>
      ({ content: [{ type: 'text', text: '12345' }], finishReason, usage: nothing, warnings: [] }) as never,
  });
  expect((await fromAiSdk(model).generate(ask)).usage).toEqual({ sent: 1, evaluated: 1, written: 2 });
});

const failing = (problem: unknown) =>
  fromAiSdk(new MockLanguageModelV4({ provider: 'p', modelId: 'm', doGenerate: () => Promise.reject(problem) }));
const apiError = (statusCode: number | undefined, message: string, responseHeaders = {}) =>
  Object.assign(new Error(message), { name: 'AI_APICallError', statusCode, responseHeaders, responseBody: '' });

it.each([
  ['a refused key', apiError(401, 'Incorrect API key provided: sk-proj-abc123def'), 'model-unauthorised', false],
  ['a missing key', Object.assign(new Error('No key'), { name: 'AI_LoadAPIKeyError' }), 'model-unauthorised', false],
  ['a rate limit', apiError(429, 'Slow down', { 'retry-after': '2' }), 'model-rate-limited', true],
  ['a long prompt', apiError(400, 'maximum context length is 8192 tokens'), 'model-context-exceeded', false],
  ['an unknown model', apiError(404, 'no such model'), 'model-unknown', false],
  ['an overloaded server', apiError(529, 'Overloaded'), 'model-unreachable', true],
  ['no answer', apiError(undefined, 'Cannot connect to API'), 'model-unreachable', true],
  ['a broken line', new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } }), 'model-unreachable', true],
  ['anything else', apiError(400, 'Bad request'), 'model-failed', false],
])('gives %s its code', async (_title, problem, code, retryable) => {
  const thrown = await failing(problem)
    .generate(ask)
    .catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(ModelError);
  expect(thrown).toMatchObject({ code, retryable, facts: { model: 'p/m' } });
  expect(String((thrown as Error).message)).not.toContain('abc123');
});

it('says how long a provider asks to wait', async () => {
  const thrown = await failing(apiError(429, 'Slow down', { 'retry-after': '2' }))
    .generate(ask)
    .catch((error: unknown) => error);
  expect(thrown).toMatchObject({ facts: { retryAfterMs: 2_000, status: 429 } });
});

it('fails with the error that a stream brings', async () => {
  const model = new MockLanguageModelV4({
    doStream: async () => ({
      stream: convertArrayToReadableStream([{ type: 'error' as const, error: apiError(503, 'Overloaded') }]),
    }),
  });
  await expect(fromAiSdk(model).generate(ask, { delta() {} })).rejects.toMatchObject({ code: 'model-unreachable' });
});
