// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs stand here as text.
import { expect, it } from 'vitest';
import { isWordProblem, wordsProgram } from './words.ts';

it.each([
  ['a last line', '16 - 7 = 9 eggs.\nAnswer: 9', 'console.log(`16 - 7 = 9 eggs.`);\nanswer(9);'],
  ['a numbered one', '1. 3 + 4 = 7\n2. Answer: 7', 'console.log(`1. 3 + 4 = 7`);\nanswer(7);'],
  ['a unit and separators', 'So it is.\n**Answer:** $1,234.50 a day', 'console.log(`So it is.`);\nanswer(1234.5);'],
  ['the number alone', 'Answer: -3', 'answer(-3);'],
  ['the last of several', 'Answer: 1\nNo, wait.\nAnswer: 2', 'console.log(`Answer: 1\nNo, wait.`);\nanswer(2);'],
  [
    'marks of a literal',
    'It is `x` and ${y}\\.\nAnswer: 5',
    'console.log(`It is \\`x\\` and \\${y}\\\\.`);\nanswer(5);',
  ],
])('reads %s', (_what, reply, program) => {
  expect(wordsProgram(reply)).toBe(program);
});

it.each(['It is 9.', 'Answer: none', '', 'The answer: is 9'])('reads no number where none is said: %s', (reply) => {
  expect(wordsProgram(reply)).toBeUndefined();
});

it.each([
  ['Ada has 3 eggs. She eats two of them. How many are left?', { type: 'number' }, true],
  ['Ada has 3 eggs. She eats two of them. How many are left?', { type: 'integer' }, true],
  ['Ada has 3 eggs. She eats two of them. How many are left?', { type: 'string' }, false],
  ['Ada has 3 eggs. She eats two of them. How many are left?', undefined, false],
  ['How many primes are there below 1,000 that end in 7?', { type: 'number' }, false],
  ['Ada has eggs. She eats 2. How many are left?', { type: 'number' }, false],
])('%s, as %j: %s', (task, answer, is) => {
  expect(isWordProblem(task, answer)).toBe(is);
});
