import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Json, JsonSchema } from '../record/index.ts';
import { contextFor, type TestRun } from '../testing/index.ts';
import { reviewAnswer } from './review-answer.ts';
import { type RuleName, switchesOf } from './rules.ts';
import { toTools } from './to-tools.ts';
import { tool } from './tool.ts';

const tools = toTools({
  look: tool({
    description: 'Looks',
    effect: 'read',
    input: z.object({ n: z.number() }),
    output: z.number(),
    run: ({ n }) => n,
  }),
});

function start(task: string, answer?: JsonSchema): TestRun {
  const run = contextFor({ tools });
  run.append({ kind: 'task', by: 'user', parts: [{ text: task }], ...(answer === undefined ? {} : { answer }) });
  return run;
}

/** A program and what it showed. */
function saw(
  run: TestRun,
  text: string,
  code = 'console.log(await look({ n: 1 }))',
  state: 'done' | 'failed' = 'done',
) {
  const of = run.decide({ kind: 'act', code });
  const calls = code.includes('look') ? { calls: 1 } : {};
  return run.append({ kind: 'observation', by: 'action', of, state, parts: [{ text }], ...calls }).seq;
}

const judge = (run: TestRun, value: Json, rests?: number, off?: RuleName) => {
  const answer = { kind: 'answer', value, ...(rests === undefined ? {} : { rests }) } as const;
  return reviewAnswer({ tools, on: switchesOf(off === undefined ? {} : { [off]: false }) }, answer, run);
};

it('passes an answer that an observation holds', async () => {
  const run = start('How many?');
  saw(run, 'There are 4512.');
  expect(await judge(run, '4512 of them')).toMatchObject({ verdict: 'pass', rule: 'clean' });
});

it('passes the value as it was meant, where the form asked for shows it', async () => {
  const run = start('How much?', { type: 'number' });
  saw(run, '1250.5');
  expect(await judge(run, '1,250.50 EUR')).toMatchObject({ verdict: 'pass', answer: 1250.5 });
});

interface Row {
  task?: string;
  schema?: JsonSchema;
  text: string;
  code?: string;
  state?: 'failed';
  value: Json;
}

it.each<[RuleName, 'block' | 'warn', Row]>([
  ['answer-form', 'block', { schema: { type: 'number' }, text: 'many', value: 'many' }],
  ['answer-empty', 'block', { text: 'x', value: '' }],
  ['answer-empty', 'block', { text: 'x', value: '[object Promise]' }],
  ['answer-empty', 'block', { text: 'x', value: {} }],
  ['answer-is-error', 'block', { text: 'x', value: 'TypeError: x is not a function' }],
  ['answer-is-error', 'block', { text: 'it broke', state: 'failed', value: 'it broke' }],
  ['answer-zero-after-nothing', 'block', { text: 'No data found', value: 0 }],
  ['answer-invented', 'block', { text: '2220', code: 'const price = 37; answer(price * 60)', value: 2220 }],
  [
    'answer-invented',
    'block',
    { text: 'x', code: 'await look({ n: 1 }); answer("123-456-7890")', value: '123-456-7890' },
  ],
  [
    'answer-pattern',
    'block',
    { task: "Ann's address? Answer in the format of 'xxx@xxx.xxx'", text: 'x', value: 'Ann Lee' },
  ],
  ['task-number-unused', 'block', { task: 'Cost of 500 lamps?', text: '37', value: 37 }],
  ['answer-unsupported', 'warn', { text: 'A lamp costs 37.', value: 'It costs 42.' }],
])('%s: %s', async (rule, verdict, { task = 'What?', schema, text, code, state, value }) => {
  const run = start(task, schema);
  const rests = saw(run, text, code, state);
  expect(await judge(run, value, rests)).toMatchObject({ verdict, rule });
  expect((await judge(run, value, rests, rule)).findings.map((finding) => finding.rule)).not.toContain(rule);
});

