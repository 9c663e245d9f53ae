import { describe, expect, it } from 'vitest';
import type { Json } from '../../record/index.ts';
import { taskSetPromises } from '../../testing/index.ts';
import { floorOf, isRightAnswer, isThere, loadSet, setOf } from './fixtures/public-sets.ts';
import { paragraphTools } from './hotpotqa.ts';
import { lexicalSearch } from './lexical-search.ts';
import { playerOf } from './play.ts';

const set = () => setOf('hotpotqa');
/** VIVA Media AG's new acronym: Gesellschaft mit beschränkter Haftung. */
const VIVA = '5a7613c15542994ccc9186bf';

describe.skipIf(!isThere('hotpotqa'))('hotpotqa', () => {
  it.each(taskSetPromises(() => loadSet('hotpotqa')))('$title', ({ run }) => run());

  it('has 85 bridge and 15 comparison questions', async () => {
    const { tasks } = await set();
    expect(tasks.filter(({ kind }) => kind === 'bridge')).toHaveLength(85);
    expect(tasks.filter(({ kind }) => kind === 'comparison')).toHaveLength(15);
  });

  it.each<[string, Json | undefined, boolean]>([
    ['right', 'Gesellschaft mit beschränkter Haftung', true],
    ['right', 'the gesellschaft mit beschränkter Haftung.', true],
    ['wrong', 'Aktiengesellschaft', false],
    ['empty', '', false],
    ['empty', undefined, false],
    ['malformed', { answer: 'Gesellschaft mit beschränkter Haftung' }, false],
    ['adversarial', 'Gesellschaft mit beschränkter Haftung, or Aktiengesellschaft', false],
    ['adversarial', 'GmbH', false],
  ])('takes a %s answer for what it is: %j', async (_what, answer, right) => {
    expect(await isRightAnswer(await set(), VIVA, answer)).toBe(right);
  });

  it('is guessed right in 2.4 % of attempts', async () => {
    expect(await floorOf(await set(), 20)).toBeCloseTo(0.0235, 4);
  });
});

const play = playerOf(
  paragraphTools([
    ['Mars', ['Mars is a planet.', ' It has two moons.']],
    ['Venus', ['Venus is a planet, and hot.']],
    ['Oslo', ['Oslo is a city.']],
  ]),
);

it('finds articles by their words, best first, and none where no word is there', async () => {
  expect(await play('search', { query: 'planet with moons' })).toEqual([
    { title: 'Mars', text: 'Mars is a planet. It has two moons.' },
    { title: 'Venus', text: 'Venus is a planet, and hot.' },
  ]);
  expect(await play('search', { query: 'oslo' })).toEqual([{ title: 'Oslo', text: 'Oslo is a city.' }]);
  expect(await play('search', { query: 'Tokyo' })).toEqual([]);
  expect(lexicalSearch([])('planet', 3)).toEqual([]);
});

it('looks sentences up in an article, and says where there is none of that name', async () => {
  expect(await play('lookup', { title: 'mars', words: 'MOONS' })).toEqual(['It has two moons.']);
  await expect(play('lookup', { title: 'Tokyo', words: 'city' })).rejects.toThrow('There is no article "Tokyo"');
});
