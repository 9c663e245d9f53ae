import { expect, it } from 'vitest';
import { ModelError, OptionError } from '../record/index.ts';
import { modelPromises, scriptedModel } from '../testing/index.ts';
import { retry } from './retry.ts';

const ask = { messages: [{ role: 'user' as const, parts: [{ text: 'Hi' }] }] };
const unreachable = new ModelError('model-unreachable', 'Broke off.');
const refused = new ModelError('model-unauthorised', 'No key.');
const wait = (retryAfterMs: number) => new ModelError('model-rate-limited', 'Wait.', { retryAfterMs });

/** Throws these in turn, then replies. */
const failing = (...problems: Error[]) =>
  scriptedModel((_request, n) => {
    if (problems[n]) throw problems[n];
    return 'Hello';
  });

/** Notes how long it would have slept. */
const sleeper = (slept: number[]) => async (ms: number) => void slept.push(ms);

it.each(modelPromises(() => retry(scriptedModel(() => 'red, green, blue'))))('$title', ({ run }) => run());

it('tries again until it works, and waits twice as long each time', async () => {
  const slept: number[] = [];
  const model = failing(unreachable, unreachable);
  const reply = await retry(model, { sleep: sleeper(slept), waitMs: 10 }).generate(ask);
  expect(reply.text).toBe('Hello');
  expect(slept).toEqual([10, 20]);
  expect(model.requests).toHaveLength(3);
});

it('gives up after so many calls, with the last failure', async () => {
  const model = failing(unreachable, unreachable, unreachable);
  await expect(retry(model, { times: 2, sleep: sleeper([]) }).generate(ask)).rejects.toBe(unreachable);
  expect(model.requests).toHaveLength(2);
});

it('does not try again what cannot pass', async () => {
  const model = failing(refused);
  await expect(retry(model, { sleep: sleeper([]) }).generate(ask)).rejects.toBe(refused);
  expect(model.requests).toHaveLength(1);
});

it('waits as long as the provider asks, unless that is too long', async () => {
  const slept: number[] = [];
  await retry(failing(wait(900)), { sleep: sleeper(slept), waitMs: 10 }).generate(ask);
  expect(slept).toEqual([900]);
  const asksTooMuch = failing(wait(90_000));
  await expect(retry(asksTooMuch, { sleep: sleeper([]) }).generate(ask)).rejects.toMatchObject({
    code: 'model-rate-limited',
  });
});

it('does not begin a reply again that is already heard', async () => {
  const breaking = {
    ...scriptedModel([]),
    async generate(_request: unknown, on?: { delta(text: string): void }) {
      on?.delta('Hel');
      throw unreachable;
    },
  };
  const heard: string[] = [];
  const listener = { delta: (text: string) => void heard.push(text) };
  await expect(retry(breaking, { sleep: sleeper([]) }).generate(ask, listener)).rejects.toBe(unreachable);
  expect(heard).toEqual(['Hel']);
});

it('stops waiting when it is cancelled', async () => {
  const controller = new AbortController();
  const model = retry(failing(unreachable), { waitMs: 20_000 });
  const replied = model.generate({ ...ask, signal: controller.signal });
  setTimeout(() => controller.abort(), 5);
  await expect(replied).rejects.toMatchObject({ code: 'cancelled' });
});

it('refuses an option that cannot work, by name', () => {
  expect(() => retry(scriptedModel([]), { times: 0 })).toThrow(OptionError);
});
