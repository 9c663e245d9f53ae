import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { quickjs } from './quickjs.ts';
import type { Session, Turn } from './sandbox.ts';

const sandbox = quickjs();
let session: Session;

beforeAll(async () => {
  session = await sandbox.open({
    tools: ['price'],
    limits: { turnMs: 2_500, memoryBytes: 64 * 1_048_576, outputChars: 20_000, pendingCalls: 1_000 },
  });
  await session.start({ source: 'let kept = 41;', now: 0 });
});
afterAll(() => session.close());

/** Each must end as a turn, and the session must go on. `ends` is the error's name, or `done`. */
const programs: [title: string, ends: string | RegExp, source: string][] = [
  ['an endless loop', 'TimeoutError', 'for (;;) {}'],
  ['an endless loop of awaits', 'TimeoutError', 'for (;;) await null'],
  [
    'an endless chain of promises',
    /^(Timeout|Memory)Error$/,
    'const spin = () => Promise.resolve().then(spin); await spin()',
  ],
  ['a native search that cannot be interrupted', 'TimeoutError', '"a".repeat(4e6).indexOf("a".repeat(2e6) + "c")'],
  ['a native join of a huge length', 'TimeoutError', 'Array.prototype.join.call({ length: 2 ** 53 - 1 }, "")'],
  ['a native reverse of a huge length', 'TimeoutError', 'Array.prototype.reverse.call({ length: 2 ** 53 - 1 })'],
  ['a backtracking regular expression', 'TimeoutError', '/^(a+)+$/.test("a".repeat(60) + "b")'],
  ['an allocation bomb', 'MemoryError', 'const hold = []; for (;;) hold.push(new ArrayBuffer(1e6))'],
  [
    'a bomb over many turns of the loop',
    'MemoryError',
    'const h = []; for (;;) { await 0; h.push(new ArrayBuffer(1e6)) }',
  ],
  [
    'a bomb that is caught and kept',
    'MemoryError',
    'globalThis.h = []; try { for (;;) h.push(new ArrayBuffer(1e6)) } catch {}',
  ],
  ['a huge array', 'MemoryError', 'new Array(2 ** 30).fill(0)'],
  ['a string that doubles', /Error$/, 'let s = "x"; for (;;) s += s'],
  ['deep recursion', 'RangeError', 'const deep = () => deep() + 1; deep()'],
  ['deep recursion of async functions', 'RangeError', 'const deep = async () => { await deep() }; await deep()'],
  ['deeply nested JSON', /Error$/, 'JSON.parse("[".repeat(1e6) + "]".repeat(1e6))'],
  ['deeply nested source', /Error$/, 'eval("[".repeat(1e5))'],
  ['deeply nested arguments', 'TypeError', 'let d = {}; for (let i = 0; i < 1e4; i++) d = { d }; await price(d)'],
  ['a deeply nested value', 'done', 'let e = {}; for (let i = 0; i < 1e4; i++) e = { e }; e'],
  ['a chain of proxies', /Error$/, 'let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); p.x'],
  ['100,000 pending calls', 'LimitError', 'await Promise.all(Array.from({ length: 1e5 }, () => price({})))'],
  ['10 MB of output', 'done', 'for (let i = 0; i < 100; i++) console.log("x".repeat(1e5))'],
  ['a value of 10 MB', 'done', '"y".repeat(1e7)'],
  ['Function', 'done', 'const g = Function("return this")(); if (g.process || g.require) throw 1'],
  ['a tool’s constructor', 'done', 'if (price.constructor("return typeof process")() !== "undefined") throw 1'],
  ['indirect eval', 'done', 'if ((0, eval)("typeof require") !== "undefined") throw 1'],
  ['import()', 'ReferenceError', 'await import("node:fs")'],
  ['import', 'SyntaxError', 'import fs from "node:fs"'],
  ['require', 'ReferenceError', 'require("node:fs")'],
  ['a getter that throws in a value', 'done', '({ get x() { throw new Error("x") } })'],
  ['a getter that throws in what is logged', 'done', 'console.log({ get x() { throw new Error("x") } })'],
  ['a cyclic value', 'done', 'const c: any = {}; c.c = c; console.log(c); c'],
  ['a thenable value', 'done', '({ then(done) { done(5) } })'],
  ['a thenable that never ends', 'done', '({ then() { for (;;) {} } })'],
  [
    'a proxy that throws',
    'done',
    'new Proxy({}, { get() { throw 1 }, ownKeys() { throw 2 }, getPrototypeOf() { throw 3 } })',
  ],
  ['a proxy that never ends', 'TimeoutError', 'new Proxy({}, { ownKeys() { for (;;) {} } })'],
  ['an error whose message throws', 'Error', 'throw { get message() { throw 1 } }'],
  ['an error that is nothing', 'Thrown', 'throw undefined'],
  ['a timer whose callback throws', 'Error', 'setTimeout(() => { throw new Error("late") }, 1)'],
  [
    'tampering with every prototype the bridge could lean on',
    'done',
    `JSON.stringify = JSON.parse = () => { throw 1 };
     Promise.prototype.then = () => { throw 2 };
     Map.prototype.get = Map.prototype.set = Map.prototype.delete = () => { throw 3 };
     Array.prototype[Symbol.iterator] = () => { throw 4 };
     Object.defineProperty(Array.prototype, '0', { set() { throw 5 }, configurable: true });
     Reflect.apply = Reflect.ownKeys = Function.prototype.call = String.prototype.slice = () => { throw 6 };
     Object.prototype.toJSON = () => 'changed';
     globalThis.Promise = globalThis.Error = globalThis.String = undefined;
     console.log(await price({ item: 'lamp' }));`,
  ],
];

