import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Finding } from '../record/index.ts';
import { contextFor, type TestRun } from '../testing/index.ts';
import { argumentTexts, percentParameters } from './percent.ts';
import { type ProgramReview, reviewProgram } from './review-program.ts';
import { type RuleName, switchesOf } from './rules.ts';
import { toTools } from './to-tools.ts';
import { tool } from './tool.ts';

const tools = toTools({
  interest: tool({
    description: 'Interest',
    effect: 'read',
    input: z.object({ amount: z.number(), rate: z.number().describe('yearly rate in percent') }),
    output: z.number(),
    run: ({ amount, rate }) => (amount * rate) / 100,
  }),
  mail: tool({ description: 'Sends', input: z.object({ to: z.string() }), output: z.string(), run: () => 'sent' }),
});

function start(task: string): TestRun {
  const run = contextFor({ tools });
  run.append({ kind: 'task', by: 'user', parts: [{ text: task }] });
  return run;
}

/** A program that ran before. */
function ran(run: TestRun, code: string, state: 'done' | 'failed' = 'done', text = 'ok'): void {
  const of = run.decide({ kind: 'act', code });
  run.append({ kind: 'observation', by: 'action', of, state, parts: [{ text }] });
}

const look = (run: TestRun, code: string, off?: RuleName, more: Partial<ProgramReview> = {}) =>
  reviewProgram({ tools, on: switchesOf(off === undefined ? {} : { [off]: false }), ...more }, { code }, run);

it('blocks a program that failed, whatever its spaces and comments, and only for this task', async () => {
  const run = start('Go.');
  ran(run, 'f( 1 ); // first', 'failed');
  const again = 'f( 1 )\n';
  expect(await look(run, again)).toMatchObject({ verdict: 'block', rule: 'failed-repeated' });
  expect(await look(run, again, 'failed-repeated')).toMatchObject({ verdict: 'pass' });
  run.append({ kind: 'task', by: 'user', parts: [{ text: 'Again.' }] });
  expect(await look(run, again)).toMatchObject({ verdict: 'pass' });
});

it('blocks a program that ran well, once, unless it asks again and again by design', async () => {
  const run = start('Go.');
  ran(run, 'f(1)');
  const again = await look(run, 'f(1)');
  expect(again).toMatchObject({ verdict: 'block', rule: 'repeated', findings: [{ remedy: 'Go on from its result.' }] });
  const f = tool({
    description: 'State',
    effect: 'read',
    poll: true,
    input: z.object({}),
    output: z.string(),
    run: () => '',
  });
  expect(await look(run, 'f(1)', undefined, { tools: toTools({ f }) })).toMatchObject({ verdict: 'warn' });
  const { verdict, rule, findings } = again;
  run.append({
    kind: 'review',
    by: 'action',
    what: 'decision',
    of: run.decide({ kind: 'act', code: 'f(1)' }),
    verdict,
    rule,
    findings,
  });
  expect(await look(run, 'f(1)')).toMatchObject({ verdict: 'warn', rule: 'repeated' });
  expect(await look(run, 'f(1)', 'repeated')).toMatchObject({ verdict: 'pass' });
});

it('blocks a fraction where a tool takes percent and the task names the percentage', async () => {
  const run = start('Interest of 500 at 7 %?');
  const code = 'const r = 0.07;\nconsole.log(r);\nawait interest({ amount: 500, rate: r })';
  expect(await look(run, code)).toMatchObject({
    verdict: 'block',
    rule: 'percent-as-fraction',
    reason: '`rate` of interest takes percent, and got 0.07. Give 7 for 7 %.',
  });
  expect(await look(run, code, 'percent-as-fraction')).toMatchObject({ verdict: 'pass' });
  expect(await look(run, 'await interest({ amount: 500, rate: 7 })')).toMatchObject({ verdict: 'pass' });
});

it('mends a fraction that is given for nothing else', async () => {
  const run = start('Interest of 500 at 7 %?');
  const code = 'const r = 0.07;\nawait interest({ amount: 500, rate: r })';
  expect(await look(run, code)).toMatchObject({
    verdict: 'warn',
    rule: 'percent-mended',
    reason: 'A tool takes percent, and got a fraction: 0.07 was made 7.',
    amended: 'const r = 7;\nawait interest({ amount: 500, rate: r })',
  });
  expect(await look(run, code, 'percent-mended')).toMatchObject({ verdict: 'block', rule: 'percent-as-fraction' });
});

it('only warns of a fraction that the task does not name: half a percent is possible', async () => {
  const run = start('Interest of 500?');
  expect(await look(run, 'await interest({ amount: 500, rate: 0.5 })')).toMatchObject({ verdict: 'warn' });
});

