import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { quickjs } from '../sandbox/index.ts';
import { contextFor, type TestRun } from '../testing/index.ts';
import { actionController } from './controller.ts';
import { toTools } from './to-tools.ts';
import { tool } from './tool.ts';

const sandbox = quickjs();
const opened: TestRun[] = [];
afterEach(() => {
  for (const run of opened.splice(0)) run.close();
});

const tools = toTools({
  price: tool({
    description: 'Price of an item, euros',
    effect: 'read',
    input: z.object({ item: z.enum(['lamp', 'mug']) }),
    output: z.number(),
    run: ({ item }) => ({ lamp: 20, mug: 3 })[item],
  }),
  order: tool({
    description: 'Orders an item',
    input: z.object({ item: z.string() }),
    output: z.string(),
    run: ({ item }) => `ordered ${item}`,
  }),
});

const controller = actionController({ sandbox })({ tools });

function start(options: Parameters<typeof contextFor>[0] = {}): TestRun {
  const run = contextFor({ tools, ...options });
  opened.push(run);
  run.append({ kind: 'task', by: 'user', parts: [{ text: 'What do a lamp and two mugs cost?' }] });
  return run;
}

async function act(run: TestRun, code: string) {
  const decision = { kind: 'act', code } as const;
  const of = run.decide(decision);
  return controller.execute({ ...decision, of }, run);
}

it('runs a program that calls tools and proposes its answer', async () => {
  const run = start();
  await act(
    run,
    'const [lamp, mug] = await Promise.all([price({ item: "lamp" }), price({ item: "mug" })]);\nanswer(lamp + 2 * mug)',
  );
  expect(run.lastOf('observation')).toMatchObject({ state: 'done', proposed: { value: 26, how: 'answer' }, calls: 2 });
  expect(run.ran()).toEqual(['price({"item":"lamp"})', 'price({"item":"mug"})']);
});

it('keeps variables from program to program', async () => {
  const run = start();
  await act(run, 'const lamp = await price({ item: "lamp" });');
  await act(run, 'console.log(lamp * 2)');
  expect(run.lastOf('observation').parts).toEqual([{ text: '40' }]);
});
