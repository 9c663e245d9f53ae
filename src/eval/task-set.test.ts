import { expect, it } from 'vitest';
import { taskSetPromises } from '../testing/index.ts';
import { type EvalTask, selectTasks, type TaskSet, type World, withFolds } from './task-set.ts';

const bare = (kind: string, count: number) =>
  Array.from({ length: count }, (_, at) => ({
    id: `${kind}-${at}`,
    kind,
    text: 'Go.',
    open: () => ({ score: () => [] }),
  }));
const setOf = (tasks: readonly EvalTask[]): TaskSet => ({
  name: 'few',
  version: 1,
  about: '',
  rule: '',
  source: '',
  tasks,
});
const countOf = (tasks: readonly EvalTask[], kind: string, fold: string) =>
  tasks.filter((task) => task.kind === kind && task.fold === fold).length;

it('splits each kind in halves, the odd one for reporting', () => {
  const tasks = withFolds([...bare('shop', 10), ...bare('bank', 5)]);
  expect([countOf(tasks, 'shop', 'development'), countOf(tasks, 'shop', 'reporting')]).toEqual([5, 5]);
  expect([countOf(tasks, 'bank', 'development'), countOf(tasks, 'bank', 'reporting')]).toEqual([2, 3]);
});

it('gives an id its fold whatever the order', () => {
  const tasks = bare('shop', 9);
  const folds = (list: typeof tasks) => new Map(withFolds(list).map(({ id, fold }) => [id, fold]));
  expect(folds(tasks.toReversed())).toEqual(new Map([...folds(tasks)].reverse()));
});

it('keeps what was tuned on out of reporting, and splits what is left', () => {
  const developed = ['shop-0', 'shop-1', 'shop-2', 'shop-3'];
  const tasks = withFolds(bare('shop', 10), { developed });
  expect(tasks.filter(({ id }) => developed.includes(id)).every(({ fold }) => fold === 'development')).toBe(true);
  expect(countOf(tasks, 'shop', 'reporting')).toBe(3);
});

it('keeps what is alike in one fold, also across kinds, and splits each kind in halves as far as that lets', () => {
  const problem = ({ id }: { id: string }) => id.slice(id.indexOf('-') + 1);
  const by = { by: (task: { id: string }) => problem(task) };
  const tasks = [...bare('shop', 9), ...bare('bank', 6), ...bare('desk', 12)];
  const folds: EvalTask[] = withFolds<(typeof tasks)[0]>(tasks, by);
  const groups = [...Map.groupBy(folds, problem).values()];
  expect(groups.every((group) => new Set(group.map(({ fold }) => fold)).size === 1)).toBe(true);
  expect(['bank', 'desk', 'shop'].map((kind) => countOf(folds, kind, 'development'))).toEqual([3, 6, 5]);
  expect(withFolds(tasks.toReversed(), by).map(({ id, fold }) => [id, fold])).toEqual(
    folds.toReversed().map(({ id, fold }) => [id, fold]),
  );
  const tuned = withFolds(tasks, { ...by, developed: ['shop-5'] });
  expect(tuned.filter((task) => problem(task) === '5').map(({ fold }) => fold)).toEqual(Array(3).fill('development'));
});

it('chooses so many in turn from each kind, in the order of the set', () => {
  const set = setOf(withFolds([...bare('shop', 10), ...bare('bank', 2)]));
  expect(selectTasks(set, { most: 5 }).map(({ id }) => id)).toEqual(['shop-0', 'shop-1', 'shop-2', 'bank-0', 'bank-1']);
});

it('chooses by fold, kind and id', () => {
  const set = setOf(withFolds([...bare('shop', 10), ...bare('bank', 4)]));
  expect(selectTasks(set, { fold: 'reporting', kinds: ['bank'] })).toHaveLength(2);
  expect(selectTasks(set, { ids: ['bank-3', 'shop-1'] }).map(({ id }) => id)).toEqual(['shop-1', 'bank-3']);
});

it.each([
  ['an id it has not', () => selectTasks(setOf(withFolds(bare('shop', 1))), { ids: ['x'] }), /few has no task "x"/],
  ['a kind it has not', () => selectTasks(setOf(withFolds(bare('shop', 1))), { kinds: ['x'] }), /There are: shop/],
  ['nothing', () => selectTasks(setOf(withFolds(bare('shop', 1))), { fold: 'development' }), /Nothing of few is left/],
  ['an id twice', () => withFolds([...bare('shop', 1), ...bare('shop', 1)]), /Two tasks have the id "shop-0"/],
  ['ids tuned on that are none', () => withFolds(bare('shop', 1), { developed: ['x'] }), /No task has the id "x"/],
])('refuses %s', (_title, act, problem) => {
  expect(act).toThrow(problem);
});

const sums: TaskSet = {
  name: 'sums',
  version: 1,
  about: 'Sums.',
  rule: 'The number.',
  source: 'Made here.',
  tasks: withFolds(
    [1, 2, 3].map((n) => ({ id: `twice-${n}`, kind: 'sums', text: `Twice ${n}?`, open: () => worldOf(2 * n) })),
  ),
};

function worldOf(right: number): World {
  return {
    score: ({ answer }) => [
      { name: 'answer', verdict: answer === right ? 'pass' : 'fail', reason: `Expected ${right}; it is ${answer}.` },
    ],
    oracle: () => right,
    guess: (random) => Math.floor(random() * 10),
  };
}

it.each(taskSetPromises(() => sums))('$title', ({ run }) => run());

it.each<[string, World]>([
  ['an oracle that does not pass', { ...worldOf(2), oracle: () => 3 }],
  ['a scorer that takes anything', { score: () => [{ name: 'answer', verdict: 'pass', reason: 'Fine.' }] }],
])('has promises that find %s', async (_title, world) => {
  const broken = { ...sums, tasks: sums.tasks.map((task) => ({ ...task, open: () => world })) };
  const runs = taskSetPromises(() => broken).map(async ({ run }) => run());
  const outcomes = await Promise.allSettled(runs);
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
});
