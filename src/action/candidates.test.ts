import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { type Finding, type Json, OptionError, type RunEvent, type Verdict } from '../record/index.ts';
import { quickjs } from '../sandbox/index.ts';
import { type ContextOptions, contextFor, type TestRun } from '../testing/index.ts';
import { executeCandidates } from './candidates.ts';
import { actionController } from './controller.ts';
import { executeCode } from './execute-code.ts';
import { toTools } from './to-tools.ts';
import { tool } from './tool.ts';
import { CLEAN } from './verdict.ts';

const sandbox = quickjs();
const opened: TestRun[] = [];
afterEach(() => {
  for (const run of opened.splice(0)) run.close();
});

const tools = toTools({
  look: tool({
    description: 'Looks up',
    effect: 'read',
    input: z.object({ n: z.number() }),
    output: z.number(),
    run: ({ n }) => n * 10,
  }),
  pay: tool({ description: 'Pays', input: z.object({}), output: z.string(), run: () => 'paid' }),
});
const doubt = { rule: 'named-text-unused', severity: 'warn', message: 'It does not use "open".' } as const;
const bad = { rule: 'ts2304', severity: 'block', message: 'BAD is bad.' } as const;
const block = (code: string): Verdict => {
  if (code.includes('BAD')) return { verdict: 'block', rule: bad.rule, reason: bad.message, findings: [bad] };
  return code.includes('ODD') ? { verdict: 'warn', rule: doubt.rule, reason: doubt.message, findings: [doubt] } : CLEAN;
};
const parts = {
  sandbox,
  tools,
  observationChars: 400,
  agreeing: 2,
  on: () => true,
  reviewProgram: async (code: string) => block(code),
};

function start(options: ContextOptions = {}, answer?: { [key: string]: Json }): TestRun {
  const run = contextFor({ tools, ...options });
  opened.push(run);
  run.append({ kind: 'task', by: 'user', parts: [{ text: 'Do it.' }], ...(answer === undefined ? {} : { answer }) });
  return run;
}

async function choose(run: TestRun, codes: string[], agreeing = 2, least = 1) {
  const [first = '', ...rest] = codes;
  const asked: number[] = [];
  const told: string[][] = [];
  const pull = async (n: number, found: readonly (readonly Finding[])[] = []) => {
    asked.push(n);
    told.push(found.flat().map(({ message }) => message));
    return rest[n - 1];
  };
  const decision = { kind: 'candidates', first, most: codes.length, least } as const;
  const of = run.decide(decision);
  const outcome = await executeCandidates({ ...parts, agreeing }, { ...decision, pull, of }, run);
  return { of, outcome, asked, told, choice: run.lastOf('choice'), observation: run.view.last('observation') };
}

it('takes the first that no rule doubts, and asks for another where one is doubted', async () => {
  const clean = await choose(start(), ['null.x', 'answer(2)', 'answer(1)'], 1);
  expect(clean.asked).toEqual([1]);
  expect(clean.choice).toMatchObject({ winner: 'c2', votes: { 2: 1 } });
  // Doubted ones that agree may have one mistake.
  const doubted = await choose(start(), ['answer(0)', 'answer(0)', 'answer(1)'], 1);
  expect(doubted.asked).toEqual([1, 2]);
  const nothing = await choose(start(), ['answer(0)', 'answer(2)', 'answer(1)'], 1);
  expect(nothing.asked).toEqual([1]);
  expect(nothing.choice).toMatchObject({ winner: 'c2', agreed: false });
});

it('takes results of conditions that no row meets for one, however many agree', async () => {
  const { choice } = await choose(start(), ['answer(3) // ODD', 'answer(0)', 'answer(0)', 'answer(0)'], 1);
  expect(choice).toMatchObject({ winner: 'c1', votes: { 0: 3, 3: 1 }, agreed: false, tieBreak: 'first in order' });
});

