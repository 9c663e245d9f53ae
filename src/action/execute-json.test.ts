import { expect, it } from 'vitest';
import { z } from 'zod';
import type { ToolCall } from '../record/index.ts';
import { type ContextOptions, contextFor } from '../testing/index.ts';
import { executeJson, resolveRefs } from './execute-json.ts';
import { toTools } from './to-tools.ts';
import { tool } from './tool.ts';

const log: string[] = [];
const tools = toTools({
  find: tool({
    description: 'Finds',
    effect: 'read',
    input: z.object({ name: z.string() }),
    output: z.object({ id: z.number(), tags: z.array(z.string()) }),
    run: async ({ name }) => {
      log.push(`begin ${name}`);
      await null;
      if (name === 'nobody') throw new Error('not found');
      log.push(`end ${name}`);
      return { id: name.length, tags: [name] };
    },
  }),
  show: tool({
    description: 'Shows',
    effect: 'read',
    input: z.object({ id: z.number(), tag: z.string().optional() }),
    output: z.string(),
    run: ({ id, tag }) => `#${id} ${tag ?? ''}`.trim(),
  }),
});

async function call(calls: ToolCall[], options: ContextOptions & { observationChars?: number } = {}) {
  const run = contextFor({ tools, ...options });
  const of = run.decide({ kind: 'call', calls });
  const outcome = await executeJson(
    { observationChars: options.observationChars ?? 4_000 },
    { kind: 'call', calls, of },
    run,
  );
  return { run, of, outcome, calls };
}

it('gives each result as a part, under the id of its call', async () => {
  const { run } = await call([{ id: 'a', tool: 'show', args: { id: 7 } }]);
  expect(run.lastOf('observation')).toMatchObject({
    state: 'done',
    value: '#7',
    calls: 1,
    parts: [{ result: 'a', tool: 'show', value: '#7' }],
  });
});

it('runs side by side what depends on nothing, and puts results where references stand', async () => {
  log.length = 0;
  const { run } = await call([
    { id: 'c', tool: 'show', args: { id: { ref: 'a', path: 'id' }, tag: { ref: 'b', path: 'tags[0]' } } },
    { id: 'a', tool: 'find', args: { name: 'Ann' } },
    { id: 'b', tool: 'find', args: { name: 'Bo' } },
  ]);
  expect(log).toEqual(['begin Ann', 'begin Bo', 'end Ann', 'end Bo']);
  expect(run.lastOf('observation').parts[0]).toMatchObject({ value: '#3 Bo' });
});

it('skips what depends on a failed call, and says so', async () => {
  const { run } = await call([
    { id: 'a', tool: 'find', args: { name: 'nobody' } },
    { id: 'b', tool: 'show', args: { id: { ref: 'a', path: 'id' } } },
    { id: 'c', tool: 'show', args: { id: 1 }, after: ['a'] },
  ]);
  expect(run.lastOf('observation')).toMatchObject({
    state: 'failed',
    parts: [{ isError: true }, { isError: true, value: 'Skipped: a failed.' }, { value: 'Skipped: a failed.' }],
  });
});

it.each([
  [
    'a circle',
    [
      { id: 'a', tool: 'show', args: {}, after: ['b'] },
      { id: 'b', tool: 'show', args: {}, after: ['a'] },
    ],
  ],
  [
    'a path to nothing',
    [
      { id: 'x', tool: 'find', args: { name: 'Ann' } },
      { id: 'a', tool: 'show', args: { id: { ref: 'x', path: 'no' } } },
    ],
  ],
])('ends %s with an error', async (_title, calls) => {
  const { run } = await call(calls);
  expect(run.lastOf('observation').parts.at(-1)).toMatchObject({ isError: true });
});

it('suspends when a call waits and all others are settled; then goes on without doing them again', async () => {
  const calls = [
    { id: 'a', tool: 'show', args: { id: 1 } },
    { id: 'b', tool: 'find', args: { name: 'Ann' } },
  ];
  const { run, of, outcome } = await call(calls, { waits: ({ tool }) => tool === 'find' });
  expect(outcome).toEqual({ state: 'suspended', waiting: [{ for: 'approval', id: `${of}.b` }] });
  const again = run.restart({ waits: () => false });
  await executeJson({ observationChars: 4_000 }, { kind: 'call', calls, of }, again);
  expect(again.lastOf('observation').parts).toHaveLength(2);
  expect(again.ran()).toEqual(['find({"name":"Ann"})']);
});

it('cuts a long result in the middle', async () => {
  const { run } = await call([{ id: 'a', tool: 'find', args: { name: 'x'.repeat(900) } }], { observationChars: 200 });
  const [part] = run.lastOf('observation').parts;
  expect(part).toMatchObject({ value: expect.stringMatching(/characters cut/) });
});

it('takes for a reference only what names a call of the plan', () => {
  const values = new Map([['a', 1]]);
  expect(resolveRefs({ x: { ref: 'a' }, y: { ref: 'main' }, z: { ref: 'a', why: '' } }, values)).toEqual({
    x: 1,
    y: { ref: 'main' },
    z: { ref: 'a', why: '' },
  });
});
