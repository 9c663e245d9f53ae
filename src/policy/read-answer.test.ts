import { expect, it } from 'vitest';
import { readAnswer } from './read-answer.ts';

it.each([
  ['a number', 'Answer: 12.5', { value: 12.5 }],
  ['words', 'It is done.\nFinal answer: Nordlicht', { value: 'Nordlicht' }],
  ['JSON', '**Answer:** ["a", "b"]', { value: ['a', 'b'] }],
  ['nothing without the mark', 'The answer may be 12.', undefined],
  ['nothing after an empty mark', 'Answer:', undefined],
])('reads %s', (_title, text, expected) => {
  expect(readAnswer(text)).toEqual(expected);
});
