import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Json, JsonSchema } from '../record/index.ts';
import { contextFor, type TestRun } from '../testing/index.ts';
import { reviewPath } from './review-path.ts';
import { type RuleName, switchesOf } from './rules.ts';
import { toTools } from './to-tools.ts';
import { tool } from './tool.ts';

const input = z.object({ rate: z.number().describe('percent') });
const tools = toTools({
  tax: tool({ description: 'Tax of a sum', effect: 'read', input, output: z.number(), run: () => 1 }),
  ready: tool({
    description: 'Says whether it is done',
    effect: 'read',
    poll: true,
    input: z.object({}),
    run: () => false,
  }),
  setTax: tool({ description: 'Sets the tax', input, output: z.number(), run: () => 1 }),
});

function start(task = 'At 7 %?', answer?: JsonSchema): TestRun {
  const run = contextFor({ tools });
  run.append({ kind: 'task', by: 'user', parts: [{ text: task }], ...(answer === undefined ? {} : { answer }) });
  return run;
}

function saw(
  run: TestRun,
  code: string,
  text: string,
  state: 'done' | 'failed' = 'done',
  value?: Json,
  error?: string,
) {
  const of = run.decide({ kind: 'act', code });
  run.append({
    kind: 'observation',
    by: 'action',
    of,
    state,
    parts: [{ text }],
    ...(value === undefined ? {} : { value }),
    ...(error === undefined ? {} : { error: { name: 'ReferenceError', message: error } }),
  });
  return of;
}

const judge = (run: TestRun, off?: RuleName) =>
  reviewPath({ tools, answers: true, on: switchesOf(off === undefined ? {} : { [off]: false }) }, run);

function called(run: TestRun, name: string, effect: 'read' | 'unknown') {
  const of = run.decide({ kind: 'act', code: 'x' });
  run.append({ kind: 'call', by: 'action', id: `${of}.1`, tool: name, args: { rate: 0.07 }, effect, digest: '' });
  run.append({ kind: 'observation', by: 'action', of, state: 'done', parts: [{ text: '1' }] });
  return of;
}

it('lets a path go on that leads on', () => {
  const run = start();
  expect(judge(run)).toMatchObject({ verdict: 'go-on' });
  saw(run, 'a()', 'one');
  saw(run, 'b()', 'two');
  expect(judge(run)).toMatchObject({ verdict: 'go-on', rule: 'clean' });
});

it('tries again when a tool that takes percent got a fraction, and prunes the turn', () => {
  const run = start();
  const of = called(run, 'tax', 'read');
  expect(judge(run)).toMatchObject({ verdict: 'retry', rule: 'percent-in-call', prune: [of], reason: /give 7\./ });
  expect(judge(run, 'percent-in-call')).toMatchObject({ verdict: 'go-on' });
});

it('does not hide a turn that changed something', () => {
  const run = start();
  called(run, 'setTax', 'unknown');
  const verdict = judge(run);
  expect(verdict.verdict).toBe('retry');
  expect(verdict.prune).toBeUndefined();
});

it('widens once when a program wanted a tool that was not offered', () => {
  const run = start();
  const of = saw(run, 'tax()', 'x', 'failed', undefined, "'tax' is not defined");
  const verdict = judge(run);
  expect(verdict).toMatchObject({ verdict: 'widen', rule: 'space-lacks', reason: 'tax: Tax of a sum' });
  expect(judge(run, 'space-lacks').rule).not.toBe('space-lacks');
  run.append({
    kind: 'review',
    by: 'action',
    of,
    what: 'path',
    verdict: 'widen',
    rule: 'space-lacks',
    reason: verdict.reason,
  });
  expect(judge(run).rule).not.toBe('space-lacks');
});

it('tries again when what was proposed may not be the answer; the same proposal again passes', () => {
  const run = start('What?');
  const propose = () => {
    const of = run.decide({ kind: 'act', code: `answer("") // ${run.log().length}` });
    const proposed = { value: '', how: 'answer' } as const;
    run.append({ kind: 'observation', by: 'action', of, state: 'done', parts: [{ text: `say ${of}` }], proposed });
    return of;
  };
  const of = propose();
  const verdict = judge(run);
  expect(verdict).toMatchObject({ verdict: 'retry', rule: 'answer-empty', prune: [of] });
  expect(judge(run, 'answer-empty')).toMatchObject({ verdict: 'go-on' });
  run.append({
    kind: 'review',
    by: 'action',
    of: run.lastOf('observation').seq,
    what: 'path',
    verdict: 'retry',
    rule: 'answer-empty',
  });
  propose();
  expect(judge(run)).toMatchObject({ verdict: 'go-on' });
});

