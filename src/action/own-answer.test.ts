import { expect, it } from 'vitest';
import type { History } from './history.ts';
import { isOnlyAsked } from './own-answer.ts';

const asked = (task: string, value: string) =>
  isOnlyAsked(value, { data: new Map(), tasks: [{ parts: [{ text: task }] }] } as unknown as History);

it('looks for a text in each question of a task', () => {
  expect(asked('A list.\nWho made it? And who made the Night Lamp? Say its name.', 'Night Lamp')).toBe(true);
  expect(asked('Night Lamp is old.\nWho made it? Say its name.', 'Night Lamp')).toBe(false);
});

// Quadratic time would take minutes: each character was tried as the beginning of a question that never ends.
it('reads a long line without a question at once', () => {
  expect(asked('{"a":1,"b":"some text here"},'.repeat(34_500), 'Night Lamp')).toBe(false);
});
