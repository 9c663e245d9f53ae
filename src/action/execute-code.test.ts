import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import type { RunEvent } from '../record/index.ts';
import { quickjs } from '../sandbox/index.ts';
import { type ContextOptions, contextFor, fakeClock, type TestRun } from '../testing/index.ts';
import { executeCode } from './execute-code.ts';
import { toTools } from './to-tools.ts';
import { tool } from './tool.ts';

const sandbox = quickjs();
const opened: TestRun[] = [];
afterEach(() => {
  for (const run of opened.splice(0)) run.close();
});

const tools = toTools({
  look: tool({
    description: 'Looks a number up',
    effect: 'read',
    input: z.object({ n: z.number() }),
    output: z.number(),
    run: async ({ n }) => {
      if (n < 0) throw new Error('negative');
      for (let turn = n % 3; turn > 0; turn--) await null;
      return n * 10;
    },
  }),
  pay: tool({
    description: 'Pays',
    input: z.object({ to: z.string() }),
    output: z.string(),
    run: ({ to }) => `paid ${to}`,
  }),
});
const parts = { sandbox, tools, observationChars: 200 };

function start(options: ContextOptions = {}): TestRun {
  const run = contextFor({ tools, ...options });
  opened.push(run);
  run.append({ kind: 'task', by: 'user', parts: [{ text: 'Do it.' }] });
  return run;
}

function reopen(run: TestRun, options: Partial<ContextOptions> = {}): TestRun {
  const again = run.restart(options);
  opened.push(again);
  return again;
}

async function act(run: TestRun, code: string) {
  const of = run.decide({ kind: 'act', code });
  return executeCode(parts, { code, of }, run);
}

const text = (run: TestRun) =>
  run
    .lastOf('observation')
    .parts.map((part) => ('text' in part ? part.text : ''))
    .join('\n');

it('says that nothing was logged, and what to do about it', async () => {
  const run = start();
  await act(run, 'const a = 1;');
  expect(text(run)).toBe(
    'The program ran and logged nothing. Log what you need to see with console.log(…), or give the result with answer(…).',
  );
});

it('shows a failure with its line of the program', async () => {
  const run = start();
  await act(run, 'const a = { b: 1 };\nconsole.log("before");\na.c.d;');
  expect(run.lastOf('observation')).toMatchObject({ state: 'failed', error: { name: 'TypeError', line: 3 } });
  expect(text(run)).toMatch(/^before\nTypeError: .*\(line 3, column \d+\)\n {2}3 \| a\.c\.d;\n {4}\| +\^$/);
});

it('tells what the calls gave of which a program without an answer showed nothing', async () => {
  const run = start();
  await act(run, 'const page = await pay({ to: "Ann" });\nanswer(page.match(/price: (.*)/)?.[1]);');
  expect(text(run)).toMatch(/^pay\({"to":"Ann"}\) returned paid Ann\nTypeError: answer\(\) takes JSON/);
  await act(run, 'const n = await look({ n: 7 }); if (n < 0) console.log("none"); else console.log("nothing found");');
  expect(text(run)).toBe('nothing found\nlook({"n":7}) returned 70');
  await act(run, 'for (let n = 1; n < 9; n++) await look({ n });');
  expect(text(run).split('\n').slice(0, 3)).toEqual([6, 7, 8].map((n) => `look({"n":${n}}) returned ${n * 10}`));
});

it('does not tell what a program showed, or did not need to', async () => {
  const run = start();
  await act(run, 'console.log(await look({ n: 7 }), await look({ n: 8 }));');
  expect(text(run)).toBe('70 80');
  await act(run, 'answer(await look({ n: 7 }) + 1)');
  expect(text(run)).toBe('Answer given: 71');
});

it('says which names were declared again', async () => {
  const run = start();
  await act(run, 'let total = 1;');
  await act(run, 'let total = 2; console.log(total)');
  expect(text(run)).toBe('2\nDeclared again, the earlier value is gone: total.');
  expect(run.lastOf('observation').redeclared).toEqual(['total']);
});

it('cuts a long output in the middle and keeps the whole in a variable', async () => {
  const run = start();
  await act(run, 'console.log(Array.from({ length: 200 }, (_, i) => i))');
  expect(text(run)).toContain('characters cut]');
  expect(text(run)).toContain('The whole is kept in the variable `result1: number[]`.');
  expect(run.lastOf('observation').variable).toBe('result1');
  await act(run, 'console.log(result1.length, result1[199])');
  expect(text(run)).toBe('200 199');
});

