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

it.each([
  ['a tool that is not there', 'answer(await prise({ item: "lamp" }))', 'block', /price/],
  ['an argument that cannot be', 'answer(await price({ item: "chair" }))', 'block', /lamp/],
  ['nothing wrong', 'answer(await price({ item: "lamp" }))', 'pass', /./],
])('checks a program before it runs: %s', async (_title, code, verdict, reason) => {
  const run = start();
  const seen = await controller.review({ kind: 'act', code }, run);
  expect(seen).toMatchObject({ verdict, reason: expect.stringMatching(reason) });
});

it('knows the variables of earlier programs, of data, and of what was too long to show', async () => {
  const run = start();
  const blob = await run.blobs.put('[{"a":1}]');
  const data = [{ name: 'rows', type: '{ a: number }[]', doc: 'rows.json', source: 'rows.json', blob }];
  run.append({ kind: 'task', by: 'user', parts: [{ text: 'And now?' }], data });
  await act(
    run,
    'const lamp = await price({ item: "lamp" });\nconsole.log(Array.from({ length: 3000 }, (_, i) => ({ i })));',
  );
  const review = async (code: string) => {
    const { verdict, reason } = await controller.review({ kind: 'act', code }, run);
    return verdict === 'block' ? reason : verdict;
  };
  expect(await review('console.log(lamp.toFixed(2), rows[0].a, result1[0].i)')).toBe('pass');
  expect(await review('console.log(rows[0].b)')).toMatch(/'b'/);
  expect(await review('console.log(result1[0].j)')).toMatch(/'j'/);
  expect(await review('console.log(lamb)')).toMatch(/lamb/);
});

it('checks nothing where that is switched off', async () => {
  const loose = actionController({ sandbox, review: { types: false } })({ tools });
  expect(await loose.review({ kind: 'act', code: 'nothing.there()' }, start())).toMatchObject({ verdict: 'pass' });
});

it('lets the first candidate be set aside while others can be pulled', async () => {
  const decision = { kind: 'candidates', first: 'nothing.there()', most: 3 } as const;
  expect(await controller.review({ ...decision, pull: async () => undefined }, start())).toMatchObject({
    verdict: 'warn',
  });
  expect(await controller.review(decision, start())).toMatchObject({ verdict: 'block' });
});

it('makes calls as data', async () => {
  const json = actionController({ format: 'json' })({ tools });
  const run = start();
  expect(await json.select(run, 'act')).toMatchObject({
    format: 'json',
    schemas: [{ name: 'price' }, { name: 'order' }],
  });
  const decision = { kind: 'call', calls: [{ id: 'a', tool: 'price', args: { item: 'mug' } }] } as const;
  const calls = { ...decision, calls: [...decision.calls] };
  await json.execute({ ...calls, of: run.decide(calls) }, run);
  expect(run.lastOf('observation').parts).toEqual([{ result: 'a', tool: 'price', value: 3 }]);
});

it('lets a path go on where its review is switched off', async () => {
  const blind = actionController({ sandbox, review: { path: false } })({ tools });
  const run = start();
  for (let n = 0; n < 2; n++) await act(run, 'console.log(1)');
  expect(await controller.reviewPath(run)).toMatchObject({ verdict: 'retry', rule: 'same-turn-twice' });
  expect(await blind.reviewPath(run)).toMatchObject({ verdict: 'go-on' });
});

it('refuses an option that cannot work, by name', () => {
  expect(() => actionController({ format: 'yaml' as never })).toThrow('Option `format`');
  expect(() => actionController({ observationChars: 0 })).toThrow('Option `observationChars`');
  expect(() => actionController({ select: { most: 0 } })({ tools })).toThrow('Option `most`');
});