it.each<[string, Row]>([
  ['an empty list where a list is asked for', { schema: { type: 'array' }, text: '[]', value: [] }],
  ['0 where 0 was seen', { text: '0', value: 0 }],
  [
    'a number worked out from the task',
    { task: 'What is 37 times 60?', text: '2220', code: 'answer(37 * 60)', value: 2220 },
  ],
  [
    'a task number used as a fraction',
    { task: 'Tax of 19 % on it?', text: '3.8', code: 'answer(await look({ n: 1 }) * 0.19)', value: 3.8 },
  ],
  [
    'a task number in a call',
    { task: 'Show 512.', text: 'x', code: 'console.log(await look({ n: 512 }))', value: 'x' },
  ],
  [
    'numbers that only count things',
    {
      task: 'Route 1: rate 1.3, Route 2: rate 1.4, Route 3: rate 1.2. The least of 500 units?',
      text: '600',
      code: 'answer(Math.min(500 * 1.3, 500 * 1.4, 500 * 1.2))',
      value: 600,
    },
  ],
  ['a judgement', { text: 'x', code: 'answer(await look({ n: 1 }) > 3 ? "high" : "low")', value: 'high' }],
  [
    'what has the pattern that the task shows',
    { task: "Her address, in the format 'xxx@xxx.xxx'?", text: 'ann@example.org', value: 'ann@example.org' },
  ],
  ['a number where the pattern is one of numbers', { task: "Format of 'xx.xx'", text: '12.5', value: 12.5 }],
  ['what is asked for in a named format', { task: 'In the format of "JSON"?', text: '{}', value: '{ }' }],
  ['a number in an example of the answer', { task: "In the format 'xx.xx' (e.g., 12.34)?", text: '7.5', value: 7.5 }],
  ['a year that no program needs', { task: 'Who won in 1998?', text: 'France', value: 'France' }],
  ['a rounded number', { text: '1234.5678', value: 1234.57 }],
])('passes %s', async (_title, { task = 'What?', schema, text, code, value }) => {
  const run = start(task, schema);
  expect(await judge(run, value, saw(run, text, code))).toMatchObject({ verdict: 'pass' });
});

it('blocks on a suspicion once: the same answer again passes with a warning', async () => {
  const run = start('Cost of 500 lamps?');
  const rests = saw(run, '37');
  const of = run.decide({ kind: 'answer', value: 37, rests });
  expect(await judge(run, 37, rests)).toMatchObject({ verdict: 'block' });
  run.append({ kind: 'review', by: 'action', of, what: 'answer', verdict: 'block', rule: 'task-number-unused' });
  expect(await judge(run, 37, rests)).toMatchObject({ verdict: 'warn', rule: 'task-number-unused' });
});

it('takes no example of the task for its answer, unless a tool gave it', async () => {
  const run = start('Whose lamp is it? Answer the name (e.g., John Smith).');
  saw(run, 'Nobody has it.');
  expect(await judge(run, 'John Smith')).toMatchObject({ verdict: 'block', rule: 'answer-is-example' });
  run.append({ kind: 'call-result', by: 'action', id: '1.1', ok: true, value: 'John Smith has it.' });
  expect(await judge(run, 'John Smith')).toMatchObject({ verdict: 'pass' });
});

it.each([
  ['What did the maker of "Night Lamp" make next?', 'Night Lamp', true],
  ['What did the maker of "Night Lamp" make next?', 'Day Lamp', false],
  ['Which is older, Night Lamp or Day Lamp?', 'Night Lamp', false],
  ['Tell of the Night Lamp.', 'Night Lamp', false],
  ['Is it a lamp?', 'lamp', false],
])('asks for more than the question itself: %s %s', async (task, value, isBlocked) => {
  const run = start(task);
  saw(run, 'Night Lamp and Day Lamp');
  const verdict = await judge(run, value);
  expect(verdict.findings.some(({ rule }) => rule === 'answer-asked')).toBe(isBlocked);
});

it('takes "unknown" for an answer once a tool says so', async () => {
  const run = start('Who made the lamp?');
  const rests = saw(run, 'Answer given: "unknown"');
  expect(await judge(run, 'Unknown.', rests)).toMatchObject({ verdict: 'block', rule: 'answer-unknown' });
  run.append({ kind: 'call-result', by: 'action', id: '1.1', ok: true, value: 'Its maker is unknown.' });
  expect((await judge(run, 'unknown', rests)).verdict).not.toBe('block');
});

