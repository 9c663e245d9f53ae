import { expect, it } from 'vitest';
import { contextOf, type LooseEvent, policyPromises, scriptedModel, viewOf } from '../testing/index.ts';
import { saysItIsShown } from './answer.ts';
import { answer, poactController } from './index.ts';

const task: LooseEvent = { kind: 'task', parts: [{ text: 'Find the email of Ada Byron.' }] };
const acted: LooseEvent = { kind: 'decision', decision: { kind: 'act', code: 'look()' } };
const saw: LooseEvent = { kind: 'observation', parts: [{ text: 'Email: ada@team.net' }] };
const thought = (text: string): LooseEvent => ({
  kind: 'decision',
  decision: { kind: 'think', form: 'thought', text },
});

it.each(policyPromises(() => answer()))('$title', ({ run }) => run());

it.each([
  ['The last Observation shows the final answer: Ada Byron is in the Engineering Department.', true],
  ['The last Observation shows the email of Ada Byron, which is what is sought. The next Code must find it.', true],
  ['An observation already holds the phone number.', true],
  ['The last Observation does not show the email.', false],
  ['The Observation shows only the first page.', false],
  ['The last Observation shows a syntax error in the SQL query.', false],
  ['The last Observation shows an empty list.', false],
  ['The last Observation shows the prices. The next Code must add them to a total.', false],
  ['Open the page of Ada Byron.', false],
])('reads a thought: %s', (text, shown) => {
  expect(saysItIsShown(text)).toBe(shown);
});

it('is asked for the answer where a thought finds it, and for a program once that was refused', async () => {
  const events = [task, acted, saw, thought('The last Observation shows the email.')];
  expect(await poactController().choose(viewOf(...events))).toMatchObject({ policy: 'answer', rule: 'answer-shown' });
  expect(await poactController({ answer: false }).choose(viewOf(...events))).toMatchObject({ policy: 'code' });
  const failed: LooseEvent = { kind: 'observation', state: 'failed', parts: [{ text: 'Error: no such page' }] };
  expect(
    await poactController().choose(viewOf(task, acted, failed, thought('The last Observation shows the page.'))),
  ).toMatchObject({
    policy: 'code',
  });
  const refused = { kind: 'review', what: 'answer', verdict: 'block', rule: 'x' } as const;
  const said: LooseEvent = { kind: 'decision', decision: { kind: 'answer', value: 'x' } };
  expect(await poactController().choose(viewOf(...events, said, refused))).toMatchObject({ policy: 'code' });
});

it.each([
  [' ada@team.net', 'ada@team.net'],
  ['Answer: 12.5', 12.5],
  ['Email: ada@team.net\nand more', 'ada@team.net'],
  ['Note: ada@team.net', 'Note: ada@team.net'],
])('gives the value alone of %j', async (reply, value) => {
  const model = scriptedModel([reply]);
  expect(await answer().decide(viewOf(task, acted, saw), contextOf(model))).toMatchObject({ kind: 'answer', value });
});
