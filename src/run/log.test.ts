import { afterEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { actionController, tool } from '../action/index.ts';
import { StoreError } from '../record/index.ts';
import { fakeClock, scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import { exportJsonl, importJsonl } from './jsonl.ts';
import { memoryStore } from './memory-store.ts';
import type { RunStore } from './run.ts';

const CALLS = '```ts\nanswer(await count({}))\n```';

function world(store: RunStore = memoryStore()) {
  let made = 0;
  const count = tool({
    description: 'Counts',
    input: z.object({}),
    output: z.number(),
    effect: 'irreversible',
    run: () => ++made,
  });
  const agent = createAgent({
    model: scriptedModel(() => CALLS),
    store,
    policy: 'codeAct',
    action: actionController({ review: { types: false, answers: false } }),
    guard: { judge: () => ({ verdict: 'allow', rule: 'all', reason: '' }) },
    tools: { count },
  });
  return { agent, store, made: () => made };
}

afterEach(() => void vi.restoreAllMocks());

it('lets the run go when an append fails: it can be resumed at once', async () => {
  const kept = memoryStore();
  let appends = 0;
  const store: RunStore = {
    ...kept,
    append(...args) {
      if (++appends === 2) throw new StoreError('The disk is full.');
      return kept.append(...args);
    },
  };
  const { agent } = world(store);
  await expect(agent.run('Go.', { run: 'r' })).rejects.toMatchObject({ code: 'store-failed' });
  expect(await agent.resume('r')).toMatchObject({ status: 'answered' });
});

it('lets a run go that was to be begun and is there already', async () => {
  const { agent } = world();
  await agent.run('Go.', { run: 'r' });
  await expect(agent.run('Go.', { run: 'r' })).rejects.toMatchObject({ code: 'run-busy' });
  expect(await agent.continue('r', 'Again.')).toMatchObject({ status: 'answered' });
});

it('stamps events by a clock that begins at 0', async () => {
  const agent = createAgent({ model: scriptedModel(['Four.']), policy: 'react', clock: fakeClock({ now: 0 }) });
  const { log } = await agent.run('Two and two?');
  expect(log[0]?.at).toBe('1970-01-01T00:00:00.000Z');
  expect(importJsonl(exportJsonl(log))).toMatchObject({ events: { length: log.length } });
});

// It left `commit`, so the run failed, and the call, which had not been made, was in doubt.
it.each([
  ['throws', () => thrown()],
  ['rejects', async () => thrown()],
])('goes on where a listener %s, and says so once', async (_title, on) => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const { agent, made } = world();
  expect(await agent.run('Go.', { run: 'r', on })).toMatchObject({ status: 'answered', answer: 1 });
  expect(made()).toBe(1);
  expect(warn.mock.calls.map(([text]) => text)).toEqual(['A listener of run r failed: Not so loud.']);
});

const thrown = (): never => {
  throw new Error('Not so loud.');
};

it('streams to as many as listen', async () => {
  const agent = createAgent({ model: scriptedModel(['Four.']), policy: 'react' });
  const stream = agent.stream('Two and two?');
  const kinds = async () => {
    const heard: string[] = [];
    for await (const { kind } of stream) heard.push(kind);
    return heard;
  };
  const [one, other] = await Promise.all([kinds(), kinds()]);
  expect(one).toEqual((await stream.result).log.map(({ kind }) => kind));
  expect(other).toEqual(one);
});
