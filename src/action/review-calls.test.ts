import { expect, it } from 'vitest';
import { z } from 'zod';
import type { ToolCall } from '../record/index.ts';
import { contextFor, type TestRun } from '../testing/index.ts';
import { reviewCalls } from './review-calls.ts';
import { type RuleName, switchesOf } from './rules.ts';
import { toTools } from './to-tools.ts';
import { tool } from './tool.ts';

const tools = toTools({
  show: tool({
    description: 'Shows',
    effect: 'read',
    input: z.object({ id: z.number() }),
    output: z.string(),
    run: () => '',
  }),
  tax: tool({
    description: 'Tax',
    effect: 'read',
    input: z.object({ rate: z.number().describe('in percent') }),
    output: z.number(),
    run: ({ rate }) => rate,
  }),
  mail: tool({ description: 'Sends', input: z.object({ to: z.string() }), output: z.string(), run: () => 'sent' }),
});

function start(): TestRun {
  const run = contextFor({ tools });
  run.append({ kind: 'task', by: 'user', parts: [{ text: 'Show 7 at 7 %.' }] });
  return run;
}

const look = (run: TestRun, calls: ToolCall[], off?: RuleName) =>
  reviewCalls({ tools, on: switchesOf(off === undefined ? {} : { [off]: false }) }, { kind: 'call', calls }, run);
const show = (args: ToolCall['args'], id = 'a') => ({ id, tool: 'show', args });

it.each<[string, RuleName, 'block' | 'warn', ToolCall[]]>([
  ['a tool that is not there', 'tool-unknown', 'block', [{ id: 'a', tool: 'shwo', args: {} }]],
  ['arguments that do not fit', 'arguments-invalid', 'block', [show({ id: 'seven' })]],
  ['two calls of one id', 'calls-circular', 'block', [show({ id: 1 }), show({ id: 2 })]],
  ['a circle', 'calls-circular', 'block', [show({ id: { ref: 'b' } }), { ...show({ id: 1 }, 'b'), after: ['a'] }]],
  ['a fraction for percent', 'percent-as-fraction', 'block', [{ id: 'a', tool: 'tax', args: { rate: 0.07 } }]],
  ['an invented address', 'effect-invented', 'warn', [{ id: 'a', tool: 'mail', args: { to: 'eve@example.org' } }]],
])('finds %s, unless the rule is off', async (_title, rule, verdict, calls) => {
  const run = start();
  expect(await look(run, calls)).toMatchObject({ verdict, rule });
  expect((await look(run, calls, rule)).findings.map((finding) => finding.rule)).not.toContain(rule);
});

it('says what was probably meant', async () => {
  expect((await look(start(), [{ id: 'a', tool: 'shwo', args: {} }])).reason).toContain('Did you mean `show`?');
});

it.each([
  [false, 'block', 'failed-repeated'],
  [true, 'warn', 'repeated'],
] as const)('knows a call that already ended %s', async (ok, verdict, rule) => {
  const run = start();
  const of = run.decide({ kind: 'call', calls: [show({ id: 1 })] });
  const error = ok ? {} : { error: { code: 'tool-failed', message: 'broken' } };
  run.append({ kind: 'call-result', by: 'action', id: `${of}.a`, ok, ...error });
  expect(await look(run, [show({ id: 1 }, 'z')])).toMatchObject({ verdict, rule });
  expect(await look(run, [show({ id: 1 }, 'z')], rule)).toMatchObject({ verdict: 'pass' });
  expect(await look(run, [show({ id: 2 })])).toMatchObject({ verdict: 'pass' });
});

it('leaves arguments that refer to results to be checked when those are there', async () => {
  expect(await look(start(), [show({ id: 1 }), show({ id: { ref: 'a' } }, 'b')])).toMatchObject({ verdict: 'pass' });
});

it('refuses a tool that the step was not offered', async () => {
  const run = start();
  const { seq } = run.append({
    kind: 'selection',
    by: 'action',
    purpose: 'act',
    format: 'json',
    tools: ['tax'],
    of: 3,
  });
  const verdict = await reviewCalls(
    { tools, on: () => true },
    { kind: 'call', calls: [show({ id: 1 })], selection: seq },
    run,
  );
  expect(verdict).toMatchObject({ verdict: 'block', rule: 'tool-unknown' });
});
