import { tool as aiTool, jsonSchema } from 'ai';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { CancelledError, type Json, ToolError } from '../record/index.ts';
import { invokeTool } from './invoke-tool.ts';
import { toJson } from './to-json.ts';
import { type ToolRecord, toTools } from './to-tools.ts';
import { type Tool, tool, type UndoContext } from './tool.ts';

const contextWith = (signal = new AbortController().signal): UndoContext => ({
  signal,
  idempotencyKey: 'key',
  run: 'run',
  call: 'call',
});
const still = { sleep: () => new Promise<void>(() => {}) };
const named = (one: ToolRecord[string]) => toTools({ one })[0]!;
const invoke = (one: ToolRecord[string], args: Json = {}) => invokeTool(named(one), args, contextWith(), still);
const returning = (value: unknown) => tool({ description: 'x', input: z.object({}), run: () => value });
const price = tool({
  description: 'Price of an item, euros',
  input: z.object({
    item: z.enum(['lamp', 'mug']),
    count: z.number().int().default(1),
    tags: z.array(z.string()).optional(),
  }),
  output: z.number(),
  run: ({ item, count }) => ({ lamp: 20, mug: 3 })[item] * count,
});
const { '~standard': _, ...document } = { ...named(price).input, '~standard': undefined };
const priceByDocument = { ...price, input: document } as Tool;

it('checks arguments, fills in what the schema fills in, and gives the result', async () => {
  expect(await invoke(price, { item: 'lamp' })).toBe(20);
  expect(await invoke(price, { item: 'mug', count: 2 })).toBe(6);
});

it.each([
  [
    'a value that is none of several',
    { item: 'lmp' },
    '`item`: expected "lamp" | "mug", got "lmp"; did you mean "lamp"?',
  ],
  ['a wrong type', { item: 'lamp', count: '2' }, '`count`: expected integer, got "2"'],
  ['a nested wrong type', { item: 'lamp', tags: ['a', 1] }, '`tags[1]`: expected string, got 1'],
  ['a missing property', {}, '`item`: expected "lamp" | "mug", got nothing'],
  ['a misspelt property', { itme: 'lamp' }, '`itme`: there is no such property. Did you mean `item`?'],
  [
    'a misspelt optional property',
    { item: 'lamp', conut: 1 },
    '`conut`: there is no such property. Did you mean `count`?',
  ],
  ['no object', [1] as Json, 'expected object, got an array of 1'],
])('says what is wrong with the arguments: %s', async (_title, args, problem) => {
  const message = `one was called with wrong arguments: ${problem}`;
  for (const one of [price, priceByDocument]) {
    const failing = invoke(one, args);
    await expect(failing).rejects.toThrow(ToolError);
    await expect(failing).rejects.toMatchObject({ code: 'tool-input-invalid', message });
  }
});

it('says what is wrong with the result', async () => {
  await expect(invoke({ ...price, run: () => 'twenty' as never }, { item: 'mug' })).rejects.toMatchObject({
    code: 'tool-output-invalid',
    message: 'one returned something else than it promises: expected number, got "twenty"',
  });
});

it('gives the last value of an async iterable, also the AI SDK’s', async () => {
  const execute = async function* () {
    yield 'half';
    yield 'whole';
  };
  expect(await invoke(aiTool({ description: 'x', inputSchema: z.object({}), execute }))).toBe('whole');
  expect(await invoke(tool({ description: 'x', input: z.object({}), run: execute }))).toBe('whole');
});

it('checks with the AI SDK’s schemas, with and without a validator of their own', async () => {
  const inputSchema = jsonSchema<{ a: number }>({
    type: 'object',
    properties: { a: { type: 'number' } },
    required: ['a'],
  });
  const execute = ({ a }: { a: number }) => a;
  expect(await invoke(aiTool({ description: 'x', inputSchema, execute }), { a: 1 })).toBe(1);
  await expect(invoke(aiTool({ description: 'x', inputSchema, execute }), { a: 'b' })).rejects.toThrow(
    '`a`: expected number, got "b"',
  );
});

it('tells the tool its call, its key and its signal', async () => {
  const run = vi.fn(() => null);
  await invoke(tool({ description: 'x', input: z.object({}), run }));
  expect(run).toHaveBeenCalledWith(
    {},
    { signal: expect.any(AbortSignal), idempotencyKey: 'key', run: 'run', call: 'call', child: expect.any(Function) },
  );
});

