import { tool as aiTool, jsonSchema } from 'ai';
import { assertType, describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { OptionError } from '../record/index.ts';
import { toolPromises } from '../testing/index.ts';
import { toTools } from './to-tools.ts';
import { tool } from './tool.ts';

const noop = { description: 'Does nothing.', input: z.object({}), run: () => null };

it('infers arguments and result from zod, and refuses a wrong result', () => {
  const price = tool({
    description: 'Price of an item, euros',
    input: z.object({ item: z.enum(['lamp', 'mug']), count: z.number().default(1) }),
    output: z.number(),
    run: ({ item, count }) => {
      expectTypeOf(item).toEqualTypeOf<'lamp' | 'mug'>();
      expectTypeOf(count).toEqualTypeOf<number>();
      return { lamp: 20, mug: 3 }[item] * count;
    },
  });
  expectTypeOf(price.run).returns.toExtend<number | Promise<number> | AsyncIterable<number>>();
  tool({
    ...noop,
    output: z.number(),
    // @ts-expect-error: text is no number.
    run: () => 'text',
  });
});

it('infers from JSON Schema, and from the AI SDK’s', () => {
  tool({
    description: 'Adds',
    input: { type: 'object', properties: { a: { type: 'number' }, b: { enum: ['x', 'y'] } }, required: ['a'] },
    run: ({ a, b }) => {
      expectTypeOf(a).toEqualTypeOf<number>();
      expectTypeOf(b).toEqualTypeOf<'x' | 'y' | undefined>();
      return a;
    },
  });
  tool({
    description: 'Adds',
    input: jsonSchema<{ a: number }>({ type: 'object' }),
    output: jsonSchema<number>({ type: 'number' }),
    run: ({ a }) => a,
  });
});

it('infers the result of a tool without an output schema for its undo', () => {
  tool({
    description: 'Adds a row',
    input: z.object({ row: z.string() }),
    run: async () => ({ id: 1 }),
    undo: ({ row }, { id }) => {
      expectTypeOf(row).toEqualTypeOf<string>();
      expectTypeOf(id).toEqualTypeOf<number>();
    },
  });
});

it('takes ours and the AI SDK’s in one record', () => {
  const weather = aiTool({
    description: 'Weather of a city',
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => `sun in ${city}`,
  });
  const named = toTools({ nothing: tool(noop), weather });
  assertType<Parameters<typeof toTools>[0]>({ weather });
  expect(named.map(({ name, effect, origin }) => [name, effect, origin])).toEqual([
    ['nothing', 'unknown', 'code'],
    ['weather', 'unknown', 'code'],
  ]);
});

it.each([
  ['undo', { undo: () => {} }, 'reversible'],
  ['compensate', { compensate: () => {} }, 'compensable'],
  ['nothing', {}, 'unknown'],
  ['both', { undo: () => {}, compensate: () => {} }, 'reversible'],
] as const)('takes the effect from %s', (_title, more, effect) => {
  expect(toTools({ one: tool({ ...noop, ...more }) })[0]?.effect).toBe(effect);
});

it.each([
  [
    'no description',
    { one: { ...noop, description: ' ' } },
    'Option `tools.one.description`: expected a sentence that tells the model what the tool does, its units and its result.',
  ],
  [
    'no run',
    { one: { description: 'x', input: z.object({}) } },
    'Option `tools.one.run`: expected a function that takes the arguments object.',
  ],
  [
    'an AI SDK tool without execute',
    { one: { description: 'x', inputSchema: z.object({}) } },
    'Option `tools.one.execute`: expected a function that takes the arguments object.',
  ],
  [
    'a hyphen',
    { 'get-weather': noop },
    'Option `tools`: the tool name "get-weather" is no identifier, and programs call tools by name; rename it, for example to getWeather.',
  ],
  [
    'a reserved word',
    { delete: noop },
    'Option `tools`: the tool name "delete" is a word of the language; rename it, for example to deleteTool.',
  ],
  [
    'a builtin',
    { answer: noop },
    'Option `tools`: the tool name "answer" is the name of a builtin; rename it, for example to answerTool.',
  ],
  [
    'no object',
    { one: { ...noop, input: z.string() } },
    'Option `tools.one.input`: a tool takes one object, and this schema is of "string"; wrap it, for example z.object({ value: … }).',
  ],
  [
    'no schema',
    { one: { ...noop, input: 5 } },
    'Option `tools.one.input`: expected a schema (zod, Standard Schema, JSON Schema or jsonSchema()).',
  ],
  [
    'a promised schema',
    { one: { ...noop, input: jsonSchema(Promise.resolve({})) } },
    'Option `tools.one.input`: its JSON Schema is a promise; await it and give the document.',
  ],
  [
    'an unknown effect',
    { one: { ...noop, effect: 'write' } },
    'Option `tools.one.effect`: expected read, reversible, compensable, irreversible, unknown, got "write".',
  ],
  [
    'reversible without undo',
    { one: { ...noop, effect: 'reversible' } },
    'Option `tools.one.effect`: a reversible tool needs `undo`; give it, or say irreversible.',
  ],
  [
    'a timeout of 0',
    { one: { ...noop, timeoutMs: 0 } },
    'Option `tools.one.timeoutMs`: expected a whole number of at least 1, got 0.',
  ],
  [
    'an example that is no object',
    { one: { ...noop, examples: [{ args: 1 }] } },
    'Option `tools.one.examples`: expected a list of { args: { … }, result? }.',
  ],
  [
    'no tool at all',
    { one: 5 },
    'Option `tools.one`: expected a tool; make one with tool({ description, input, run }).',
  ],
])('refuses %s, by name and with what to do', (_title, tools, message) => {
  const build = () => toTools(tools as never);
  expect(build).toThrow(OptionError);
  expect(build).toThrow(message);
});

it('refuses two tools of one name', () => {
  expect(() => toTools([{ one: tool(noop) }, ...toTools({ one: tool(noop) })])).toThrow(
    'Option `tools.one`: two tools have this name; rename one.',
  );
});

it('gives equal tools equal digests, and changed ones others', () => {
  const digest = (more: object) => toTools({ one: tool({ ...noop, ...more }) })[0]?.digest;
  expect(digest({})).toBe(digest({ run: () => 1 }));
  expect(digest({})).not.toBe(digest({ effect: 'read' }));
  expect(digest({})).not.toBe(digest({ input: z.object({ a: z.string() }) }));
});

it('takes schemas of another library by their JSON Schema, and refuses those that have none', () => {
  const check = { version: 1, vendor: 'other', validate: (value: unknown) => ({ value }) } as const;
  const jsonSchema = { input: () => ({ type: 'object' }), output: () => ({ type: 'object' }) };
  expect(toTools({ one: { ...noop, input: { '~standard': { ...check, jsonSchema } } } })[0]?.input).toEqual({
    type: 'object',
  });
  expect(() => toTools({ one: { ...noop, input: { '~standard': check } } })).toThrow(
    'Option `tools.one.input`: schemas of other cannot be shown to a model; give its JSON Schema, or use zod.',
  );
});

describe('keeps the promises of a tool', () => {
  const rows: string[] = [];
  const add = tool({
    description: 'Adds a row',
    input: z.object({ row: z.string() }),
    output: z.object({ at: z.number() }),
    examples: [{ args: { row: 'a' }, result: { at: 0 } }],
    run: ({ row }) => ({ at: rows.push(row) - 1 }),
    undo: (_args, { at }) => void rows.splice(at, 1),
  });
  const weather = aiTool({
    description: 'Weather of a city',
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => ({ city, seen: new Date(0) }),
  });
  const named = (one: Parameters<typeof toTools>[0]) => toTools(one)[0]!;

  it.each(toolPromises(() => ({ tool: named({ add }), args: { row: 'b' }, observe: () => [...rows] })))(
    'one of ours: $title',
    ({ run }) => run(),
  );
  it.each(toolPromises(() => ({ tool: named({ weather }), args: { city: 'Rome' } })))(
    'one of the AI SDK: $title',
    ({ run }) => run(),
  );
});
