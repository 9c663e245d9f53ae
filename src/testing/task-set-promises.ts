/**
 * What every task set promises, as data: each runs them in its own test.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { type Attempt, type EvalTask, type Score, scored, type TaskSet, type World } from '../eval/index.ts';
import { digestOf, seededRandom } from '../record/index.ts';
import type { ContractPromise } from './contract-promise.ts';

/** Attempts that did nothing: they have no answer, or one that says nothing. */
const NOTHING: readonly Attempt[] = [
  { status: 'stopped', log: [] },
  { status: 'answered', answer: '', log: [] },
  { status: 'answered', answer: null, log: [] },
];

/**
 * The promises of a task set. `make` is called afresh for each.
 *
 * @example
 * ```ts
 * it.each(taskSetPromises(() => sums))('$title', ({ run }) => run());
 * ```
 */
export function taskSetPromises(make: () => TaskSet | Promise<TaskSet>): ContractPromise[] {
  return [
    {
      title: 'has ids of its own for its tasks, and both folds of every kind that has two',
      async run() {
        const { tasks } = await make();
        assert.equal(new Set(tasks.map(({ id }) => id)).size, tasks.length);
        for (const [kind, group] of Map.groupBy(tasks, (task) => task.kind)) {
          if (group.length > 1)
            assert.ok(
              group.some(({ fold }) => fold === 'development'),
              kind,
            );
        }
      },
    },
    {
      title: 'has the same tasks each time it is made',
      async run() {
        const [one, other] = [await make(), await make()];
        const facts = ({ tasks }: TaskSet) => tasks.map(({ id, kind, fold, text }) => [id, kind, fold, text]);
        assert.deepEqual(facts(one), facts(other));
      },
    },
    {
      title: 'has oracles that pass',
      async run() {
        await eachWorld(await make(), async (task, world) => {
          if (world.oracle === undefined) return;
          const answer = await world.oracle();
          const score = await scored(world.score, answered(answer));
          assert.ok(score.success, `${task.id}: ${reasonsOf(score)}`);
        });
      },
    },
    {
      title: 'does not take nothing for a right answer, also after its oracle passed in a world of the same task',
      async run() {
        const set = await make();
        for (const attempt of NOTHING) {
          await eachWorld(set, async (task, world) => {
            const score = await scored(world.score, attempt);
            assert.ok(!score.success, `${task.id} takes ${JSON.stringify(attempt.answer)}: ${reasonsOf(score)}`);
          });
        }
      },
    },
    {
      title: 'names its assertions alike, whatever was answered, and gives each a reason',
      async run() {
        await eachWorld(await make(), async (task, world) => {
          const one = await scored(world.score, answered('certainly no answer to this'));
          const other = await scored(world.score, answered([{ no: 'answer' }]));
          assert.deepEqual(namesOf(one), namesOf(other), task.id);
          for (const { name, reason } of one.assertions) assert.ok(reason.length > 0, `${task.id}: ${name}`);
        });
      },
    },
    {
      title: 'makes the same world from the same seed',
      async run() {
        const set = await make();
        for (const task of set.tasks) assert.deepEqual(await factsOf(task), await factsOf(task), task.id);
      },
    },
  ];
}

async function eachWorld({ tasks }: TaskSet, look: (task: EvalTask, world: World) => Promise<void>): Promise<void> {
  for (const task of tasks) {
    const world = await task.open(1);
    try {
      await look(task, world);
    } finally {
      await world.close?.();
    }
  }
}

const answered = (answer: Attempt['answer']): Attempt => ({
  status: 'answered',
  log: [],
  ...(answer !== undefined && { answer }),
});
const namesOf = ({ assertions }: Score) => assertions.map(({ name }) => name);
const reasonsOf = ({ assertions }: Score) => assertions.map(({ name, reason }) => `${name}: ${reason}`).join(' ');

/** What can be compared of a world: its tools, its data, and what it guesses. */
async function factsOf(task: EvalTask): Promise<unknown[]> {
  const world = await task.open(1);
  try {
    const guess = await world.guess?.(seededRandom(1).next);
    return [Object.keys(world.tools ?? {}), digestOf(world.data ?? null), guess];
  } finally {
    await world.close?.();
  }
}