it('has a program that failed by its own fault written afresh, once, unless it changed something', () => {
  const run = start();
  const of = saw(run, 'a.b.c', 'TypeError', 'failed', undefined, 'a is null');
  expect(judge(run)).toMatchObject({ verdict: 'retry', rule: 'failed-afresh', prune: [of] });
  expect(judge(run, 'failed-afresh')).toMatchObject({ verdict: 'go-on' });
  saw(run, 'a.b.d', 'TypeError', 'failed', undefined, 'a is null');
  expect(judge(run)).toMatchObject({ verdict: 'go-on' });
  const other = start();
  const did = other.decide({ kind: 'act', code: 'x' });
  other.append({ kind: 'call', by: 'action', id: `${did}.1`, tool: 'setTax', args: {}, effect: 'unknown', digest: '' });
  const error = { name: 'TypeError', message: 'no' };
  other.append({ kind: 'observation', by: 'action', of: did, state: 'failed', parts: [{ text: 'no' }], error });
  expect(judge(other)).toMatchObject({ verdict: 'go-on' });
});

it('ends when the plan is done and the last result has the form of the answer', () => {
  const run = start('How many?', { type: 'number' });
  run.decide({ kind: 'think', form: 'plan', text: '1. Look.\n2. Count.' });
  saw(run, 'a()', '12', 'done', 12);
  expect(judge(run)).toMatchObject({ verdict: 'go-on' });
  saw(run, 'b()', '13', 'done', 13);
  expect(judge(run)).toMatchObject({
    verdict: 'end',
    rule: 'answer-observed',
    answer: 13,
    rests: run.lastOf('observation').seq,
  });
  expect(judge(run, 'answer-observed')).toMatchObject({ verdict: 'go-on' });
});

it('tries again, then plans again, when the same turn comes again', () => {
  const run = start();
  saw(run, 'a( )', 'x');
  const of = saw(run, 'a( ) // again', 'x');
  expect(judge(run)).toMatchObject({ verdict: 'retry', rule: 'same-turn-twice', prune: [of] });
  expect(judge(run, 'same-turn-twice')).toMatchObject({ verdict: 'go-on' });
  saw(run, 'a( )', 'x');
  expect(judge(run)).toMatchObject({ verdict: 'replan', rule: 'same-turn-twice' });
});

it('does not take the same program with another result for the same turn', () => {
  const run = start();
  saw(run, 'poll()', 'waiting');
  saw(run, 'poll()', 'ready');
  expect(judge(run)).toMatchObject({ verdict: 'go-on' });
});

it('takes asking again for no circle where the tool says that it is polled', () => {
  const run = start();
  for (let time = 0; time < 5; time++) {
    const of = run.decide({ kind: 'act', code: 'await ready({})' });
    run.append({ kind: 'call', by: 'action', id: `${of}.1`, tool: 'ready', args: {}, effect: 'read' });
    run.append({ kind: 'observation', by: 'action', of, state: 'done', parts: [{ text: 'no' }] });
    expect(judge(run)).toMatchObject({ verdict: 'go-on' });
  }
});

it('plans again when three executions in a row failed', () => {
  const run = start();
  for (const name of ['a', 'b', 'c']) saw(run, `${name}()`, `${name} failed`, 'failed');
  expect(judge(run)).toMatchObject({ verdict: 'replan', rule: 'failed-thrice' });
  expect(judge(run, 'failed-thrice').rule).not.toBe('failed-thrice');
  run.decide({ kind: 'think', form: 'plan', text: '1. Other.' });
  saw(run, 'd()', 'd failed', 'failed');
  expect(judge(run)).toMatchObject({ verdict: 'go-on' });
});

it('plans again when three observations in a row say nothing new', () => {
  const run = start();
  saw(run, 'a()', 'red green blue');
  for (const [code, text] of [
    ['b()', 'green red'],
    ['c()', 'blue'],
    ['d()', 'red blue'],
  ] as const)
    saw(run, code, text);
  expect(judge(run)).toMatchObject({ verdict: 'replan', rule: 'no-new-fact' });
  expect(judge(run, 'no-new-fact')).toMatchObject({ verdict: 'go-on' });
  saw(run, 'e()', 'yellow');
  expect(judge(run)).toMatchObject({ verdict: 'go-on' });
});