it('decides no vote before as many were tried as the decision says', async () => {
  const agree = await choose(start(), ['answer(1)', 'answer(1)', 'answer(2)'], 1, 2);
  expect(agree.asked).toEqual([1]);
  expect(agree.choice).toMatchObject({ winner: 'c1', votes: { 1: 2 }, agreed: true });
  const differ = await choose(start(), ['answer(1)', 'answer(2)', 'answer(2)', 'answer(1)'], 1, 2);
  expect(differ.asked).toEqual([1, 2]);
  expect(differ.choice).toMatchObject({ winner: 'c2', votes: { 1: 1, 2: 2 }, agreed: true });
});

it('stops pulling when two agree, and takes their answer', async () => {
  const { asked, choice, observation } = await choose(start(), ['answer(1)', 'answer(2)', 'answer(2.0)', 'answer(1)']);
  expect(asked).toEqual([1, 2]);
  expect(choice).toMatchObject({ winner: 'c2', votes: { 1: 1, 2: 2 }, agreed: true, tieBreak: 'none' });
  expect(observation?.proposed).toEqual({ value: 2, how: 'answer' });
});

it('lets results that say the same in other forms agree', async () => {
  const { choice } = await choose(start(), [
    'answer({ who: "Nord", cost: 55 })',
    'answer("Nord: 55 euros")',
    'answer(1)',
  ]);
  expect(choice).toMatchObject({ winner: 'c1', agreed: true });
  expect(choice?.candidates).toHaveLength(2);
});

it('lets a result and its rounding agree, and takes the first', async () => {
  const { choice } = await choose(start(), ['answer(23.5769231)', 'answer("23.58")', 'answer(1)']);
  expect(choice).toMatchObject({ winner: 'c1', agreed: true, votes: { '23.5769231': 2 } });
  const whole = await choose(start(), ['answer(23.58)', 'answer(24)', 'answer(24.0)']);
  expect(whole.choice).toMatchObject({ winner: 'c2', votes: { 23.58: 1, 24: 2 } });
});

it('counts the vote of a doubted program half, and says which were doubted', async () => {
  const { choice } = await choose(start(), ['answer(1) // ODD', 'answer(1); // ODD', 'answer(2)', 'answer( 2 )']);
  expect(choice).toMatchObject({ winner: 'c3', votes: { 1: 2, 2: 2 }, agreed: true });
  expect(choice?.candidates.map(({ doubts }) => doubts)).toEqual([[doubt.rule], [doubt.rule], undefined, undefined]);
});

it('counts the vote of a program that found nothing half, and half the votes are no agreement', async () => {
  const { choice } = await choose(start(), ['answer(0)', 'answer(0.0)', 'answer(3)', 'answer(3.0)']);
  expect(choice).toMatchObject({ winner: 'c3', votes: { 0: 2, 3: 2 } });
  const split = await choose(start(), ['answer(1)', 'answer(2)', 'answer(3)', 'answer(4)', 'answer(4.0)']);
  expect(split.choice).toMatchObject({ winner: 'c4', agreed: false });
});

it('doubts a program whose result changes with the order of rows', async () => {
  const run = contextFor({ tools });
  opened.push(run);
  const rows = [4, 2, 9, 7, 5].map((price) => ({ price }));
  const blob = await run.blobs.put(new TextEncoder().encode(JSON.stringify(rows)));
  const offers = { name: 'offers', type: '{ price: number }[]', doc: '', source: 'offers.csv', rows: 5, blob };
  run.append({ kind: 'task', by: 'user', parts: [{ text: 'The lowest price?' }], data: [offers] });
  const told: unknown[] = [];
  const decision = { kind: 'candidates', first: 'answer(offers[1].price + 2)', most: 4 } as const;
  const pull = async (n: number, found: readonly (readonly Finding[])[] = []) => {
    told.push(found.flat());
    return [
      'answer(Math.min(...offers.map((o) => o.price)))',
      'answer(offers.sort((a, b) => a.price - b.price)[0].price)',
    ][n - 1];
  };
  await executeCandidates(parts, { ...decision, pull, of: run.decide(decision) }, run);
  expect(told[0]).toMatchObject([{ rule: 'order-dependent', remedy: 'Sort first, or compare all of them.' }]);
  expect(run.lastOf('choice')).toMatchObject({
    winner: 'c2',
    candidates: [{ doubts: ['order-dependent'] }, {}, {}],
    votes: { 4: 1, 2: 2 },
  });
});

