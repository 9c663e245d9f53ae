import { expect, it } from 'vitest';
import type { Json } from '../record/index.ts';
import { contextFor } from '../testing/index.ts';
import { history } from './history.ts';
import { type ProposeOptions, proposalOf } from './propose.ts';
import { type Facts, noFacts } from './session-state.ts';

const logged = (value: Json): Partial<Facts> => ({ logs: [{ level: 'log', text: String(value), value }] });

function propose(
  code: string,
  facts: Partial<Facts>,
  { plan, ran = 0, ...options }: ProposeOptions & { plan?: string; ran?: number } = {},
) {
  const run = contextFor();
  run.append({ kind: 'task', by: 'user', parts: [{ text: 'How much?' }] });
  if (plan !== undefined) run.decide({ kind: 'think', form: 'plan', text: plan });
  for (let n = 0; n < ran; n++) {
    const of = run.decide({ kind: 'act', code: `f(${n})` });
    run.append({ kind: 'observation', by: 'action', of, state: 'done', parts: [] });
  }
  return proposalOf({ ...noFacts(), ...facts }, code, run.view.project(history), options);
}

it.each<[string, string, Partial<Facts>, ReturnType<typeof propose>]>([
  ['what answer() was given', 'answer(4)', { answer: { value: 4 } }, { value: 4, how: 'answer' }],
  [
    'a variable named answer that is logged last',
    'const answer = f();\nconsole.log(answer);',
    logged({ a: 1 }),
    { value: { a: 1 }, how: 'variable' },
  ],
  [
    'a variable named result that is the last value',
    'const result = f();\nresult',
    { value: { text: '3', json: 3 } },
    { value: 3, how: 'variable' },
  ],
  ['the one scalar that is logged', 'console.log(total * 2)', logged(26), { value: 26, how: 'log' }],
  ['no list: it is something to look at', 'console.log(rows)', logged([1, 2]), undefined],
  ['no length', 'console.log(rows.length)', logged(4), undefined],
  ['no first row', 'console.log(rows[0])', logged('x'), undefined],
  [
    'nothing of a program that failed',
    'answer(4)',
    { answer: { value: 4 }, error: { name: 'E', message: '' } },
    undefined,
  ],
  [
    'nothing where several things are logged',
    'f()',
    { logs: [...(logged(1).logs ?? []), ...(logged(2).logs ?? [])] },
    undefined,
  ],
  ['no long text', 'console.log(page)', logged('x'.repeat(500)), undefined],
])('proposes %s', (_title, code, facts, expected) => {
  expect(propose(code, facts)).toEqual(expected);
});

it('proposes what is logged only when the plan is done', () => {
  const plan = 'Plan:\n1. Look.\n2. Count.';
  expect(propose('console.log(x)', logged(3), { plan })).toBeUndefined();
  expect(propose('console.log(x)', logged(3), { plan, ran: 1 })).toEqual({ value: 3, how: 'log' });
  expect(propose('answer(3)', { answer: { value: 3 } }, { plan })).toEqual({ value: 3, how: 'answer' });
});

it('proposes in no other way than answer() where that is switched off', () => {
  expect(propose('console.log(x)', logged(3), { log: false })).toBeUndefined();
  expect(propose('const answer = 3; console.log(answer)', logged(3), { log: false, variable: false })).toBeUndefined();
});
