import { afterAll, beforeAll, expect, it } from 'vitest';
import { quickjs } from './quickjs.ts';
import type { Session } from './sandbox.ts';

let session: Session;
beforeAll(async () => {
  session = await quickjs().open({ tools: ['price'] });
});
afterAll(() => session.close());

it.each([
  ["'a\\nb'", 'a\nb'],
  ["['it\\'s', 'a \"b\"']", `["it's", 'a "b"']`],
  ['[1, -0, 10n, null, undefined, NaN]', '[1, -0, 10n, null, undefined, NaN]'],
  ["({ a: 1, 'b-c': [{ d: true }] })", "{ a: 1, 'b-c': [{ d: true }] }"],
  ['[]', '[]'],
  ['[1, , 3]', '[1, <empty>, 3]'],
  ['new Map([[1, { a: 2 }]])', 'Map(1) { 1 => { a: 2 } }'],
  ['new Set(["a"])', "Set(1) { 'a' }"],
  ['new Date(0)', '1970-01-01T00:00:00.000Z'],
  ['new Date(NaN)', 'Invalid Date'],
  ['/a+/gi', '/a+/gi'],
  ['new RangeError("far")', 'RangeError: far'],
  ['new Error("a", { cause: 1 })', 'Error: a { cause: 1 }'],
  ['new (class Point { x = 1 })()', 'Point { x: 1 }'],
  ['(class Point {})', '[class Point]'],
  ['(function go() {})', '[Function: go]'],
  ['price', '[Function: price]'],
  ['new Uint8Array(3)', 'Uint8Array(3) [0, 0, 0]'],
  ['Object.create(null)', '[Object: null prototype] {}'],
  ['({ get a() { throw 1 }, set b(v) {} })', '{ a: [Getter], b: [Setter] }'],
  ['Symbol("s")', 'Symbol(s)'],
  ['({ [Symbol("s")]: 1 })', '{ [Symbol(s)]: 1 }'],
  ['(() => { const a = {}; a.a = a; return a })()', '{ a: [Circular] }'],
  ['price({})', 'awaited'],
  ['[Promise.resolve(1)]', '[Promise { <use await to get its value> }]'],
  ['Array.from({ length: 200 }, (_, n) => n).slice(0, 101)', expect.stringContaining('… 1 more')],
  [
    '[{ supplier: "A long name", priceEur: 12.5, country: "DE" }, { supplier: "Another long name", priceEur: 3, country: "FR" }]',
    "[\n  { supplier: 'A long name', priceEur: 12.5, country: 'DE' },\n  { supplier: 'Another long name', priceEur: 3, country: 'FR' }\n]",
  ],
])('shows %s', async (source, expected) => {
  let turn = await session.start({ source: `(${source})`, now: 0 });
  for (const { id } of turn.state === 'waiting' ? turn.calls : [])
    turn = await session.settle([{ id, value: 'awaited' }], 0);
  expect(turn.value?.text).toEqual(expected);
});

it.each([
  [
    'a Map',
    'answer({ a: [new Map()] })',
    'answer() takes JSON: the value at a[0] is a Map (make it an object or an array first).',
  ],
  ['a promise', 'answer({ a: price({}) })', 'answer() takes JSON: the value at a is a Promise (await it first).'],
  ['NaN', 'await price({ n: 0 / 0 })', 'price() takes JSON: the value at n is NaN.'],
  ['nothing', 'answer(undefined)', 'answer() takes JSON: the value is undefined.'],
  ['a cycle', 'const c = {}; c.c = c; answer(c)', expect.stringContaining('or holds itself')],
  ['a bigint', 'answer(1n)', 'answer() takes JSON: the value is a bigint.'],
])('says what JSON cannot hold: %s', async (_title, source, message) => {
  let turn = await session.start({ source, now: 0 });
  for (const { id } of turn.state === 'waiting' ? turn.calls : []) turn = await session.settle([{ id, value: 1 }], 0);
  expect(turn).toMatchObject({ state: 'failed', error: { name: 'TypeError', message } });
});
