import { expect, it } from 'vitest';
import { textOf } from '../record/index.ts';
import { contextOf, type LooseEvent, policyPromises, scriptedModel, viewOf } from '../testing/index.ts';
import { poactController, read } from './index.ts';

const start: LooseEvent = { kind: 'run-start', tools: { search: 'd' } };
const task = (text: string): LooseEvent => ({ kind: 'task', parts: [{ text }] });
const found: LooseEvent[] = [
  { kind: 'policy', policy: 'explore', rule: 'look-for' },
  { kind: 'decision', decision: { kind: 'act', code: 'search()' } },
  { kind: 'observation', state: 'done', parts: [{ text: 'Ada: She wrote notes in 1843.' }] },
];

it.each(policyPromises(() => read()))('$title', ({ run }) => run());

async function answered(question: string, replies: string[]) {
  const model = scriptedModel(replies);
  const decision = await read().decide(viewOf(start, task(question), ...found), contextOf(model));
  return { decision, requests: model.requests };
}

it('begins the answer with the kind that is asked for', async () => {
  const { decision, requests } = await answered('In what year did Ada write?', [' 1843.']);
  expect(decision).toMatchObject({ kind: 'answer', value: 1843 });
  expect(textOf(requests[0]?.messages[0]?.parts ?? [])).toMatch(/^Ada: She wrote notes in 1843\.\n\nQuestion: In what/);
  expect(requests).toMatchObject([{ prefill: 'Answer (year):' }]);
});

it('lets only yes or no be answered where that is asked for', async () => {
  const { decision, requests } = await answered('Did Ada write? Answer yes or no.', [' Yes']);
  expect(decision).toMatchObject({ kind: 'answer', value: 'Yes' });
  expect(requests).toMatchObject([{ constraint: { choices: [' Yes', ' No'] } }]);
});

it.each(['', ' unknown', ' Not mentioned in the texts'])(
  'thinks on where the texts do not say it: "%s"',
  async (reply) => {
    const { decision } = await answered('Who built it?', [reply]);
    expect(decision).toMatchObject({ kind: 'think', form: 'thought', text: expect.stringContaining('looks further') });
  },
);

it.each<[string, LooseEvent[], string]>([
  ['What did Ada write?', found, 'read-found'],
  ['Add up what Ada wrote, in total.', found, 'after-observation'],
  ['Insert what Ada wrote.', found, 'after-observation'],
  ['What did Ada write?', [...found, { kind: 'policy', policy: 'read', rule: 'read-found' }], 'after-observation'],
  ['What did Ada write?', [...found.slice(0, 2), { ...found[2], state: 'failed' } as LooseEvent], 'after-observation'],
])('%s: after %j comes %s', async (question, events, rule) => {
  expect(await poactController().choose(viewOf(start, task(question), ...events))).toMatchObject({ rule });
});