it('does not count an answer of a program that failed', async () => {
  const run = start();
  await act(run, 'answer(5); null.x;');
  expect(run.lastOf('observation').proposed).toBeUndefined();
  expect(text(run)).toContain('answer(5) was called, but the program failed; it does not count.');
});

it('makes all pending calls side by side and gives results in the order of the log', async () => {
  const run = start();
  await act(run, 'const got = await Promise.all([5, 4, 3].map((n) => look({ n })));\nconsole.log(got.join())');
  expect(text(run)).toBe('50,40,30');
  expect(run.lastOf('observation').calls).toBe(3);
});

it('throws a failed call in the guest', async () => {
  const run = start();
  await act(run, 'try { await look({ n: -1 }) } catch (error) { console.log(error.message) }');
  expect(text(run)).toMatch(/negative/);
});

it('waits for a person, and goes on in the same process', async () => {
  let mayPay = false;
  const run = start({ waits: ({ tool }) => tool === 'pay' && !mayPay });
  const code =
    'console.log("first");\nconst [a, b] = await Promise.all([look({ n: 1 }), pay({ to: "Ann" })]);\nanswer(a + b)';
  const of = run.decide({ kind: 'act', code });
  const outcome = await executeCode(parts, { code, of }, run);
  expect(outcome).toEqual({ state: 'suspended', waiting: [{ for: 'approval', id: `${of}.2` }] });
  expect(run.lastOf('snapshot')).toMatchObject({ of });
  mayPay = true;
  await executeCode(parts, { code, of }, run);
  expect(run.lastOf('observation').proposed?.value).toBe('10paid Ann');
  expect(text(run)).toMatch(/^first\n/);
  expect(run.ran()).toEqual(['look({"n":1})', 'pay({"to":"Ann"})']);
});

it('waits for a person, and goes on in another process without doing anything twice', async () => {
  const run = start({ waits: ({ tool }) => tool === 'pay' });
  await act(run, 'class Sum { constructor(n) { this.n = n } add(m) { return this.n + m } }\nconst sum = new Sum(1);');
  const code =
    'console.log("first");\nconst got = await look({ n: 2 });\nconst paid = await pay({ to: "Ann" });\nanswer([sum.add(got), paid])';
  const of = run.decide({ kind: 'act', code });
  await executeCode(parts, { code, of }, run);
  run.close();
  const again = reopen(run, { waits: () => false });
  await executeCode(parts, { code, of }, again);
  expect(again.lastOf('observation')).toMatchObject({ proposed: { value: [21, 'paid Ann'] }, calls: 2 });
  expect(text(again)).toMatch(/^first\n/);
  expect(again.ran()).toEqual(['pay({"to":"Ann"})']);
});

it('rebuilds the session from the log alone: values, times, chance and failures', async () => {
  const clock = fakeClock({ auto: true });
  const run = start({ clock });
  await act(
    run,
    'const seen = [];\nfor (const n of [3, 2, 1]) look({ n }).then((got) => seen.push([got, Date.now()]));',
  );
  await act(
    run,
    'await new Promise((done) => setTimeout(done, 5000));\nconst late = Date.now(); const luck = Math.random();',
  );
  await act(run, 'let kept = 1; kept = 2; null.x;');
  await act(run, 'console.log(JSON.stringify([seen, late, luck, kept]))');
  const expected = text(run);
  run.close();
  const again = reopen(run);
  await act(again, 'console.log(JSON.stringify([seen, late, luck, kept]))');
  expect(text(again)).toBe(expected);
  expect(again.ran()).toEqual([]);
});

it('keeps what was too long to show when the session is rebuilt', async () => {
  const run = start();
  await act(run, 'console.log("x".repeat(1000))');
  run.close();
  const again = reopen(run);
  await act(again, 'console.log(result1.length)');
  expect(text(again)).toBe('1000');
});

it('goes on after a crash in the middle of a program with what the log holds', async () => {
  const run = start();
  const code = 'const a = await look({ n: 1 }); const b = await look({ n: 2 }); answer(a + b)';
  const of = run.decide({ kind: 'act', code });
  await executeCode(parts, { code, of }, run);
  const first = run.log().findIndex((event) => event.kind === 'call-result');
  const crashed = contextFor({ tools, events: run.log().slice(0, first + 1) });
  opened.push(crashed);
  await executeCode(parts, { code, of }, crashed);
  expect(crashed.lastOf('observation').proposed?.value).toBe(30);
  expect(crashed.ran()).toEqual(['look({"n":2})']);
});

