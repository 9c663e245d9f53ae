import { expect, it } from 'vitest';
import type { Json, RunEvent } from '../record/index.ts';
import { foundNothing } from './found-nothing.ts';

const called = (args: Json, value: Json, answer: Json = []) =>
  foundNothing(answer, [{ tool: 'query', args } as RunEvent<'call'>], (is) => is(value));

it('shows how to see what the compared columns hold', () => {
  const sql = "SELECT `Name` FROM `Old Ships` WHERE `Home port` = 'x = y' AND built LIKE '19%' AND Crew IN (1, 2)";
  expect(called({ sql }, [])).toEqual({
    message: 'The answer is [], because nothing was found: no row met the condition.',
    remedy: `See what the rows hold: ${['built', 'Crew'].map((name) => `console.log(await query({ sql: "SELECT DISTINCT ${name} FROM \`Old Ships\` LIMIT 20" }));`).join(' ')}`,
  });
});

it('speaks of what is there where no statement was asked', () => {
  expect(called({ words: 'lamps' }, [])?.remedy).toBe('Look at what is there, without a condition.');
  expect(called({ sql: 'SELECT 1' }, [])?.remedy).toBe('Look at what is there, without a condition.');
  expect(called('SELECT * FROM t WHERE a = 1', [])?.remedy).toBe('Look at what is there, without a condition.');
});

it('says nothing of an answer that is something, or of nothing that no tool gave', () => {
  expect(called({}, [], ['a'])).toBeUndefined();
  expect(called({}, [], 0)).toBeUndefined();
  expect(called({}, ['a'])).toBeUndefined();
});
