import { describe, expect, it } from 'vitest';
import { taskSetPromises } from '../../testing/index.ts';
import { scored } from '../score.ts';
import { floorOf, isThere, loadSet, setOf } from './fixtures/public-sets.ts';
import { playerOf } from './play.ts';

const set = () => setOf('droidtask');

describe.skipIf(!isThere('droidtask'))('droidtask', () => {
  it.each(taskSetPromises(() => loadSet('droidtask')))('$title', ({ run }) => run());

  it('has 137 tasks in 13 apps', async () => {
    const { tasks } = await set();
    expect(tasks).toHaveLength(137);
    expect(new Set(tasks.map(({ kind }) => kind)).size).toBe(13);
  });

  // gallery/1: show the contents of all folders, by element 2 of the first screen.
  it.each<[string, number[], string[]]>([
    ['right', [2], ['pass', 'pass']],
    ['wrong', [1], ['fail', 'fail']],
    ['empty', [], ['fail', 'fail']],
    ['roundabout', [6, 2], ['pass', 'fail']],
    ['adversarial', [0, 1, 2, 3, 4, 5], ['pass', 'fail']],
  ])('takes a %s path for what it is: %j', async (_what, elements, verdicts) => {
    const task = (await set()).tasks.find(({ id }) => id === 'gallery/1');
    const world = await task?.open(1);
    if (world === undefined) throw new Error('No task.');
    for (const element of elements) await playerOf(world.tools ?? {})('tap', { element });
    const score = await scored(world.score, { status: 'answered', answer: 'done', log: [] });
    expect(score.assertions.map(({ verdict }) => verdict)).toEqual(verdicts);
  });

  it('is done by chance in 0.3 % of attempts', async () => {
    expect(await floorOf(await set(), 10)).toBeCloseTo(0.0029, 4);
  });
});