it('stops when a program driven again makes another call than the record', async () => {
  const run = start();
  await act(run, 'const a = await look({ n: 1 });');
  run.close();
  const forged = run.log().map((event): RunEvent => {
    if (event.kind !== 'decision' || event.decision.kind !== 'act') return event;
    return { ...event, decision: { kind: 'act', code: 'const a = await look({ n: 7 });' } };
  });
  const again = contextFor({ tools, events: forged });
  opened.push(again);
  await expect(act(again, 'console.log(a)')).rejects.toMatchObject({ code: 'run-diverged', message: /look/ });
  expect(again.ran()).toEqual([]);
});

it('makes no call for a finished program that the log has no call for', async () => {
  const run = start();
  await act(run, 'const a = 1;');
  run.close();
  const forged = run.log().map((event): RunEvent => {
    if (event.kind !== 'decision') return event;
    return { ...event, decision: { kind: 'act', code: 'await pay({ to: "Eve" })' } };
  });
  const again = contextFor({ tools, events: forged });
  opened.push(again);
  await expect(act(again, 'console.log(a)')).rejects.toMatchObject({ code: 'run-diverged' });
  expect(again.ran()).toEqual([]);
});

it('sleeps by the run’s clock, and forgets a timer that was cleared', async () => {
  const clock = fakeClock();
  const run = start({ clock });
  const running = act(
    run,
    'const late = new Promise((_, fail) => { globalThis.t = setTimeout(() => fail(new Error("late")), 60000) });\nconst got = await Promise.race([look({ n: 1 }), late]); clearTimeout(t); console.log(got)',
  );
  await running;
  expect(text(run)).toBe('10');
  expect(clock.sleepers).toBe(0);
  run.close();
  const again = reopen(run);
  await act(again, 'console.log(got)');
  expect(text(again)).toBe('10');
});

it('takes a snapshot when running it all again would take long', async () => {
  const run = start();
  await act(run, 'let n = 0; for (let i = 0; i < 3e6; i++) n += i % 7;\nconsole.log(n)');
  expect(run.lastOf('snapshot')).toMatchObject({ after: run.lastOf('observation').seq });
  run.close();
  const again = reopen(run);
  await act(again, 'console.log(n > 0)');
  expect(text(again)).toBe('true');
});

it('goes on from where an undo left off', async () => {
  const run = start();
  await act(run, 'let a = 1;');
  const to = run.lastOf('observation').seq;
  await act(run, 'a = 2;');
  run.append({ kind: 'undo', by: 'store', to, undone: [], cannot: [] });
  await act(run, 'console.log(a)');
  expect(text(run)).toBe('1');
});

it('defines the data of the task, and of a follow-up turn', async () => {
  const run = start();
  const blob = await run.blobs.put(JSON.stringify([{ a: 1 }, { a: 2 }]));
  const data = [{ name: 'rows', type: '{ a: number }[]', doc: 'rows.json', source: 'rows.json', blob }];
  run.append({ kind: 'task', by: 'user', parts: [{ text: 'And now?' }], data });
  await act(run, 'console.log(rows.length)');
  expect(text(run)).toBe('2');
});

it('leaves a pruned program out of the session, unless it changed something', async () => {
  const run = start();
  await act(run, 'const kept = 1;');
  await act(run, 'const gone = await look({ n: 1 });');
  const prune = (of: number) =>
    run.append({
      kind: 'review',
      by: 'action',
      of: run.lastOf('observation').seq,
      what: 'path',
      verdict: 'retry',
      rule: 'failed-afresh',
      prune: [of],
    });
  prune(run.lastOf('observation').of);
  await act(run, 'console.log(kept, typeof gone);');
  expect(text(run)).toBe('1 undefined');
  await act(run, 'const receipt = await pay({ to: "Ada" });');
  prune(run.lastOf('observation').of);
  await act(run, 'console.log(kept, receipt);');
  expect(text(run)).toBe('1 paid Ada');
  const again = reopen(run);
  await act(again, 'console.log(kept, typeof gone, receipt);');
  expect(text(again)).toBe('1 undefined paid Ada');
});