it('warns of a number that nobody gave', async () => {
  const run = start('Price of 40 lamps with 19 % tax?');
  expect(await look(run, 'answer(40 * 37.5 * 1.19)')).toMatchObject({
    verdict: 'warn',
    rule: 'value-unheld',
    reason: /37\.5/,
  });
  expect(await look(run, 'answer(40 * 37.5 * 1.19)', 'value-unheld')).toMatchObject({ verdict: 'pass' });
  ran(run, 'console.log(price)', 'done', 'A lamp costs 37.5.');
  expect(await look(run, 'answer(40 * 37.5 * 1.19)')).toMatchObject({ verdict: 'pass' });
});

it.each([
  ['Which cities have over 2 million people?', 'answer(cities.filter((c) => c.people > 2000000))'],
  ['Which firms are worth over €1.5m?', 'answer(firms.filter((f) => f.worth > 1_500_000))'],
  ['Who earns 35k?', 'answer(staff.filter((s) => s.pay >= 35000))'],
  ['Who paid more than fifty euros?', 'answer(orders.filter((o) => o.eur > 50))'],
  ['Who stayed longer than 2 hours?', 'answer(visits.filter((v) => v.seconds > 7200))'],
  ['Who came after 5 pm?', 'answer(visits.filter((v) => new Date(v.time).getHours() >= 17))'],
  ['Who came before 8 a.m.?', 'answer(visits.filter((v) => v.time.slice(11, 16) < "08:00"))'],
  ['How many minutes in all?', 'answer((end - begin) / 60000 + 1440)'],
  ['Wo fielen mehr als 13,5 mm?', 'answer(rain.filter((r) => r.mm > 13.5))'],
])('knows where a number comes from that is told in another way: %s', async (task, code) => {
  expect(await look(start(task), code)).toMatchObject({ verdict: 'pass' });
});

it('warns of a day that nobody named, where rows are to have it', async () => {
  const run = start('How many orders are dated April 2026?');
  const one = (day: string) => `answer(orders.filter((o) => o.date === "${day}").length)`;
  expect(await look(run, one('2026-04-01'))).toMatchObject({ rule: 'value-unheld', reason: /2026-04-01/ });
  const span = 'answer(orders.filter((o) => o.date >= "2026-04-01" && o.date < "2026-05-01").length)';
  expect(await look(run, span)).toMatchObject({ verdict: 'pass' });
  expect(await look(start('Orders of 1 April 2026?'), one('2026-04-01'))).toMatchObject({ verdict: 'pass' });
  expect(await look(start('Orders of 2026-04-01?'), one('2026-04-01'))).toMatchObject({ verdict: 'pass' });
});

it('blocks an address that nobody named, once, and says where to look', async () => {
  const run = start('The phone number of Ann?');
  const code = 'const page = await mail({ to: "https://example.org/ann" })';
  const blocked = await look(run, code);
  expect(blocked).toMatchObject({
    verdict: 'block',
    rule: 'argument-invented',
    findings: [{ rule: 'effect-invented' }, { remedy: 'Look first: log what a tool returns.' }],
  });
  expect(await look(run, code, 'argument-invented')).toMatchObject({ rule: 'effect-invented', verdict: 'warn' });
  expect(await look(run, 'console.log("https://example.org/ann")')).toMatchObject({ verdict: 'pass' });
  const view = tool({ description: 'Shows', effect: 'read', input: z.object({}), output: z.string(), run: () => '' });
  const withView = await look(run, code, undefined, { tools: [...tools, ...toTools({ view })] });
  expect(withView.findings).toMatchObject([{}, { remedy: 'Look first, and stop there: console.log(await view()).' }]);
  const of = run.decide({ kind: 'act', code });
  const { verdict, rule, findings } = blocked;
  run.append({ kind: 'review', by: 'action', what: 'decision', of, verdict, rule, findings });
  expect(await look(run, code)).toMatchObject({ verdict: 'warn' });
  ran(run, 'console.log(1)', 'done', 'Ann: https://example.org/ann');
  expect((await look(run, code)).findings).toEqual([]);
});

