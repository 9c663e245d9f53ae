import { describe, expect, it } from 'vitest';
import type { Json } from '../../record/index.ts';
import { taskSetPromises } from '../../testing/index.ts';
import { floorOf, isRightAnswer, isThere, loadSet, setOf } from './fixtures/public-sets.ts';

const set = () => setOf('llmcompiler');

describe.skipIf(!isThere('llmcompiler'))('llmcompiler', () => {
  it.each(taskSetPromises(() => loadSet('llmcompiler')))('$title', ({ run }) => run());

  it('has three kinds', async () => {
    const { tasks } = await set();
    const count = (kind: string) => tasks.filter((task) => task.kind === kind).length;
    expect([count('comparison'), count('movie'), count('parallelqa')]).toEqual([1_487, 500, 113]);
  });

  it.skipIf(!isThere('hotpotqa'))('gives a question that hotpotqa has the fold that it has there', async () => {
    const there = new Map((await setOf('hotpotqa')).tasks.map(({ id, fold }) => [`comparison/${id}`, fold]));
    const shared = (await set()).tasks.filter(({ id }) => there.has(id));
    expect(shared).toHaveLength(15);
    expect(shared.map(({ id, fold }) => [id, fold])).toEqual(shared.map(({ id }) => [id, there.get(id)]));
  });

  const FILM = 'Austin Powers International Man of Mystery';
  it.each<[string, string, Json | undefined, boolean]>([
    ['right', 'movie/0', FILM, true],
    ['right', 'movie/0', ` ${FILM.toLowerCase()}. `, true],
    ['right', 'comparison/5a8b57f25542995d1e6f1371', 'Yes', true],
    ['wrong', 'movie/0', 'Rosetta', false],
    ['empty', 'movie/0', '', false],
    ['empty', 'movie/0', undefined, false],
    ['malformed', 'movie/0', [FILM], false],
    ['adversarial', 'movie/0', `${FILM} or Rosetta`, false],
    ['adversarial', 'comparison/5a8b57f25542995d1e6f1371', 'yes no', false],
  ])('takes a %s answer to %s for what it is: %j', async (_what, id, answer, right) => {
    expect(await isRightAnswer(await set(), id, answer)).toBe(right);
  });

  it('takes a number within a tenth', async () => {
    const all = await set();
    const task = all.tasks.find(({ id }) => id === NUMBER);
    const expected = Number(await (await task?.open(1))?.oracle?.());
    expect(await isRightAnswer(all, NUMBER, expected * 1.09)).toBe(true);
    expect(await isRightAnswer(all, NUMBER, String(expected * 0.91))).toBe(true);
    expect(await isRightAnswer(all, NUMBER, expected * 1.11)).toBe(false);
    expect(await isRightAnswer(all, NUMBER, -expected)).toBe(false);
  });

  // Expected: 5931.80.
  it.each<[Json, boolean]>([
    [5931.8, true],
    ['5931.80', true],
    ['$5,931.80', true],
    ['5,931.80 €', true],
    ['5931.80%', true],
    ['5931.80.', true],
    ['+5.9e3', true],
    ['-5931.80', false],
    ['-$5931.80', false],
    ['$593180', false],
    ['593180%', false],
    ['5931,80', false],
    ['59,31.80', false],
    ['5931.80 million', false],
    ['5931.80 or 7', false],
    ['5931 80', false],
    ['', false],
    ['$', false],
    [[5931.8], false],
    [true, false],
  ])('takes %j for 5931.80: %s', async (answer, right) => {
    expect(await isRightAnswer(await set(), NUMBER, answer)).toBe(right);
  });

  it('is guessed right in 15.1 % of attempts', async () => {
    expect(await floorOf(await set(), 1)).toBeCloseTo(0.1514, 4);
  });
});

const NUMBER = 'parallelqa/11';