it('takes a program out of the vote whose calls are wrong', async () => {
  const run = start();
  const decision = { kind: 'candidates', first: 'answer(await look({ n: 7 }))', most: 2 } as const;
  const found: Finding = { rule: 'percent-as-fraction', severity: 'block', message: 'Give 9.' };
  const seen: unknown[] = [];
  const judged = {
    ...parts,
    reviewCalls: (calls: readonly RunEvent<'call'>[]) => {
      seen.push(...calls.map(({ args }) => args));
      return calls.some(({ args }) => JSON.stringify(args) === '{"n":7}') ? found : undefined;
    },
  };
  const pull = async () => 'answer(await look({ n: 9 }))';
  await executeCandidates(judged, { ...decision, pull, of: run.decide(decision) }, run);
  expect(seen).toEqual([{ n: 7 }, { n: 9 }]);
  expect(run.lastOf('choice')).toMatchObject({ winner: 'c2', candidates: [{ state: 'blocked' }, { state: 'voted' }] });
});

it('tells the next program what blocked earlier ones', async () => {
  const run = start();
  const told: unknown[] = [];
  const pull = async (n: number, found: readonly (readonly Finding[])[] = []) => {
    told.push(found);
    return ['BAD()', 'answer(1)'][n - 1];
  };
  const decision = { kind: 'candidates', first: 'BAD', most: 3 } as const;
  await executeCandidates({ ...parts, agreeing: 2 }, { ...decision, pull, of: run.decide(decision) }, run);
  expect(told).toEqual([[[bad]], [[bad], [bad]]]);
});

it('stops pulling when programs without a result are written over and over', async () => {
  const { asked } = await choose(start(), ['BAD', 'BAD ;', 'null.x', 'BAD // again', 'answer(1)']);
  expect(asked).toEqual([1, 2, 3]);
});

it('pulls until nobody can overtake when the agreement asked for is large', async () => {
  const { asked } = await choose(start(), ['answer(1)', 'answer(1)', 'answer(1)', 'answer(2)', 'answer(2)'], Infinity);
  expect(asked).toEqual([1, 2]);
});

it('breaks a tie by order and says that nobody agreed', async () => {
  const { choice, observation } = await choose(start(), ['answer("x")', 'answer("y")', 'answer("z")']);
  expect(choice).toMatchObject({ winner: 'c1', tieBreak: 'first in order', agreed: false });
  expect(observation?.proposed?.value).toBe('x');
});

it('lets errors, blocked programs and empty results not vote', async () => {
  const { choice, observation } = await choose(start(), [
    'null.x',
    'BAD',
    'answer("")',
    'answer(new Promise(() => {}))',
    'answer(3)',
  ]);
  expect(choice.candidates.map(({ state }) => state)).toEqual([
    'failed',
    'blocked',
    'empty',
    expect.any(String),
    'voted',
  ]);
  expect(observation?.proposed?.value).toBe(3);
});

it('lets an answer of another form than asked for not vote', async () => {
  const run = start({}, { type: 'number' });
  const { observation } = await choose(run, ['answer("many")', 'answer("12 EUR")', 'answer(12)']);
  expect(run.lastOf('choice')).toMatchObject({ winner: 'c2', votes: { 12: 2 } });
  expect(observation?.state).toBe('done');
});

it('tells the next one of what failed, and of what had another form', async () => {
  const run = start({}, { type: 'number' });
  const { told } = await choose(run, ['let left = 1;\nnull.x', 'answer(["many"])', 'answer(12)', 'answer(12)']);
  expect(told).toEqual([
    ["TypeError in `null.x`: cannot read property 'x' of null."],
    [expect.any(String), 'The program answered ["many"]: expected number.'],
    [expect.any(String), expect.any(String)],
  ]);
});