it('blocks the example of a description, unless the task names it', async () => {
  const calculate = tool({
    description: 'Calculates. For example, "2 + (3 * 4)" gives 14; units are "kg".',
    input: z.object({ expression: z.string() }),
    output: z.number(),
    run: () => 0,
  });
  const more = { tools: toTools({ calculate }) };
  const code = 'answer(await calculate({ expression: "2 + (3 * 4)" }))';
  expect(await look(start('The price?'), code, undefined, more)).toMatchObject({ rule: 'argument-invented' });
  expect(await look(start('What is 2 + (3 * 4)?'), code, undefined, more)).toMatchObject({ verdict: 'pass' });
  const unit = 'answer(await calculate({ expression: "kg" }))';
  expect(await look(start('The weight?'), unit, undefined, more)).toMatchObject({ verdict: 'pass' });
});

it('only warns of it where all tools read, and candidates are many', async () => {
  const reading = { tools: tools.filter(({ effect }) => effect === 'read') };
  const code = 'await interest({ amount: 1, rate: 2 }); console.log("/people/ann")';
  expect(await look(start('Ann?'), code, undefined, reading)).toMatchObject({
    verdict: 'warn',
    rule: 'argument-invented',
  });
});

it('warns of an address that stands nowhere, where a tool changes something', async () => {
  const run = start('Write to ann@example.org.');
  expect(await look(run, 'await mail({ to: "bob@example.org" })')).toMatchObject({
    verdict: 'warn',
    rule: 'effect-invented',
  });
  expect(await look(run, 'await mail({ to: "bob@example.org" })', 'effect-invented')).toMatchObject({
    verdict: 'pass',
  });
  expect(await look(run, 'await mail({ to: "ann@example.org" })')).toMatchObject({ verdict: 'pass' });
});

it('lets the checker decide before the rules that warn, and carries its mended program', async () => {
  const run = start('Go.');
  const finding: Finding = {
    rule: 'ts2304',
    severity: 'block',
    message: 'Cannot find name `x`.',
    remedy: 'Did you mean `y`?',
  };
  const check = async () => ({ findings: [finding], amended: 'await main()' });
  expect(await look(run, 'answer(37.5)', undefined, { check })).toMatchObject({
    verdict: 'block',
    rule: 'ts2304',
    reason: 'Cannot find name `x`. Did you mean `y`?',
    amended: 'await main()',
    findings: [{ rule: 'ts2304' }, { rule: 'value-unheld' }],
  });
});

it('checks against the tools that the selection offered', async () => {
  const run = start('Go.');
  const { seq } = run.append({
    kind: 'selection',
    by: 'action',
    purpose: 'act',
    format: 'code',
    tools: ['mail'],
    of: 2,
  });
  const names: string[] = [];
  const check = async (_code: string, offered: readonly { name: string }[]) => {
    names.push(...offered.map(({ name }) => name));
    return { findings: [] };
  };
  await reviewProgram({ tools, on: () => true, check }, { code: 'answer(1)', selection: seq }, run);
  expect(names).toEqual(['mail']);
});

it('reads the arguments of calls, braces inside them followed', () => {
  expect(argumentTexts('a({ x: { y: 1 } }); b({}); my.a({ z: 2 })', 'a')).toEqual([' x: { y: 1 } }']);
});

it.each([
  ['rate in percent', 'rate', ['rate']],
  ['', 'taxPercent', ['taxPercent']],
  ['', 'tax_percentage', ['tax_percentage']],
  ['a fraction, not percent', 'rate', []],
  ['share in % (0 to 1)', 'rate', []],
  ['a number', 'rate', []],
])('takes a parameter with the doc %j and the name %s for percent: %j', (doc, name, expected) => {
  const [one] = toTools({
    t: tool({
      description: 'T',
      effect: 'read',
      input: z.object({ [name]: z.number().describe(doc) }),
      output: z.number(),
      run: () => 1,
    }),
  });
  expect(percentParameters(one as never)).toEqual(expected);
});

it('warns of a program that answers without a number that the task names', async () => {
  const run = start('Cost of 500 lamps at 4 % discount?');
  expect((await look(run, 'answer(await interest({ amount: 3, rate: 4 }))')).findings).toMatchObject([
    { rule: 'named-number-unused', message: 'The task names 500, and the program does not use it.' },
  ]);
  expect((await look(run, 'console.log(await interest({ amount: 3, rate: 4 }))')).findings).toEqual([]);
  expect((await look(run, 'answer(await interest({ amount: 500, rate: 4 }))')).findings).toEqual([]);
  // The first of several candidates does not speak for the next.
  run.decide({ kind: 'candidates', first: 'answer(await interest({ amount: 500, rate: 4 }))', most: 3 });
  expect((await look(run, 'answer(await interest({ amount: 3, rate: 4 }))')).findings).toHaveLength(1);
  ran(run, 'const n = 500; n');
  expect((await look(run, 'answer(await interest({ amount: n, rate: 4 }))')).findings).toEqual([]);
});
