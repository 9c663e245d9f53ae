import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { actionController, tool } from '../action/index.ts';
import { secret } from '../record/index.ts';
import { scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import { sqliteStore } from './sqlite-store.ts';

const LARGE = 'row '.repeat(2_500_000);

/** What a careless tool does with its key. */
const WAYS: { readonly [way: string]: (key: string) => unknown } = {
  plain: (key) => key,
  header: (key) => `Authorization: Bearer ${key}`,
  nested: (key) => ({ [key]: [{ deep: { key } }, key], ok: true }),
  json: (key) => JSON.stringify({ body: JSON.stringify({ key }) }),
  address: (key) => `https://host/?k=${encodeURIComponent(key)}&f=${new URLSearchParams({ key })}`,
  base64: (key) => Buffer.from(`user:${key}`).toString('base64'),
  hex: (key) => Buffer.from(key).toString('hex'),
  throws: (key) => {
    throw new Error(`401 for ${key}`);
  },
  rejects: async (key) => Promise.reject(Object.assign(new TypeError(key), { headers: { key } })),
  throwsText: (key) => {
    throw key;
  },
  async *grows(key) {
    yield 'a';
    yield `so far ${key}`;
  },
  date: (key) => ({ toJSON: () => ({ key }) }),
};

const leaky = (large: boolean) =>
  tool({
    description: 'Does something with its key',
    input: z.object({ way: z.string() }),
    effect: 'read',
    secrets: { key: secret('API_KEY') },
    run: ({ way }, { secrets }) => {
      expectTypeOf(secrets).toEqualTypeOf<{ readonly key: string }>();
      return large ? `${LARGE}${secrets.key}${LARGE}` : WAYS[way]?.(secrets.key);
    },
  });

/** In all forms in which this test lets it out. */
const formsOf = (key: string) => [
  key,
  JSON.stringify(key).slice(1, -1),
  JSON.stringify(JSON.stringify(key).slice(1, -1)).slice(1, -1),
  encodeURIComponent(key),
  new URLSearchParams({ key }).toString().slice(4),
  Buffer.from(`user:${key}`).toString('base64').slice(8, -4),
  Buffer.from(key).toString('hex'),
];

async function leaks(key: string, { large = false, echo = false } = {}): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'poact-secret-'));
  const calls = Object.keys(WAYS).map((way) =>
    large && way !== 'plain'
      ? ''
      : `try { const got = await leaky({ way: '${way}' }); got_all.push(got); console.log(got); } catch (error) { console.log(String(error), error); got_all.push(error.message); }`,
  );
  const program = `\`\`\`ts\nconst got_all: unknown[] = [];\n${calls.join('\n')}\nanswer(got_all);\n\`\`\``;
  // It cannot know the key, but one that guesses it must not get it into the log either.
  const model = scriptedModel(() => (echo ? `The key is ${key}. ${program}` : program));
  let heard = '';
  const store = sqliteStore(join(folder, 'runs.db'));
  try {
    const agent = createAgent({
      model,
      tools: { leaky: leaky(large) },
      policy: 'codeAct',
      action: actionController({ review: { types: false, answers: false, path: false } }),
      store,
      secrets: (name) => (name === 'API_KEY' ? key : undefined),
      limits: { steps: 2 },
    });
    const result = await agent.run(`Use the key ${key}.`, {
      data: { notes: [key] },
      onDelta: (text) => {
        heard += text;
      },
    });
    expect(result.status).toBe('answered');
    expect(JSON.stringify(result)).toContain('[secret API_KEY]');
    const events = await store.read(result.run);
    const names = new Set(JSON.stringify(events).match(/[0-9a-f]{64}/g));
    const blobs = await Promise.all([...names].map((name) => store.blobs.get(name)));
    await store.close();
    const files = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file))));
    const places: { [place: string]: string } = {
      result: JSON.stringify(result),
      events: JSON.stringify(events),
      blobs: blobs.map((bytes) => Buffer.from(bytes ?? '').toString()).join('\n'),
      files: files.map((bytes) => bytes.toString()).join('\n'),
      prompts: JSON.stringify(model.requests),
      heard,
    };
    return Object.entries(places).flatMap(([place, text]) =>
      formsOf(key).flatMap((form) => (text.includes(form) ? [`${place}: ${form}`] : [])),
    );
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}

it('writes a secret nowhere, whatever tools and programs do with it: results, errors, logs, answers, prompts, the file', async () => {
  const keys = fc.string({ unit: 'grapheme', minLength: 8, maxLength: 40 }).map((text) => `k${text}7Q`);
  await fc.assert(
    fc.asyncProperty(keys, fc.boolean(), async (key, echo) => {
      expect(await leaks(key, { echo })).toEqual([]);
    }),
    { numRuns: 10, examples: [['sk-live "quoted"/+ü\n\ttab', true]] },
  );
}, 60_000);

it('finds one in 20 MB', async () => {
  expect(await leaks('sk-live-0123456789', { large: true })).toEqual([]);
}, 30_000);

it('fails the call of a tool whose secret is missing, by name, with what to do', async () => {
  const model = scriptedModel([{ calls: [{ tool: 'leaky', args: { way: 'plain' } }] }, 'Sorry.']);
  const agent = createAgent({ model, tools: { leaky: leaky(false) }, policy: 'react', secrets: () => undefined });
  const { log } = await agent.run('Call it.');
  expect(log.find(({ kind }) => kind === 'call-result')).toMatchObject({
    ok: false,
    error: { code: 'secret-missing', message: expect.stringContaining('Set the environment variable API_KEY') },
  });
});

it('looks in the environment where nothing else is said', async () => {
  process.env.POACT_TEST_KEY = 'from-the-environment';
  let seen = '';
  const look = tool({
    description: 'Looks',
    input: z.object({}),
    secrets: { key: secret('POACT_TEST_KEY') },
    run: (_args, { secrets }) => {
      seen = secrets.key;
    },
  });
  const model = scriptedModel([{ calls: [{ tool: 'look', args: {} }] }, 'Done.']);
  await createAgent({ model, tools: { look }, policy: 'react' }).run('Look.');
  delete process.env.POACT_TEST_KEY;
  expect(seen).toBe('from-the-environment');
});

it('keeps another tool from saying it, that was told nothing', async () => {
  const other = tool({ description: 'Guesses', input: z.object({}), run: () => 'sk-live-0123456789' });
  const model = scriptedModel([{ calls: [{ tool: 'other', args: {} }] }, 'Done.']);
  const agent = createAgent({
    model,
    tools: { leaky: leaky(false), other },
    policy: 'react',
    secrets: () => 'sk-live-0123456789',
  });
  const { log } = await agent.run('Guess.');
  expect(log.find(({ kind }) => kind === 'call-result')).toMatchObject({ value: '[secret API_KEY]' });
});

it('refuses what is no reference, and what finds no secrets', () => {
  const bad = { description: 'x', input: z.object({}), run: () => 1, secrets: { key: 'sk-live' as never } };
  expect(() => createAgent({ model: scriptedModel([]), tools: { bad } })).toThrow(/tools\.bad\.secrets/);
  expect(() => createAgent({ model: scriptedModel([]), tools: { bad } })).not.toThrow(/sk-live/);
  expect(() => createAgent({ model: scriptedModel([]), secrets: 'API_KEY' as never })).toThrow(/`secrets`/);
});
