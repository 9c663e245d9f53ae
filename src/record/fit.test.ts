import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitMessages } from './fit.ts';
import { type Message, textOf } from './parts.ts';

const say = (role: Message['role'], text: string): Message => ({ role, parts: [{ text }] });
const long = (start: string, chars = 1_000) => start + 'x'.repeat(chars - start.length);
const dialogue = [
  say('system', long('You solve a task.', 400)),
  say('user', 'Task: count'),
  say('assistant', long('Plan: 1. look', 300)),
  say('assistant', long('```ts\nlook()', 300)),
  say('user', long('Observation: old')),
  say('assistant', long('Thought: then', 300)),
  say('user', long('Observation: new')),
  say('user', 'Write the Code entry.'),
];
const texts = (messages: readonly Message[]) => messages.map(({ parts }) => textOf(parts));
const cut = (messages: readonly Message[]) => messages.flatMap((message, at) => (message === dialogue[at] ? [] : [at]));
const chars = (text: string) => text.length;

it('gives back the same messages when they fit', () => {
  expect(fitMessages(dialogue, 10_000)).toBe(dialogue);
});

it.each([
  ['the oldest observation first', 3_200, [4]],
  ['then the newer one', 2_200, [4, 6]],
  ['then what was written between', 1_300, [3, 4, 5, 6]],
  ['the plan last', 1_130, [2, 3, 4, 5, 6]],
])('cuts %s', (_title, most, expected) => {
  const fitted = fitMessages(dialogue, most, chars);
  expect(cut(fitted)).toEqual(expected);
  expect(texts(fitted).join('').length).toBeLessThanOrEqual(most);
});

it('says what is gone, and where', () => {
  const [, , , , observation] = texts(fitMessages(dialogue, 3_200, chars));
  expect(observation).toMatch(/^Observation: oldx+… \[920 characters left out to fit the window\]$/);
});

it('keeps a call with its result', () => {
  const messages: Message[] = [
    say('user', 'Look.'),
    { role: 'assistant', parts: [{ call: 'c1', tool: 'ls', args: {} }] },
    { role: 'tool', parts: [{ result: 'c1', tool: 'ls', value: 'y'.repeat(5_000) }] },
    { role: 'assistant', parts: [{ call: 'c2', tool: 'ls', args: {} }] },
    { role: 'tool', parts: [{ result: 'c2', tool: 'ls', value: 'z' }] },
  ];
  const fitted = fitMessages(messages, 1_000, chars);
  expect(fitted[1]).toBe(messages[1]);
  expect(fitted[2]).toMatchObject({
    parts: [{ result: 'c1', tool: 'ls', value: expect.stringContaining('left out') }],
  });
});

it('begins alike for many steps of a growing history', () => {
  const grown = (n: number) => [
    ...dialogue.slice(0, 2),
    ...Array.from({ length: n }, (_, at) => say('user', long(`Observation: ${at}`, 500))),
  ];
  const heads = Array.from({ length: 40 }, (_, n) =>
    texts(fitMessages(grown(20 + n), 9_000, chars))
      .slice(0, 4)
      .join(),
  );
  const changes = heads.filter((head, at) => at > 0 && head !== heads[at - 1]).length;
  expect(changes).toBeLessThanOrEqual(2);
});

it('always fits, whatever the messages, where they are not all short', () => {
  const message = fc.record({
    role: fc.constantFrom('user', 'assistant', 'tool'),
    text: fc.string({ maxLength: 3_000 }),
  });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 12 }), fc.integer({ min: 6_000, max: 20_000 }), (given, most) => {
      const messages = given.map(({ role, text }) => say(role as Message['role'], text));
      expect(texts(fitMessages(messages, most, chars)).join('').length).toBeLessThanOrEqual(most);
    }),
    { numRuns: 50 },
  );
});
