import { expect, it } from 'vitest';
import type { ModelRequest } from '../src/model/index.ts';
import { scriptedModel } from '../src/testing/index.ts';
import { sharedReplies } from './shared-replies.ts';

const request = (text: string, seed = 1): ModelRequest => ({ messages: [{ role: 'user', parts: [{ text }] }], seed });

it('asks once what is asked in the same words with the same seed, and says what that spared', async () => {
  let calls = 0;
  let time = 0;
  const script = scriptedModel(() => {
    time += 2_000;
    return `reply ${++calls}`;
  });
  const { model, spared } = sharedReplies(script, () => time);
  const first = await model.generate(request('a'));
  expect(spared()).toBe(0);
  expect(await model.generate({ ...request('a'), signal: new AbortController().signal })).toEqual(first);
  expect(spared()).toBe(2);
  expect(spared()).toBe(0);
  expect((await model.generate(request('a', 2))).text).toBe('reply 2');
  expect((await model.generate(request('b'))).text).toBe('reply 3');
});
