import { expect, it } from 'vitest';
import { quickjs, type Sandbox, type Session } from '../../sandbox/index.ts';
import { passesTests } from './program.ts';

const sandbox = quickjs();
const tests = `const testAdd = () => {
  console.assert(add(1, 2) === 3)
  console.assert(JSON.stringify([add(2, 2)]) === JSON.stringify([4]))
}
testAdd()`;
const judge = (program: string, given = tests, ms = 300) =>
  passesTests('tests', { sandbox, program, tests: given, ms });

it.each([
  ['a right program', 'const add = (a, b) => a + b', 'pass', 'All 2 assertions held.'],
  ['TypeScript', 'function add(a: number, b: number): number { return a + b }', 'pass', 'All 2 assertions held.'],
  [
    'a wrong program, though `console.assert` throws nothing',
    'const add = (a, b) => a * b',
    'fail',
    '1 of 2 assertions failed.',
  ],
  ['nothing', '', 'fail', 'A test was ended by ReferenceError: "add is not defined".'],
  ['no program', 'const add = (a, b', 'fail', /^The program was ended by SyntaxError/],
  ['a program that throws', 'const add = () => { throw new Error("no") }', 'fail', 'A test was ended by Error: "no".'],
  ['a program that never ends', 'const add = () => { for (;;); }', 'unknown', /^A test was ended by TimeoutError/],
  ['a program that waits for ever', 'await new Promise(() => {})', 'unknown', /^The program was ended by StuckError/],
])('%s', async (_title, program, verdict, reason) => {
  const said = await judge(program);
  expect(said.verdict).toBe(verdict);
  if (typeof reason === 'string') expect(said.reason).toBe(reason);
  else expect(said.reason).toMatch(reason);
});

it.each([
  ['a console of its own', 'globalThis.console = { assert() {} }; const add = () => 0'],
  ['equal texts for everything', 'try { JSON.stringify = () => "" } catch {}; const add = (a, b) => (a === 1 ? 3 : 0)'],
  ['another JSON', 'globalThis.JSON = { stringify: () => "" }; const add = (a, b) => (a === 1 ? 3 : 0)'],
  ['a JSON declared again', 'var JSON = { stringify: () => "" }; const add = (a, b) => (a === 1 ? 3 : 0)'],
  [
    'objects that all read alike',
    'try { Object.prototype.toJSON = () => 0 } catch {}; const add = (a) => (a === 1 ? 3 : 0)',
  ],
  [
    'lists that read otherwise',
    'const next = Object.getPrototypeOf([][Symbol.iterator]()); try { next.next = () => ({ done: true }) } catch {}; const add = () => 0',
  ],
  [
    'names that it looks for',
    'const add = () => { for (const name of Object.getOwnPropertyNames(globalThis)) if (name.startsWith("counted_")) { globalThis[name].failed = -99; globalThis[name].asked = 9; } return 0; }',
  ],
  [
    'promises that come to what it says',
    "const add = () => 0; Object.defineProperty(Promise.prototype, 'constructor', { value: function F() {}, configurable: true }); Promise.prototype.then = function (done) { done('2 0'); };",
  ],
])('does not fall for %s', async (_title, program) => {
  expect((await judge(program)).verdict).not.toBe('pass');
});

it('takes no result of the tests without its own mark', async () => {
  const forging: Sandbox = {
    ...sandbox,
    async open(options) {
      const session = await sandbox.open(options);
      const start: Session['start'] = async (program) => {
        const turn = await session.start(program);
        return program.source.includes('assertion$') ? { ...turn, value: { text: '2 0', json: '2 0' } } : turn;
      };
      return { ...session, start, close: () => session.close() };
    },
  };
  const right = 'const add = (a, b) => a + b';
  expect(await passesTests('tests', { sandbox: forging, program: right, tests })).toMatchObject({ verdict: 'fail' });
});

it('lets a program define what it likes of its own', async () => {
  const own = `class Sum { constructor(n) { this.n = n } toString() { return 'sum' } valueOf() { return this.n } }
Sum.prototype.toJSON = function () { return this.n };
const list = [1]; list.total = 1; Date.prototype.plus = () => 1; Function.prototype.twice = () => 2;
const add = (a, b) => new Sum(a) + new Sum(b)`;
  expect(await judge(own)).toMatchObject({ verdict: 'pass' });
});

it('does not take tests that assert nothing for a pass', async () => {
  expect(await judge('const add = (a, b) => a + b', 'const testAdd = () => {}')).toMatchObject({
    verdict: 'unknown',
    reason: 'No assertion was reached.',
  });
});

it('has no files, no network and no process', async () => {
  const reach = "console.assert([typeof process, typeof require, typeof fetch].every((kind) => kind === 'undefined'))";
  expect(await judge('', reach)).toMatchObject({ verdict: 'pass' });
  expect(await judge("await import('node:fs')", 'console.assert(true)')).toMatchObject({ verdict: 'fail' });
});
