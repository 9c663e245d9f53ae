/**
 * The table that PoAct is judged by: react, codeAct, planExecute and poact on tasks that nobody tuned on; poact without each of
 * its parts; and the 0.5B beside the 1.5B. One budget of sent tokens for every arm. Before them, what chance gets right and what can be.
 *
 * `node bench/poact-table.ts [--quick] [--fresh] [--only bounds,main,parts,selector,small] [--sets gsm8k,dbbench] [--arms poact] [--develop 6]`
 *
 * Hours on two cores. Replies are kept (measurement.ts), and a run that was cut off goes on with them; `--fresh` begins anew. `--quick`
 * asks one task of each set. Writes `bench/table/results.md`, and what was asked of each task beside it, when all parts are made.
 *
 * `--only`, `--sets` and `--arms` make a part of it, for the replies; `--develop` is for work on the agent: so many development tasks of
 * each set in place of the reporting ones (the store is `bench/.cache/develop.db`). These write no results.
 *
 * @module
 */
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  type Arm,
  type Cell,
  experiment,
  oracleArm,
  randomArm,
  readExperiment,
  reportOf,
  type Scene,
  selectTasks,
  type TaskSet,
  tableOf,
  taskSet,
} from '../src/eval/index.ts';
import type { PoactPart } from '../src/run/index.ts';
import { type ArmOptions, named, paperArms, poactArms } from './arms.ts';
import { dataFolder } from './data-folder.ts';
import { questionsOf } from './files/generate.ts';
import { questionSet, toolsOver } from './files/question-set.ts';
import { machineLine } from './machine.ts';
import { openMeasurement } from './measurement.ts';
import { progress } from './progress.ts';
import { distractorTools } from './table/distractors.ts';

/** Sent tokens that an attempt may use, whatever the arm does with them: nothing else bounds it but circles and time. */
const SENT_TOKENS = 8_000;
const ATTEMPT_MS = 600_000;
const DISTRACTORS = 200;
/** Tasks of each set for reporting: 96, and 48 of them for the parts. */
const SHARES = {
  m3tooleval: [8, 8],
  gsm8k: [22, 10],
  dbbench: [22, 10],
  hotpotqa: [22, 10],
  files: [22, 10],
} as const;
const PARTS: readonly PoactPart[] = [
  'plan',
  'stepPolicies',
  'explore',
  'review',
  'pathReview',
  'breakpoints',
  'candidates',
  'words',
];
/** Seeds of the questions over files: as many as fill the share. */
const FILE_SEEDS = [1, 2];
const EXPERIMENTS = ['bounds', 'main', 'parts', 'selector', 'small'] as const;
type Experiment = (typeof EXPERIMENTS)[number];

const { values: asked } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    only: { type: 'string' },
    develop: { type: 'string' },
    sets: { type: 'string' },
    arms: { type: 'string' },
  },
});
const develop = asked.develop === undefined ? undefined : Number(asked.develop);
if (develop !== undefined && !(Number.isInteger(develop) && develop > 0)) throw new Error('--develop: how many tasks?');
/** Those of the option, all where it is not given. */
const ofOption = <Name extends string>(option: 'only' | 'sets', all: readonly Name[]): Name[] =>
  named(
    `--${option}`,
    all.map((name) => ({ name })),
    asked[option],
  ).map(({ name }) => name);
const wanted: readonly Experiment[] =
  asked.only === undefined && (develop ?? asked.arms) !== undefined ? ['main'] : ofOption('only', EXPERIMENTS);
const wantedSets = ofOption('sets', Object.keys(SHARES) as (keyof typeof SHARES)[]);

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const data = dirname(dataFolder('m3tooleval'));
const measurement = openMeasurement({
  name: develop === undefined ? 'poact-table' : 'develop',
  ...(develop === undefined && { folder: here('table') }),
  fresh: asked.fresh,
});

/** Arms that call tools as data have no variables: they read the files. */
const given = (id: string): ArmOptions => ({
  model: measurement.model(id),
  ms: ATTEMPT_MS,
  reading: ({ world }: Scene) => toolsOver(world),
});