it('sends back once who was asked for a change, and made none', async () => {
  const change = tool({
    description: 'Changes',
    effect: 'irreversible',
    input: z.object({ n: z.number() }),
    run: () => 1,
  });
  const both = [...tools, ...toTools({ change })];
  const keep = tool({
    description: 'Keeps',
    effect: 'reversible',
    input: z.object({ n: z.number() }),
    run: () => 1,
    undo: () => {},
  });
  const rules = async (task: string, did?: 'read' | 'irreversible', given = both) => {
    const run = start(task);
    saw(run, '[]');
    if (did !== undefined) run.append({ kind: 'call', by: 'action', id: '1.1', tool: 'x', args: {}, effect: did });
    const verdict = await reviewAnswer({ tools: given, on: switchesOf({}) }, { kind: 'answer', value: 'Done' }, run);
    return verdict.findings.map(({ rule }) => rule);
  };
  expect(await rules('Table lamps. Insert a lamp of 20 euros.', 'read')).toContain('answer-undone');
  expect(await rules('Please update the price of lamp 7.')).toMatchObject({ 0: 'answer-undone' });
  expect(await rules('Please update the price of lamp 7.', 'irreversible')).not.toContain('answer-undone');
  expect(await rules('Which records were updated last? Add up their prices.')).not.toContain('answer-undone');
  // What is only told is kept where that can be undone, and nothing else is done about it.
  expect(await rules('Lamp 7 is sold for 20 euros.')).not.toContain('answer-undone');
  expect(await rules('Lamp 7 is sold for 20 euros.', 'read', toTools({ keep }))).toContain('answer-undone');
});

it('warns of an answer where nothing that was read names what is sought', async () => {
  const run = start('Whose number is 432-867-7360?');
  const page = (value: string) => run.append({ kind: 'call-result', by: 'action', id: '1.1', ok: true, value });
  saw(run, 'Pages.');
  page('Ada Byron of the Engineering Department, phone 432-111-2222');
  const rules = async () => (await judge(run, 'Ada Byron')).findings.map(({ rule }) => rule);
  expect(await rules()).toContain('sought-unseen');
  page('Ben Stone, phone 432 867 7360');
  expect(await rules()).not.toContain('sought-unseen');
});

it('has a number that was only said worked out once, in a program', async () => {
  const run = start('What do both cost?');
  const seen = saw(run, 'One is 163.36, the other 73.99.');
  expect(await judge(run, 241.5)).toMatchObject({
    verdict: 'block',
    rule: 'answer-unworked',
    findings: [{ message: '241.5 stands in no observation.' }, expect.anything()],
  });
  expect(await judge(run, 73.99)).toMatchObject({ verdict: 'pass' });
  expect((await judge(run, 237.35, seen)).findings).not.toContainEqual(
    expect.objectContaining({ rule: 'answer-unworked' }),
  );
});

it('does not ask again for what a program did already', async () => {
  const run = start('Sell 500 lamps.');
  const of = run.decide({ kind: 'act', code: 'answer(await sell({}))' });
  const call = { kind: 'call', by: 'action', id: `${of}.1`, tool: 'sell', args: {}, effect: 'irreversible' } as const;
  run.append({ ...call, digest: '' });
  const parts = [{ text: '37' }];
  const rests = run.append({ kind: 'observation', by: 'action', of, state: 'done', parts, calls: 1 }).seq;
  expect(await judge(run, 37, rests)).toMatchObject({ verdict: 'warn', rule: 'task-number-unused' });
});

it('blocks a wrong form every time', async () => {
  const run = start('How many?', { type: 'number' });
  const of = run.decide({ kind: 'answer', value: 'many' });
  run.append({ kind: 'review', by: 'action', of, what: 'answer', verdict: 'block', rule: 'answer-form' });
  expect(await judge(run, 'many')).toMatchObject({ verdict: 'block', rule: 'answer-form' });
});

it('passes a text of the program that was seen before', async () => {
  const run = start('Her number?');
  saw(run, 'Call 123-456-7890.');
  const rests = saw(run, 'Answer given: "123-456-7890"', 'answer("123-456-7890")');
  expect(await judge(run, '123-456-7890', rests)).toMatchObject({ verdict: 'pass' });
});

it('warns of an answer before anything was observed', async () => {
  expect(await judge(start('What?'), 'It is so.')).toMatchObject({ verdict: 'warn', rule: 'answer-unsupported' });
});

it('warns when the candidates did not agree', async () => {
  const run = start('What?');
  const rests = saw(run, '1');
  const of = run.log()[rests - 1]?.seq as number;
  run.append({
    kind: 'choice',
    by: 'action',
    of,
    candidates: [
      { id: 'c1', state: 'done' },
      { id: 'c2', state: 'done' },
    ],
    tieBreak: 'first in order',
    votes: { 1: 1, 2: 1 },
    agreed: false,
  });
  expect(await judge(run, 1, rests)).toMatchObject({
    verdict: 'warn',
    rule: 'candidates-disagree',
    findings: [{ message: 'The 2 programs that were tried disagree: 1 (1), 2 (1).' }],
  });
  expect(await judge(run, 1, rests, 'candidates-disagree')).toMatchObject({ verdict: 'pass' });
});
