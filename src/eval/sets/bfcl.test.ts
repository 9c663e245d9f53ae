import { describe, expect, it } from 'vitest';
import { actionController } from '../../action/index.ts';
import { codeAct } from '../../policy/index.ts';
import type { Json } from '../../record/index.ts';
import { memoryStore } from '../../run/index.ts';
import { scriptedModel, taskSetPromises } from '../../testing/index.ts';
import type { Arm } from '../arm.ts';
import { experiment } from '../experiment.ts';
import { scored } from '../score.ts';
import { selectTasks } from '../task-set.ts';
import { type MadeCall, whyWrong } from './bfcl/match-calls.ts';
import type { DeclaredFunction } from './bfcl/schema.ts';
import { floorOf, isThere, loadSet, setOf } from './fixtures/public-sets.ts';
import { playerOf } from './play.ts';

const set = () => setOf('bfcl');

describe.skipIf(!isThere('bfcl'))('bfcl', () => {
  it.each(taskSetPromises(() => loadSet('bfcl')))('$title', ({ run }) => run());

  it('has eleven categories', async () => {
    const { tasks } = await set();
    expect(tasks).toHaveLength(1_747);
    expect(new Set(tasks.map(({ kind }) => kind)).size).toBe(11);
  });

  it('has no question in both folds', async () => {
    const { tasks } = await set();
    const questions = Map.groupBy(tasks, ({ text }) => text.toLowerCase().replace(/\s+/g, ' ').trim());
    expect([...questions.values()].filter((same) => new Set(same.map(({ fold }) => fold)).size > 1)).toEqual([]);
    expect(tasks.filter(({ fold }) => fold === 'reporting')).toHaveLength(874);
  });

  it.each<[string, string, [string, Json][], boolean]>([
    ['right', 'simple_python_2', [['math_hypot', { x: 4, y: 5 }]], true],
    ['right', 'irrelevance_0', [], true],
    ['wrong', 'simple_python_2', [['math_hypot', { x: 5, y: 4 }]], false],
    ['wrong', 'irrelevance_0', [['determine_body_mass_index', { weight: 60, height: 2 }]], false],
    ['empty', 'simple_python_2', [], false],
    [
      'adversarial',
      'simple_python_2',
      [
        ['math_hypot', { x: 4, y: 5 }],
        ['math_hypot', { x: 5, y: 4 }],
      ],
      false,
    ],
  ])('takes %s calls of %s for what they are: %j', async (_what, id, calls, right) => {
    const task = (await set()).tasks.find((one) => one.id === id);
    const world = await task?.open(1);
    if (world === undefined) throw new Error('No task.');
    const play = playerOf(world.tools ?? {});
    for (const [name, args] of calls) await play(name, args);
    const score = await scored(world.score, { status: 'answered', answer: 'done', log: [] });
    expect(score.success).toBe(right);
  });

  it('refuses malformed arguments', async () => {
    const world = await (await set()).tasks.find(({ id }) => id === 'simple_python_2')?.open(1);
    await expect(playerOf(world?.tools ?? {})('math_hypot', { x: 'four', y: 5 })).rejects.toThrow();
    const score = await scored(world?.score ?? (() => []), { status: 'answered', log: [] });
    expect(score.assertions[0]?.reason).toBe('Expected 1 calls, but there are 0.');
  });

  /** The task under an agent that replies with this program, nothing of which is reviewed. */
  const asked = async (id: string, program: () => string) => {
    const all = await set();
    const arm: Arm = {
      name: 'some',
      agent: () => ({
        model: scriptedModel(() => `\`\`\`ts\n${program()}\n\`\`\``),
        policy: codeAct(),
        action: actionController({ format: 'code', review: { types: false, answers: false, path: false } }),
      }),
    };
    const sets = [{ ...all, tasks: selectTasks(all, { ids: [id] }) }];
    const { cells } = await experiment({ name: 'bfcl', sets, arms: [arm], store: memoryStore(), limits: { steps: 1 } });
    return cells[0];
  };

  it.each([
    ['irrelevance_0', 'answer("none")', true, 'The 0 calls are right.'],
    [
      'irrelevance_0',
      'try { await determine_body_mass_index({}) } catch {}\nanswer("none")',
      false,
      '1 of 1 calls were refused: they do not fit their functions.',
    ],
    ['irrelevance_0', 'answer("")', false, 'Expected an answer that no function fits, but there is none.'],
    [
      'irrelevance_0',
      'if (1 > 2) answer("none")',
      false,
      'Expected an answer that no function fits, but there is none.',
    ],
    ['simple_python_2', 'await math_hypot({ x: 4, y: 5 })\nanswer("done")', true, 'The 1 calls are right.'],
    ['simple_python_2', 'await math_hypot({ x: 4, y: 5 })', true, 'The 1 calls are right.'],
    [
      'simple_python_2',
      'try { await math_hypot({ x: "four" }) } catch {}\nawait math_hypot({ x: 4, y: 5 })\nanswer("done")',
      false,
      '1 of 2 calls were refused: they do not fit their functions.',
    ],
  ])('judges an attempt at %s by the calls in its log and its answer: %s', async (id, program, success, reason) => {
    expect(await asked(id, () => program)).toMatchObject({ success, assertions: [{ reason }] });
  });

  it('takes no run that failed for a right one, though nothing was to be called', async () => {
    const failed = await asked('irrelevance_0', () => {
      throw new Error('No such parameter.');
    });
    expect(failed).toMatchObject({ status: 'failed', success: false, unknown: false });
    const away = await asked('irrelevance_0', () => {
      throw new Error('connection refused');
    });
    expect(away).toMatchObject({ status: 'failed', success: false, unknown: true });
  });

  it('is met by chance in 15.7 % of attempts: by calling nothing where nothing fits', async () => {
    expect(await floorOf(await set(), 1)).toBeCloseTo(0.1574, 4);
  });
});