it.each(programs)('goes on after %s', async (_title, ends, source) => {
  let turn: Turn = await session.start({ source, now: 0 });
  for (let now = 1; turn.state === 'waiting' && now < 10; now++) {
    turn = await session.settle(
      turn.calls.map(({ id }) => ({ id, value: 20 })),
      now,
    );
  }
  expect(turn.state === 'failed' ? turn.error.name : turn.state).toMatch(ends);
  expect(JSON.stringify(turn).length).toBeLessThan(100_000);
  expect(JSON.stringify(turn)).not.toMatch(/file:|node_modules|wasm-function|\.js:/);
  expect(await session.start({ source: 'kept + 1', now: 0 })).toMatchObject({ state: 'done', value: { text: '42' } });
});

it('keeps what ran before a program that was ended, and nothing of the program', async () => {
  const fresh = await sandbox.open({ tools: [], limits: { turnMs: 200 } });
  await fresh.start({ source: 'const rows = [1, 2, 3];', now: 0 });
  const turn = await fresh.start({
    source: 'rows.length = 0; const extra = 1; console.log("so far"); for (;;) {}',
    now: 0,
  });
  expect(turn).toMatchObject({
    state: 'failed',
    error: { message: expect.stringContaining('variables are as before it') },
    logs: [{ text: 'so far' }],
    names: [{ name: 'rows', kind: 'const' }],
  });
  expect(await fresh.start({ source: '[rows.length, typeof extra]', now: 0 })).toMatchObject({
    value: { json: [3, 'undefined'] },
  });
  fresh.close();
});

it('keeps the other sessions of a worker that had to be ended, also those that wait', async () => {
  const root = await sandbox.open({ tools: ['price'], limits: { turnMs: 200 } });
  await root.start({ source: 'let n = 1; n += await price({}); n', now: 0 });
  const forks = await Promise.all(Array.from({ length: 12 }, () => root.fork()));
  const [first, ...others] = forks;
  await first?.settle([{ id: 1, value: 1 }], 0);
  const bad = await first?.start({ source: '"a".repeat(4e6).indexOf("a".repeat(2e6) + "c")', now: 0 });
  expect(bad).toMatchObject({ state: 'failed', error: { name: 'TimeoutError' } });
  expect(await first?.start({ source: 'n', now: 0 })).toMatchObject({ value: { json: 2 } });
  for (const [at, other] of others.entries()) {
    expect(await other.settle([{ id: 1, value: at }], 0)).toMatchObject({ value: { json: 1 + at } });
  }
  expect(await root.settle([{ id: 1, value: 100 }], 0)).toMatchObject({ value: { json: 101 } });
  for (const one of [root, ...forks]) one.close();
});