async function chosen(share: 0 | 1): Promise<TaskSet[]> {
  const fold = develop === undefined ? 'reporting' : 'development';
  const sets: TaskSet[] = [];
  for (const name of wantedSets) {
    const set = name === 'files' ? questionSet(questionsOf(fold, FILE_SEEDS)) : await taskSet(name, { data });
    const most = develop ?? (asked.quick ? 1 : SHARES[name][share]);
    const tasks = selectTasks(set, { fold, most });
    if (develop === undefined && tasks.length < most)
      throw new Error(`${name} has ${tasks.length} tasks, not ${most}.`);
    sets.push({ ...set, tasks });
  }
  return sets;
}

async function made(name: Experiment, sets: readonly TaskSet[], all: readonly Arm[]): Promise<void> {
  const arms = measurement.arms(named('arm', all, asked.arms));
  const attempts = sets.reduce((sum, { tasks }) => sum + tasks.length, 0) * arms.length;
  const on = progress(attempts, `${name} `);
  await experiment({ name, sets, arms, store: measurement.store, sentTokens: SENT_TOKENS, retries: 1, on });
}

const makes: { readonly [Name in Experiment]: () => Promise<void> } = {
  async bounds() {
    await made('bounds', await chosen(0), [randomArm(), oracleArm()]);
  },
  async main() {
    await made('main', await chosen(0), [...paperArms(given('local')), ...poactArms(given('local'))]);
  },
  async parts() {
    await made('parts', await chosen(1), poactArms(given('local'), PARTS));
  },
  async selector() {
    const tools = await distractorTools(await taskSet('bfcl', { data }), DISTRACTORS);
    const withTools = (await chosen(1)).filter(({ name }) => name !== 'gsm8k' && name !== 'files');
    await made('selector', withTools, poactArms({ ...given('local'), tools }, ['selector']));
  },
  async small() {
    const arms = [...paperArms(given('local/0.5b')), ...poactArms(given('local/0.5b'))];
    await made(
      'small',
      await chosen(0),
      arms.filter(({ name }) => name !== 'planExecute'),
    );
  },
};
for (const name of wanted) await makes[name]();

const TITLES = {
  bounds: 'Floor and ceiling: an answer by chance, and the solution of each world',
  main: 'Policies, the 1.5B',
  parts: 'poact without each of its parts, the 1.5B',
  selector: `poact with and without its selector, ${DISTRACTORS} other tools beside those of the task, the 1.5B`,
  small: 'Policies, the 0.5B',
} as const;
const pieces: string[] = [];
const cells: (Cell & { experiment: Experiment })[] = [];
for (const name of EXPERIMENTS) {
  if (!wanted.includes(name)) continue;
  const result = await readExperiment(measurement.store, name);
  cells.push(...result.cells.map((cell) => ({ experiment: name, ...cell })));
  const ids = Map.groupBy(result.plan.tasks, ({ set }) => set);
  const tasks = [...ids].map(([set, of]) => `${set}: ${of.map(({ task }) => task).join(', ')}.`).join('\n');
  const table = reportOf(tableOf(result, result.plan.arms.includes('poact') ? { against: 'poact' } : {}), 'markdown');
  pieces.push(`## ${TITLES[name]}\n\n${table}\n\n${tasks}`);
}
const replies = measurement.counts();
await measurement.close();
const which =
  develop === undefined ? 'Reporting tasks of each set, none of which was tuned on' : 'Development tasks of each set';
const text = `# The table\n\nWritten by \`node bench/poact-table.ts\` on ${machineLine()}. ${which}; the first answer counts, and what came of being told once that it is wrong stands beside it. Every arm: ${SENT_TOKENS.toLocaleString('en-US')} sent tokens an attempt and as many steps as they last for (one that goes in circles is stopped), the first sample of a prompt greedy, seed 1.\n\n${pieces.join('\n\n')}\n`;
process.stdout.write(text);
process.stderr.write(`The model was asked ${replies.asked} times; ${replies.kept} replies were there.\n`);
const whole = [asked.only, asked.sets, asked.arms, develop].every((narrowed) => narrowed === undefined);
if (whole && !asked.quick) {
  writeFileSync(here('table/results.md'), text);
  writeFileSync(here('table/cells.jsonl'), cells.map((cell) => `${JSON.stringify(cell)}\n`).join(''));
}
process.exit(0);
