import { expect, it } from 'vitest';
import { contextFor, scriptedModel } from '../testing/index.ts';
import { actionController } from './controller.ts';

async function judge(reply: string, model = true) {
  const scripted = scriptedModel([reply]);
  const run = contextFor({ model: scripted });
  run.append({ kind: 'task', by: 'user', parts: [{ text: 'How many?' }] });
  const of = run.decide({ kind: 'act', code: 'f()' });
  run.append({ kind: 'observation', by: 'action', of, state: 'done', parts: [{ text: 'red' }] });
  const verdict = await actionController({ model })({ tools: [] }).reviewPath(run);
  return { verdict, of, asked: run.view.last('model-call') !== undefined };
}

it.each([
  ['retry: it counted rows, not pieces', { verdict: 'retry', rule: 'model', reason: 'it counted rows, not pieces' }],
  ['Replan: wrong shop.', { verdict: 'replan', rule: 'model' }],
  ['go-on: fine', { verdict: 'go-on' }],
  ['I am not sure', { verdict: 'go-on' }],
])('reads %j', async (reply, expected) => {
  expect((await judge(reply)).verdict).toMatchObject(expected);
});

it('prunes the turn that is to be tried again', async () => {
  const { verdict, of } = await judge('retry: no');
  expect(verdict.prune).toEqual([of]);
});

it('asks no model unless told to', async () => {
  expect(await judge('retry: no', false)).toMatchObject({ asked: false, verdict: { verdict: 'go-on' } });
});
