import { expect, it } from 'vitest';
import { z } from 'zod';
import { tool } from '../action/index.ts';
import type { ModelRequest } from '../model/index.ts';
import { textOf } from '../record/index.ts';
import { scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import { viewHash } from './compare.ts';
import { memoryStore } from './memory-store.ts';
import { type PoactOptions, poact } from './poact.ts';

const PROGRAMS = [
  'const lamp = await price({ item: "lamp" });\nconsole.log("the lamp", lamp);',
  'const mug = await price({ item: "mug" });\nconsole.log("the mug", mug);',
  'answer(lamp + 2 * mug);',
];
/** Blocked, and failing. */
const ODD = ['await prize({ item: "lamp" });', 'const nothing: any = undefined;\nconsole.log(nothing.item);'];

/** Plan, thought and program, all in one, by what the prompt shows; now and then an odd program. */
function writesOn() {
  let asked = 0;
  return ({ messages }: ModelRequest): string => {
    asked += 1;
    const said = messages.map(({ parts }) => textOf(parts));
    const seen = said.filter((text) => text.startsWith('Observation:')).length;
    const planned = said.some((text) => text.startsWith('Plan:'));
    const plan = planned ? '' : 'Plan: 1. Ask for both prices.\n2. Add.\n3. Answer.\n';
    const program = ODD[asked % 6] ?? PROGRAMS[seen] ?? PROGRAMS[2];
    return `${plan}Thought: Ask for the next price.\n\`\`\`ts\n${program}\n\`\`\`\nObservation: 4711\nAnswer: 4711`;
  };
}

async function lab(options: PoactOptions) {
  let calls = 0;
  const price = tool({
    description: 'Price of an item, euros',
    input: z.object({ item: z.enum(['lamp', 'mug']) }),
    output: z.number(),
    effect: 'read',
    run: ({ item }) => {
      calls += 1;
      return { lamp: 20, mug: 3 }[item];
    },
  });
  const model = scriptedModel(writesOn(), { overrun: true, can: { prefill: false } });
  const agent = createAgent({
    model,
    tools: { price, size: price, weight: price },
    limits: { steps: 20 },
    ...poact(options),
  });
  const data = { wanted: [{ item: 'lamp', pieces: 1 }] };
  const result = await agent.run('What do a lamp and two mugs cost?', { answer: z.number(), data });
  return { agent, result, made: () => [calls, model.requests.length] };
}

it.each<[string, PoactOptions]>([
  ['as it comes', {}],
  ['thinking before each program', { thought: 'always' }],
  ['planning always, with three candidates', { plan: 'always', candidates: 3 }],
  ['one program a step', { candidates: false }],
  ['no step policies', { stepPolicies: false }],
  ['no reviews', { review: false, pathReview: false }],
])('replays the preset, %s, with data, and with no call of a model or a tool', async (_title, options) => {
  const { agent, result, made } = await lab(options);
  const { run, log, answer } = result;
  expect(answer).toBe(26);
  const before = made();
  const replayed = await agent.replay(run);
  expect(replayed.divergence).toBeUndefined();
  expect(replayed).toMatchObject({ same: true, events: log.length, hash: { replayed: viewHash(log) } });
  expect(replayed.compared).toBeGreaterThan(log.length / 2);
  expect(made()).toEqual(before);
});

it('replays the preset, killed at any event', async () => {
  const { agent, result } = await lab({});
  const { run, log } = result;
  for (let length = 2; length < log.length; length += 3) {
    const store = memoryStore();
    for (const name of JSON.stringify(log.slice(0, length)).match(/[0-9a-f]{64}/g) ?? []) {
      const blob = await agent.store.blobs.get(name);
      if (blob !== undefined) await store.blobs.put(blob);
    }
    const { fence } = await store.lease(run, 'dead', 1_000);
    await store.append(run, log.slice(0, length), { expectedSeq: 0, fence });
    const replayed = await agent.replay(run, { store });
    expect(replayed.divergence, `killed after ${length}`).toBeUndefined();
    expect(replayed.same).toBe(true);
  }
});