it('forgets a program that had to be ended after it was restored half-way', async () => {
  const root = await sandbox.open({ tools: ['price'] });
  await root.start({ source: 'let n = 1; n += await price({}); for (;;) {}', now: 0 });
  const limits = { turnMs: 200 };
  const restored = await sandbox.restore(await root.snapshot(), { tools: ['price'], limits });
  expect(await restored.settle([{ id: 1, value: 1 }], 0)).toMatchObject({
    state: 'failed',
    error: { name: 'TimeoutError' },
  });
  expect(await restored.start({ source: 'n', now: 0 })).toMatchObject({ state: 'done', value: { json: 1 } });
  root.close();
  restored.close();
});

it('takes 20 MB of JSON as a variable within its default memory', async () => {
  const rows = Array.from({ length: 230_000 }, (_, id) => ({
    id,
    supplier: `supplier number ${id}`,
    priceEur: id * 1.25,
    country: 'DE',
  }));
  expect(JSON.stringify(rows).length).toBeGreaterThan(18_000_000);
  const given = await sandbox.open({ tools: [], globals: { rows } });
  const turn = await given.start({ source: 'rows.reduce((sum, row) => sum + row.priceEur, 0)', now: 0 });
  expect(turn).toMatchObject({ state: 'done', value: { json: rows.reduce((sum, row) => sum + row.priceEur, 0) } });
  given.close();
});

it('restores in this process what another one took, with calls pending', async () => {
  const script = `
    const { quickjs } = await import(process.argv[1]);
    const session = await quickjs().open({ tools: ['price'] });
    await session.start({ source: 'class Sum { total = 0; add(n: number) { this.total += n } } const sum = new Sum();', now: 0 });
    await session.start({ source: '(await Promise.all([price({ n: 1 }), price({ n: 2 })])).forEach((n) => sum.add(n)); sum.total', now: 0 });
    const { bytes, ...snapshot } = await session.snapshot();
    process.stdout.write(JSON.stringify({ ...snapshot, bytes: Buffer.from(bytes).toString('base64') }));
  `;
  const args = ['--input-type=module', '-e', script, fileURLToPath(new URL('./quickjs.ts', import.meta.url))];
  const taken = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 }));
  const snapshot = { ...taken, bytes: Buffer.from(taken.bytes, 'base64') };
  const restored = await sandbox.restore(snapshot, { tools: ['price'] });
  await restored.settle([{ id: 2, value: 20 }], 0);
  expect(await restored.settle([{ id: 1, value: 3 }], 0)).toMatchObject({ state: 'done', value: { json: 23 } });
  restored.close();
});

it('gives memory back, and lets the process end with sessions open', () => {
  const script = `
    const { quickjs } = await import(process.argv[1]);
    const used = async () => {
      for (let turn = 0; turn < 20; turn++) { globalThis.gc(); await new Promise((done) => setTimeout(done, 50)); }
      const { external, arrayBuffers } = process.memoryUsage();
      return external + arrayBuffers;
    };
    const sandbox = quickjs();
    const warm = await sandbox.open({ tools: [] });
    await warm.start({ source: '1', now: 0 });
    const before = await used();
    for (let round = 0; round < 3; round++) {
      const session = await sandbox.open({ tools: ['price'] });
      await session.start({ source: 'let hold = new Array(1e6).fill(1); await price({})', now: 0 });
      const forks = await Promise.all(Array.from({ length: 5 }, () => session.fork()));
      for (const fork of forks) await fork.settle([{ id: 1, value: 1 }], 0);
      await session.snapshot();
      await session.settle([{ id: 1, value: 1 }], 0);
      await session.start({ source: 'for (;;) hold.push(hold.slice())', now: 0 });
      for (const one of [session, ...forks]) one.close();
    }
    process.stdout.write(String((await used()) - before));
  `;
  const args = [
    '--expose-gc',
    '--input-type=module',
    '-e',
    script,
    fileURLToPath(new URL('./quickjs.ts', import.meta.url)),
  ];
  const grown = Number(execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 120_000 }));
  expect(grown).toBeLessThan(20 * 1_048_576);
});
