import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { modelPromises, scriptedModel } from '../testing/index.ts';
import { cache } from './cache.ts';
import type { Model } from './model.ts';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poact-cache-'));
  file = join(folder, 'deep', 'replies.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

const ask = (text: string) => ({ messages: [{ role: 'user' as const, parts: [{ text }] }], seed: 1 });

it.each(
  modelPromises(() =>
    cache(
      scriptedModel(() => 'red, green, blue'),
      { file },
    ),
  ),
)('$title', ({ run }) => run());

it('replays what was recorded, in another process as it were, with the usage of then', async () => {
  const recorded = await cache(scriptedModel(['one', 'two']), { file, mode: 'record' }).generate(ask('a'));
  const model = scriptedModel([]);
  const replayed = cache(model, { file, mode: 'replay' });
  const heard: string[] = [];
  expect(await replayed.generate(ask('a'), { delta: (text) => void heard.push(text) })).toEqual({
    ...recorded,
    recorded: { ms: expect.any(Number) },
  });
  expect(heard).toEqual(['one']);
  expect(model.requests).toHaveLength(0);
});

it('refuses what was not recorded, and says how the request ends', async () => {
  await cache(scriptedModel(['one']), { file, mode: 'record' }).generate(ask('a'));
  const replayed = cache(scriptedModel([]), { file, mode: 'replay' });
  await expect(replayed.generate(ask('What is new?'))).rejects.toMatchObject({
    code: 'model-not-recorded',
    message: `${file} has no reply of scripted/model to a request that ends: What is new?`,
  });
});

it.each([
  ['seed', { seed: 2 }],
  ['temperature', { temperature: 0.7 }],
  ['stop', { stop: ['x'] }],
])('takes a request with another %s for another request', async (_name, changed) => {
  await cache(scriptedModel(['one']), { file, mode: 'record' }).generate(ask('a'));
  const replayed = cache(scriptedModel([]), { file, mode: 'replay' });
  await expect(replayed.generate({ ...ask('a'), ...changed })).rejects.toMatchObject({ code: 'model-not-recorded' });
});

it('takes the same request with another signal for the same', async () => {
  const model = scriptedModel(['one']);
  const cached = cache(model, { file });
  const { signal } = new AbortController();
  await cached.generate({ ...ask('a'), signal });
  expect((await cached.generate(ask('a'))).text).toBe('one');
});

it('asks for what it lacks, once, and counts what it has as no usage', async () => {
  const model = scriptedModel(['one', 'two']);
  const cached = cache(model, { file });
  const [first, second] = await Promise.all([cached.generate(ask('a')), cached.generate(ask('a'))]);
  expect([first.text, second.text]).toEqual(['one', 'one']);
  expect(second.usage).toEqual({ sent: 0, evaluated: 0, written: 0 });
  expect(model.requests).toHaveLength(1);
});

it('charges all who ask the same the same where replies are shared, and counts', async () => {
  let time = 0;
  const model = scriptedModel(() => {
    time += 250;
    return 'one';
  });
  const shared = cache(model, { file, mode: 'share', now: () => time });
  const first = await shared.generate(ask('a'));
  const again = cache(scriptedModel([]), { file, mode: 'share' });
  expect(await again.generate(ask('a'))).toEqual({ ...first, recorded: { ms: 250 } });
  expect([shared.counts, again.counts]).toEqual([
    { hits: 0, misses: 1 },
    { hits: 1, misses: 0 },
  ]);
});

it('does not charge the time twice to who waited for another to be answered', async () => {
  let time = 0;
  const model = scriptedModel(['one']);
  const slow: Model = {
    ...model,
    async generate(request) {
      await null;
      time += 250;
      return model.generate(request);
    },
  };
  const shared = cache(slow, { mode: 'share', now: () => time });
  const [, second] = await Promise.all([shared.generate(ask('a')), shared.generate(ask('a'))]);
  expect(second.recorded).toEqual({ ms: 0 });
  expect((await shared.generate(ask('a'))).recorded).toEqual({ ms: 250 });
});

it('keeps replies in memory where there is no file', async () => {
  const shared = cache(scriptedModel(['one']), { mode: 'share' });
  await shared.generate(ask('a'));
  expect((await shared.generate(ask('a'))).text).toBe('one');
});

it('goes on with a file whose last line a crash cut short', async () => {
  await cache(scriptedModel(['one']), { file }).generate(ask('a'));
  await appendFile(file, '{"key":"x"');
  await cache(scriptedModel(['two']), { file }).generate(ask('b'));
  const replayed = cache(scriptedModel([]), { file, mode: 'replay' });
  expect([(await replayed.generate(ask('a'))).text, (await replayed.generate(ask('b'))).text]).toEqual(['one', 'two']);
});

it('gives several replies to one request in the order they were recorded', async () => {
  const recording = cache(scriptedModel(['one', 'two']), { file, mode: 'record' });
  await recording.generate(ask('a'));
  await recording.generate(ask('a'));
  const replayed = cache(scriptedModel([]), { file, mode: 'replay' });
  const texts = [];
  for (let n = 0; n < 3; n++) texts.push((await replayed.generate(ask('a'))).text);
  expect(texts).toEqual(['one', 'two', 'two']);
});

it('leaves out a last line that a crash cut short, and refuses any other', async () => {
  await cache(scriptedModel(['one']), { file, mode: 'record' }).generate(ask('a'));
  await appendFile(file, '{"key":"x"');
  const replay = () => cache(scriptedModel([]), { file, mode: 'replay' }).generate(ask('a'));
  expect((await replay()).text).toBe('one');
  await appendFile(file, '\n{}\n');
  await expect(replay()).rejects.toThrow('line 2, is no recorded reply');
});

it('keeps one line a reply, with the request for those who read it', async () => {
  await cache(scriptedModel(['one']), { file }).generate(ask('a'));
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { model: 'scripted/model', request: ask('a'), reply: { text: 'one' } },
  ]);
});
