import { describe, expect, it } from 'vitest';
import { type Json, ToolError } from '../../record/index.ts';
import { taskSetPromises } from '../../testing/index.ts';
import { scored } from '../score.ts';
import { sameRows } from './dbbench/same-rows.ts';
import { md5OfTable } from './dbbench.ts';
import { floorOf, isRightAnswer, isThere, loadSet, setOf } from './fixtures/public-sets.ts';
import { playerOf } from './play.ts';

const set = () => setOf('dbbench');

describe.skipIf(!isThere('dbbench'))('dbbench', () => {
  it.each(taskSetPromises(() => loadSet('dbbench')))('$title', ({ run }) => run());

  it('has 20 tasks of each kind', async () => {
    const { tasks } = await set();
    for (const kind of ['SELECT', 'INSERT', 'UPDATE']) {
      expect(tasks.filter((task) => task.kind === kind)).toHaveLength(20);
    }
  });

  // 1: March 19, 1998. 2: Checco D'Angelo.
  it.each<[string, string, Json | undefined, boolean]>([
    ['right', '1', ['March 19, 1998'], true],
    ['right', '1', 'March 19, 1998', true],
    ['wrong', '1', ['March 20, 1998'], false],
    ['empty', '1', [], false],
    ['empty', '1', undefined, false],
    ['malformed', '1', { answer: 'March 19, 1998' }, false],
    ['malformed', '1', [['March 19, 1998']], false],
    ['adversarial', '1', ['March 19, 1998', 'March 20, 1998'], false],
    ['adversarial', '2', "Checco D'Angelo or someone else", false],
  ])('takes a %s answer to %s for what it is: %j', async (_what, id, answer, right) => {
    expect(await isRightAnswer(await set(), id, answer)).toBe(right);
  });

  it.each<[string, string[], boolean]>([
    [
      'the statement asked for',
      [
        "UPDATE `Football Team Results` SET Wins = '5', Byes = 3, Losses = '8', Draws = '2', Against = '1305' WHERE `Ballarat FL` = 'Creswick'",
      ],
      true,
    ],
    ['nothing', [], false],
    ['another value', ["UPDATE `Football Team Results` SET Wins = '6' WHERE `Ballarat FL` = 'Creswick'"], false],
    [
      'all rows',
      ["UPDATE `Football Team Results` SET Wins = '5', Byes = '3', Losses = '8', Draws = '2', Against = '1305'"],
      false,
    ],
    [
      'the statement asked for and something else besides',
      [
        "UPDATE `Football Team Results` SET Wins = '5', Byes = '3', Losses = '8', Draws = '2', Against = '1305' WHERE `Ballarat FL` = 'Creswick'",
        "DELETE FROM `Football Team Results` WHERE `Ballarat FL` = 'Sunbury'",
      ],
      false,
    ],
  ])('judges the table after %s', async (_what, statements, right) => {
    const task = (await set()).tasks.find(({ kind }) => kind === 'UPDATE');
    const world = await task?.open(1);
    if (world === undefined) throw new Error('No task.');
    for (const sql of statements) await playerOf(world.tools ?? {})('execute', { sql });
    const score = await scored(world.score, { status: 'answered', answer: 'Done.', log: [] });
    expect(score.success).toBe(right);
  });

  it('is guessed right in 0.5 % of attempts', async () => {
    expect(await floorOf(await set(), 20)).toBeCloseTo(0.005, 4);
  });

  it('refuses to leave its table', async () => {
    const [task] = (await set()).tasks;
    const play = playerOf((await task?.open(1))?.tools ?? {});
    await expect(play('execute', { sql: 'DROP TABLE x' })).rejects.toThrow(ToolError);
  });
});

it.each<[Json | undefined, string[], boolean]>([
  [['7'], ['7'], true],
  [[7], ['7.0'], true],
  [['7.005'], ['7'], true],
  [['7.02'], ['7'], false],
  [['32,502'], ['32502.0'], true],
  [['45%'], ['45'], true],
  [['b', 'a'], ['a', 'b'], true],
  [['a', 'a', 'b'], ['a', 'b'], true],
  [[1, 1], ['1'], false],
  [['1–0', '2–0'], ['2–0', '1–0'], true],
  ['["a", "b"]', ['a', 'b'], true],
  [['none'], ['none'], true],
  [[null], ['none'], true],
  [[0], ['none'], true],
  [[], ['none'], false],
  ['', ['none'], false],
  [null, ['none'], false],
  [[''], ['none'], false],
  [' ', ['none'], false],
  [["''", ' '], ['none'], false],
  [['', 'none'], ['none'], false],
  [['', '7'], ['0', '7'], true],
  [['0x7'], ['7'], false],
  [['0b1'], ['1'], false],
  [['0x0'], ['none'], false],
  [['7e0'], ['7'], true],
  [[true], ['1'], false],
])('%j for %j: %s', (answer, expected, right) => {
  expect(sameRows(answer, expected)).toBe(right);
});

it('hashes a table as MySQL does, whatever the order of its rows', () => {
  const hash = md5OfTable([
    ['a', '1'],
    ['b', null],
  ]);
  expect(hash).toBe(
    md5OfTable([
      ['b', null],
      ['a', '1'],
    ]),
  );
  expect(hash).not.toBe(md5OfTable([['a', '1'], ['b']].slice(1)));
});
