import { describe, expect, it } from 'vitest';
import type { Json } from '../../record/index.ts';
import { taskSetPromises } from '../../testing/index.ts';
import { selectTasks } from '../task-set.ts';
import { floorOf, isRightAnswer, isThere, loadSet, setOf } from './fixtures/public-sets.ts';

const set = () => setOf('humanevalpack-js');
const CLOSE = 'write/JavaScript/0';
const right =
  'const hasCloseElements = (numbers, threshold) => numbers.some((one, at) => numbers.some((other, to) => at !== to && Math.abs(one - other) < threshold));';

describe.skipIf(!isThere('humanevalpack-js'))('humanevalpack-js', () => {
  // A session for each answer: the promises are kept by some tasks of each kind, the oracles of all are below.
  const some = async () => {
    const all = await loadSet('humanevalpack-js');
    return { ...all, tasks: selectTasks(all, { most: 10 }) };
  };
  it.each(taskSetPromises(some))('$title', ({ run }) => run());

  it('has a problem to write and to repair in one fold', async () => {
    const { tasks } = await set();
    const problems = Map.groupBy(tasks, ({ id }) => id.slice(id.indexOf('/') + 1));
    expect([...problems.values()].filter((both) => new Set(both.map(({ fold }) => fold)).size > 1)).toEqual([]);
    for (const kind of ['write', 'repair'])
      expect(tasks.filter((task) => task.kind === kind && task.fold === 'reporting')).toHaveLength(41);
  });

  it('has right functions for all 81 problems', async () => {
    const all = await set();
    const wrong: string[] = [];
    for (const { id, kind, open } of all.tasks) {
      if (kind !== 'write') continue;
      const answer = await (await open(1)).oracle?.();
      if (!(await isRightAnswer(all, id, answer))) wrong.push(id);
    }
    expect(wrong).toEqual([]);
  });

  it.each<[string, Json | undefined, boolean]>([
    ['right', right, true],
    ['right', `\`\`\`js\n${right}\n\`\`\``, true],
    ['wrong', right.replace('Math.abs', ''), false],
    ['empty', '', false],
    ['empty', undefined, false],
    ['malformed', 'I would compare all pairs.', false],
    ['malformed', { code: right }, false],
    ['adversarial', 'console.assert = () => {}; const hasCloseElements = () => true;', false],
    ['adversarial', 'const hasCloseElements = () => { for (;;); };', false],
    ['adversarial', 'const testHasCloseElements = () => {};', false],
  ])('takes a %s answer for what it is: %j', async (_what, answer, isRight) => {
    expect(await isRightAnswer(await set(), CLOSE, answer)).toBe(isRight);
  });

  it('does not take the buggy functions for right ones', async () => {
    const all = await set();
    const repairs = all.tasks.filter(({ kind }) => kind === 'repair');
    const buggy = (text: string) => text.slice(text.indexOf('\n\n') + 2, text.indexOf('\nIt fails these tests:'));
    const passed: string[] = [];
    for (const { id, text } of repairs) if (await isRightAnswer(all, id, buggy(text))) passed.push(id);
    expect(passed).toEqual([]);
  });

  it('is guessed right once in twenty attempts at some of its tasks', async () => {
    expect(await floorOf(await some(), 2)).toBe(0.05);
  });
});