const book: DeclaredFunction = {
  name: 'book',
  description: 'Books.',
  parameters: {
    properties: {
      city: { type: 'string' },
      nights: { type: 'integer' },
      eur: { type: 'float' },
      rooms: { type: 'array', items: { type: 'string' } },
      guest: { type: 'dict' },
    },
    required: ['city'],
  },
};
const gold = {
  book: {
    city: ['New York, NY', 'NYC'],
    nights: [2],
    eur: ['', 9.5],
    rooms: ['', ['A-1', 'B']],
    guest: ['', { name: ['Ada'], age: ['', 3] }],
  },
};

it.each<[string, MadeCall['args'], boolean]>([
  ['the first accepted value', { city: 'New York, NY', nights: 2 }, true],
  ['another spelling', { city: 'new york ny', nights: 2 }, true],
  ['the other value', { city: 'NYC', nights: 2, eur: 9.5, rooms: ['a1', 'B'], guest: { name: 'Ada' } }, true],
  ['an argument that is due left out', { city: 'NYC' }, false],
  ['a required one left out', { nights: 2 }, false],
  ['an unknown one', { city: 'NYC', nights: 2, stars: 5 }, false],
  ['another type', { city: 'NYC', nights: '2' }, false],
  ['a fraction for a whole number', { city: 'NYC', nights: 2.5 }, false],
  ['a list in another order', { city: 'NYC', nights: 2, rooms: ['B', 'A-1'] }, false],
  ['a list with more', { city: 'NYC', nights: 2, rooms: ['A-1', 'B', 'C'] }, false],
  ['an unknown key', { city: 'NYC', nights: 2, guest: { name: 'Ada', pet: 'cat' } }, false],
  ['a key left out that is due', { city: 'NYC', nights: 2, guest: { age: 3 } }, false],
  ['all cities at once', { city: 'New York, NY or NYC', nights: 2 }, false],
  ['an inherited name', { city: 'NYC', nights: 2, toString: 'x' }, false],
])('judges %s', (_what, args, right) => {
  expect(whyWrong([{ name: 'book', args }], [gold], [book]) === undefined).toBe(right);
});

it('takes several calls in any order, and each once', () => {
  const [one, two] = [{ book: { city: ['Oslo'] } }, { book: { city: ['Rome'] } }];
  const call = (city: string): MadeCall => ({ name: 'book', args: { city } });
  expect(whyWrong([call('Rome'), call('Oslo')], [one, two], [book])).toBeUndefined();
  expect(whyWrong([call('Oslo'), call('Oslo')], [one, two], [book])).toContain('No call is the expected one of book');
});