it('keeps the winner’s session, and only its', async () => {
  const run = start();
  const set = run.decide({ kind: 'act', code: 'let base = 1;' });
  await executeCode(parts, { code: 'let base = 1;', of: set }, run);
  await choose(run, [
    'base += 100; answer(base)',
    'base += 1; let mine = await look({ n: 4 }); answer(base)',
    'base += 1; answer(base)',
  ]);
  const code = 'console.log(base, typeof mine)';
  await executeCode(parts, { code, of: run.decide({ kind: 'act', code }) }, run);
  expect(run.lastOf('observation').parts).toEqual([{ text: '2 number' }]);
  run.close();
  const again = run.restart();
  opened.push(again);
  await executeCode(parts, { code, of: again.decide({ kind: 'act', code }) }, again);
  expect(again.lastOf('observation').parts).toEqual([{ text: '2 number' }]);
  expect(again.ran()).toEqual([]);
});

it('leaves the session as it was when every program fails, and shows the first failure', async () => {
  const run = start();
  const { outcome, observation } = await choose(run, ['let left = 1;\nnull.x', 'let other = 2; null.y']);
  expect(outcome.state).toBe('observed');
  expect(observation).toMatchObject({ state: 'failed' });
  const shown = observation?.parts[0];
  expect(shown && 'text' in shown ? shown.text : '').toMatch(
    /^None of 2 programs ran to its end\. The first:\nTypeError/,
  );
  const code = 'console.log(typeof left, typeof other)';
  await executeCode(parts, { code, of: run.decide({ kind: 'act', code }) }, run);
  expect(run.lastOf('observation').parts).toEqual([{ text: 'undefined undefined' }]);
});

it('sets a program aside that would do more than read', async () => {
  const run = start();
  const { choice } = await choose(run, ['await pay({}); answer(1)', 'answer(2)', 'answer(2)']);
  expect(choice.candidates.map(({ state }) => state)).toEqual(['effect', 'voted', 'voted']);
  expect(run.ran()).toEqual([]);
});

it('runs it for real when no other gives a result, and reads nothing twice', async () => {
  const run = start();
  const { choice, observation } = await choose(run, ['const n = await look({ n: 1 }); await pay({}); answer(n)']);
  expect(choice).toMatchObject({ winner: 'c1' });
  expect(observation?.proposed?.value).toBe(10);
  expect(run.ran()).toEqual(['look({"n":1})', 'pay({})']);
});

it('suspends a program that runs for real, and goes on in another process', async () => {
  const run = start({ waits: ({ tool }) => tool === 'pay' });
  const { of, outcome } = await choose(run, ['answer(await pay({}))']).catch(() => ({ of: 0, outcome: undefined }));
  expect(outcome).toMatchObject({ state: 'suspended' });
  run.close();
  const again = run.restart({ waits: () => false });
  opened.push(again);
  await executeCandidates(parts, { kind: 'candidates', first: 'answer(await pay({}))', most: 1, of }, again);
  expect(again.lastOf('observation').proposed?.value).toBe('paid');
  expect(again.log().filter(({ kind }) => kind === 'choice')).toHaveLength(1);
});

it('asks for no program again after a crash before the choice', async () => {
  const run = start();
  const { of, asked } = await choose(run, ['answer(1)', 'answer(2)', 'answer(2)']);
  expect(asked).toEqual([1, 2]);
  const end = run.log().findIndex(({ kind }) => kind === 'choice');
  const crashed = contextFor({ tools, events: run.log().slice(0, end) });
  opened.push(crashed);
  await executeCandidates(parts, { kind: 'candidates', first: 'answer(1)', most: 3, of }, crashed);
  expect(crashed.lastOf('choice')).toMatchObject({ winner: 'c2', votes: { 1: 1, 2: 2 } });
});

it('refuses an agreement that cannot be', () => {
  expect(() => actionController({ candidates: { agreeing: 0 } })).toThrow(OptionError);
});
