import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MockLanguageModelV4 } from 'ai/test';
import { expect, it } from 'vitest';
import { secret, secretsOf } from '../record/index.ts';
import { modelPromises, scriptedModel } from '../testing/index.ts';
import { fromAiSdk } from './ai-sdk.ts';
import { fallback } from './fallback.ts';
import { resolveModel } from './resolve.ts';
import { retry } from './retry.ts';
import { modelWithSecrets } from './with-secrets.ts';

const KEY = 'sk-live-0123456789';
const MARK = '[secret KEY]';
const messages = [{ role: 'user' as const, parts: [{ text: `Use ${KEY}` }] }];
const known = async () => {
  const secrets = secretsOf(() => KEY);
  await secrets.resolve(secret('KEY'));
  return secrets;
};

it.each(
  modelPromises(() =>
    modelWithSecrets(
      scriptedModel(() => 'Hello there.'),
      secretsOf(() => undefined),
    ),
  ),
)('$title', ({ run }) => run());

it('keeps a secret out of prompt, reply, calls, tokens and what a listener hears', async () => {
  const inner = scriptedModel([{ text: `It is ${KEY}`, calls: [{ tool: 'say', args: { key: KEY } }] }]);
  const spelling = {
    ...inner,
    generate: async (...given: Parameters<typeof inner.generate>) => {
      for (const char of `It is ${KEY}`) given[1]?.delta(char);
      return { ...(await inner.generate(given[0])), tokens: [1, 2], logprobs: [0, 0] };
    },
  };
  let heard = '';
  const reply = await modelWithSecrets(spelling, await known()).generate(
    { messages },
    {
      delta: (text) => {
        heard += text;
      },
    },
  );
  expect(inner.heard()).toEqual([`Use ${MARK}`]);
  expect(reply).toMatchObject({ text: `It is ${MARK}`, calls: [{ args: { key: MARK } }] });
  expect(reply.tokens ?? reply.logprobs).toBeUndefined();
  expect(heard).toBe(`It is ${MARK}`);
});

it('keeps it out of errors', async () => {
  const failing = scriptedModel(() => {
    throw new Error(`bad key ${KEY}`);
  });
  await expect(modelWithSecrets(failing, await known()).generate({ messages })).rejects.toThrow(`bad key ${MARK}`);
});

it('fills headers and provider options at the call, also within texts, and not before', async () => {
  const seen: unknown[] = [];
  const mock = new MockLanguageModelV4({
    provider: 'a.chat',
    modelId: 'b',
    doGenerate: async ({ headers, providerOptions }) => {
      seen.push({ headers, providerOptions });
      throw new Error(`refused ${headers?.authorization}`);
    },
  });
  const model = fromAiSdk(mock, {
    headers: { authorization: `Bearer ${secret('KEY')}`, 'x-team': secret('TEAM') },
    providerOptions: { a: { deep: { key: secret('KEY') }, effort: 'low' } },
  });
  const values: { [name: string]: string } = { KEY, TEAM: 'team-key-1' };
  const secrets = secretsOf((name) => values[name]);
  await expect(model.generate({ messages, secrets })).rejects.toThrow(/refused Bearer \[secret KEY\]/);
  values.TEAM = 'team-key-2';
  await expect(model.generate({ messages, secrets })).rejects.toThrow();
  expect(seen).toEqual([
    {
      headers: { authorization: `Bearer ${KEY}`, 'x-team': 'team-key-1' },
      providerOptions: { a: { deep: { key: KEY }, effort: 'low' } },
    },
    expect.objectContaining({ headers: { authorization: `Bearer ${KEY}`, 'x-team': 'team-key-2' } }),
  ]);
  await expect(model.generate({ messages, secrets: secretsOf(() => undefined) })).rejects.toMatchObject({
    code: 'secret-missing',
  });
});

it('tells what it will need, also through wrappers', async () => {
  const mock = new MockLanguageModelV4({ provider: 'a.chat', modelId: 'b' });
  const model = retry(fallback(scriptedModel([]), fromAiSdk(mock, { headers: { 'x-key': secret('KEY') } })));
  const secrets = secretsOf(() => KEY);
  await model.tellSecrets?.(secrets);
  expect(secrets.redact(KEY)).toBe(MARK);
  expect(fallback(scriptedModel([])).tellSecrets).toBeUndefined();
});

it('keeps a provider’s key from the environment out, too, and takes another key by reference', async () => {
  const given: (string | undefined)[] = [];
  const server = createServer(async (request, response) => {
    await request.toArray();
    given.push(request.headers.authorization);
    response.statusCode = 401;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ error: { message: `Wrong key ${request.headers.authorization?.slice(7)}` } }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    const name = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1#m`;
    let mine = 'my-first-key-1';
    const secrets = secretsOf(() => mine);
    const fromEnv = resolveModel(name, { env: { POACT_API_KEY: KEY } });
    await expect(fromEnv.generate({ messages: [], secrets })).rejects.toThrow('Wrong key [secret POACT_API_KEY]');
    const byName = resolveModel(name, { env: {}, apiKey: secret('MINE') });
    await expect(byName.generate({ messages: [], secrets })).rejects.toThrow('Wrong key [secret MINE]');
    mine = 'my-second-key-2';
    await expect(byName.generate({ messages: [], secrets })).rejects.toThrow('Wrong key [secret MINE]');
    expect(given).toEqual([`Bearer ${KEY}`, 'Bearer my-first-key-1', 'Bearer my-second-key-2']);
  } finally {
    server.close();
  }
});
