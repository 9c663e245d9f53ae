import { expect, it } from 'vitest';
import { z } from 'zod';
import { tool } from '../action/index.ts';
import type { ModelRequest } from '../model/index.ts';
import { type Json, type RunEvent, textOf } from '../record/index.ts';
import { scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import { type PoactOptions, poact } from './poact.ts';

const price = tool({
  description: 'Price of an item, euros',
  input: z.object({ item: z.enum(['lamp', 'mug']) }),
  output: z.number(),
  effect: 'read',
  run: ({ item }) => ({ lamp: 20, mug: 3 })[item],
});
/** A plan is made where there are several. */
const SEVERAL = { price, weight: price, size: price };
const look = '```ts\nconst lamp = await price({ item: "lamp" });\nconsole.log("the lamp", lamp);\n```';
const add = '```ts\nanswer(lamp + 2 * await price({ item: "mug" }));\n```';

/** Writes the entry that follows the last one, by its name, and runs on into an invented observation. */
function writeNext({ messages }: ModelRequest): string {
  const last = textOf(messages.at(-2)?.parts ?? []);
  if (last.startsWith('Task:') && JSON.stringify(messages.at(-1)).includes('Plan'))
    return 'Plan: 1. Ask for the lamp.\n2. Add the mugs.\nObservation: 1';
  if (/^(?:Task|Plan):/.test(last)) return `Code:\n${look}\nObservation: 2`;
  if (last.startsWith('Observation:')) return 'Thought: Add two mugs.\nObservation: 3';
  return `Code:\n${add}\nObservation: 4`;
}

/** What was decided and what came of it, without the places in the log. */
function path(log: readonly RunEvent[]): Json[] {
  const told: unknown[] = [];
  for (const event of log) {
    if (event.kind === 'decision') told.push({ ...event.decision, rests: undefined });
    if (event.kind === 'review') told.push(`${event.what} ${event.verdict} ${event.rule}`);
    if (event.kind === 'choice') told.push(event.votes);
    if (event.kind === 'observation') told.push(event.parts);
  }
  return JSON.parse(JSON.stringify(told));
}

const kindsOf = (log: readonly RunEvent[]) =>
  log.flatMap((event) => (event.kind === 'decision' ? [event.decision.kind] : []));

async function run(options: PoactOptions) {
  const model = scriptedModel(writeNext, { can: { prefill: false }, overrun: true });
  const result = await createAgent({ model, tools: SEVERAL, ...poact(options) }).run('A lamp and two mugs?', {
    answer: z.number(),
  });
  return { ...result, requests: model.requests };
}

it('without step policies has another instruction, and nothing else: plan, candidates, reviews and breakpoints stay', async () => {
  const [whole, one] = [await run({}), await run({ stepPolicies: false })];
  expect(path(one.log)).toEqual(path(whole.log));
  expect(one).toMatchObject({ status: 'answered', answer: 26, warnings: [] });
  const fixed = ({ messages }: ModelRequest) => messages.slice(0, -1);
  expect(one.requests.map(fixed)).toEqual(whole.requests.map(fixed));
  expect(one.requests.map(({ temperature }) => temperature)).toEqual(
    whole.requests.map(({ temperature }) => temperature),
  );
  expect(kindsOf(one.log)).toEqual(['think', 'candidates', 'think', 'candidates', 'answer']);
});

it('without step policies keeps each other switch', async () => {
  const bare = await run({ stepPolicies: false, candidates: false, plan: false });
  expect(kindsOf(bare.log)).toContain('act');
  expect(JSON.stringify(bare.requests)).not.toContain('"Plan:');
  const { log } = await run({ stepPolicies: false, breakpoints: false });
  expect(JSON.stringify(path(log))).toContain('Observation: 1');
});