it('ends a call that takes too long, and tells the tool', async () => {
  let heard: AbortSignal | undefined;
  const slow = tool({
    description: 'x',
    input: z.object({}),
    timeoutMs: 5,
    run: (_args, { signal }) => {
      heard = signal;
      return new Promise(() => {});
    },
  });
  const passed: number[] = [];
  const clock = { sleep: async (ms: number) => void passed.push(ms) };
  await expect(invokeTool(named(slow), {}, contextWith(), clock)).rejects.toMatchObject({
    code: 'tool-timeout',
    message: 'one took longer than 5 ms.',
  });
  expect(passed).toEqual([5]);
  expect(heard?.aborted).toBe(true);
});

it('ends a call when its signal aborts, before and during', async () => {
  const stop = new AbortController();
  const waits = tool({ description: 'x', input: z.object({}), run: () => new Promise(() => {}) });
  const during = invokeTool(named(waits), {}, contextWith(stop.signal), still);
  stop.abort();
  await expect(during).rejects.toThrow(CancelledError);
  await expect(invokeTool(named(waits), {}, contextWith(stop.signal), still)).rejects.toThrow('one was cancelled.');
});

it('passes on what a tool threw without host stack and credentials, and keeps the error for the host', async () => {
  const failure = new Error(
    'GET https://me:hunter2@host/x?api_key=abcdef failed, Authorization: Bearer abcdefghijkl\n    at run (/home/me/tool.js:1:2)',
  );
  const throws = (error: unknown) =>
    tool({
      description: 'x',
      input: z.object({}),
      run: () => {
        throw error;
      },
    });
  await expect(invoke(throws(failure))).rejects.toMatchObject({
    code: 'tool-failed',
    message: 'one failed: GET https://[hidden]@host/x?api_key=[hidden] failed, Authorization: Bearer [hidden]',
    cause: failure,
  });
  await expect(invoke(throws('bare text'))).rejects.toThrow('one failed: bare text');
  await expect(invoke(throws({ message: 'shaped' }))).rejects.toThrow('one failed: shaped');
  await expect(invoke(throws(undefined))).rejects.toThrow('one failed: undefined');
  await expect(
    invoke({ ...price, run: async () => Promise.reject(new Error('later')) }, { item: 'mug' }),
  ).rejects.toThrow('one failed: later');
});

const circle: { self?: unknown } = {};
circle.self = circle;

it.each([
  ['undefined', undefined, null],
  ['a function', () => 1, null],
  ['a symbol', Symbol('x'), null],
  ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
  ['an invalid date', new Date(Number.NaN), null],
  ['a big integer', 5n, 5],
  ['a bigger integer', 2n ** 60n, '1152921504606846976'],
  ['NaN', [Number.NaN, Number.POSITIVE_INFINITY], [null, null]],
  ['functions and undefined in an object', { a: () => 1, b: undefined, c: [undefined] }, { c: [null] }],
  ['a map and a set', new Map<string, unknown>([['a', new Set([1])]]), { a: [1] }],
  ['an error', new TypeError('no'), { name: 'TypeError', message: 'no' }],
  ['bytes', Buffer.from('hi'), 'aGk='],
  ['a circle', circle, { self: '[circular]' }],
  ['an address', new URL('https://a.b/'), 'https://a.b/'],
])('makes JSON of %s', async (_title, value, json) => {
  expect(await invoke(returning(value))).toEqual(json);
});

it('checks a date as the library sees it, and hands it out as text', async () => {
  const today = tool({
    description: 'x',
    input: z.object({}),
    output: z.object({ day: z.date() }),
    run: () => ({ day: new Date(0) }),
  });
  expect(await invoke(today)).toEqual({ day: '1970-01-01T00:00:00.000Z' });
  expect(named(today).output).toMatchObject({ properties: { day: { type: 'string', format: 'date-time' } } });
});

it('says that a result cannot be read when it throws at reading', async () => {
  const hostile = {
    get trap() {
      throw new Error('boo');
    },
  };
  await expect(invoke(returning(hostile))).rejects.toMatchObject({
    code: 'tool-output-invalid',
    message: 'one returned something that cannot be read: boo',
  });
});

it('makes of anything what JSON makes of it, and JSON of everything', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(toJson(value)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  fc.assert(
    fc.property(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
      (value) => {
        const json = toJson(value);
        expect(JSON.parse(JSON.stringify(json))).toEqual(json);
      },
    ),
  );
});
