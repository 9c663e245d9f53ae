/**
 * The table that PoAct is judged by: react, codeAct, planExecute and poact on tasks that nobody tuned on; poact without each of
 * its parts; and the 0.5B beside the 1.5B. One budget of sent tokens for every arm.
 *
 * `node bench/poact-table.ts [--quick] [--only main,parts,selector,small] [--develop 6] [--sets gsm8k,dbbench] [--arms poact]`
 *
 * It goes on where it was: attempts are runs in `bench/.cache/poact-table.db`, and replies are shared between arms that ask the
 * same. Hours on two cores. `--quick` asks one task of each set, under the names `quick-…`. Writes `bench/table/results.md`, and what was
 * asked of each task beside it, when all parts are made.
 *
 * `--develop` is for work on the agent: so many development tasks of each set in place of the reporting ones, in a store of their own that
 * is begun anew each time (`bench/.cache/develop.db`, to be read with `poact log`), of `--sets` and with `--arms` alone. It writes no results.
 *
 * @module
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { actionController, type ToolRecord } from '../src/action/index.ts';
import {
  type Arm,
  type Cell,
  experiment,
  readExperiment,
  reportOf,
  type Scene,
  selectTasks,
  type TaskSet,
  tableOf,
  taskSet,
} from '../src/eval/index.ts';
import { cache, type Model, resolveModel } from '../src/model/index.ts';
import { codeAct, planExecute, react } from '../src/policy/index.ts';
import { type PoactPart, poact, sqliteStore, without } from '../src/run/index.ts';
import { dataFolder } from './data-folder.ts';
import { machineLine } from './machine.ts';
import { distractorTools } from './table/distractors.ts';
import { fileQuestions, toolsOver } from './table/file-questions.ts';

/** Sent tokens that an attempt may use, whatever the arm does with them. */
const SENT_TOKENS = 8_000;
/** Programs, or calls, of an attempt; thinking and planning are steps of their own and do not count. */
const TURNS = 8;
const ATTEMPT_MS = 600_000;
const DISTRACTORS = 200;
/** Tasks of each set for reporting: 96, and 48 of them for the parts. */
const SHARES = {
  m3tooleval: [16, 8],
  gsm8k: [20, 10],
  dbbench: [20, 10],
  hotpotqa: [20, 10],
  files: [20, 10],
} as const;
const PARTS: readonly PoactPart[] = ['plan', 'stepPolicies', 'review', 'pathReview', 'breakpoints', 'candidates'];
const EXPERIMENTS = ['main', 'parts', 'selector', 'small'] as const;

const { values: asked } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    develop: { type: 'string' },
    sets: { type: 'string' },
    arms: { type: 'string' },
  },
});
const develop = asked.develop === undefined ? undefined : Number(asked.develop);
if (develop !== undefined && !(Number.isInteger(develop) && develop > 0)) throw new Error('--develop: how many tasks?');
if (develop === undefined && (asked.sets ?? asked.arms) !== undefined) {
  throw new Error('--sets and --arms go with --develop: the table is of all of them.');
}
/** Those of the option, each of which there must be. */
function namesOf<Name extends string>(option: 'only' | 'sets' | 'arms', known: readonly Name[]): readonly Name[] {
  const names = asked[option]?.split(',') ?? known;
  const unknown = names.find((name) => !known.includes(name as Name));
  if (unknown !== undefined) throw new Error(`--${option}: there is no "${unknown}". There are: ${known.join(', ')}.`);
  return names as readonly Name[];
}
const wanted = asked.only === undefined && develop !== undefined ? ['main'] : namesOf('only', EXPERIMENTS);
const wantedSets = namesOf('sets', Object.keys(SHARES) as (keyof typeof SHARES)[]);

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const data = dirname(dataFolder('m3tooleval'));
mkdirSync(here('.cache'), { recursive: true });
const file = here(develop === undefined ? '.cache/poact-table.db' : '.cache/develop.db');
if (develop !== undefined) for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
const store = sqliteStore(file);
const models: Model[] = [];

/** A model whose replies are kept, and charged to each arm that asks the same. */
function kept(id: string): Model {
  const model = resolveModel(id);
  models.push(model);
  return cache(model, { mode: 'share', file: here(`.cache/poact-table-${id.replace(/\W+/g, '-')}.jsonl`) });
}

/** Thinking is a step of its own in poact, planning and its results in planExecute. */
const limits = (steps: number) => ({ limits: { steps, ms: ATTEMPT_MS } });
const unreviewed = (format: 'code' | 'json') =>
  actionController({ format, review: { types: false, answers: false, path: false } });
/** Arms that call tools as data have no variables: they read the files. */
const reading = ({ world }: Scene): { tools: ToolRecord } => ({ tools: toolsOver(world) });

const armsFor = (model: Model): Arm[] => [
  {
    name: 'react',
    agent: (scene) => ({
      model,
      ...reading(scene),
      policy: react({ native: false }),
      action: unreviewed('json'),
      ...limits(TURNS),
    }),
  },
  { name: 'codeAct', agent: () => ({ model, policy: codeAct(), action: unreviewed('code'), ...limits(TURNS) }) },
  {
    name: 'planExecute',
    agent: (scene) => ({
      model,
      ...reading(scene),
      policy: planExecute({ executor: react({ native: false }) }),
      action: unreviewed('json'),
      ...limits(3 * TURNS),
    }),
  },
  { name: 'poact', agent: () => ({ model, ...poact(), ...limits(2 * TURNS + 1) }) },
];

const poactWithout = (model: Model, part: PoactPart, tools: ToolRecord = {}): Arm => ({
  name: `poact - ${part}`,
  agent: () => ({ model, tools, ...poact(without(part)), ...limits(2 * TURNS + 1) }),
});

async function chosen(share: 0 | 1): Promise<TaskSet[]> {
  const sets: TaskSet[] = [];
  for (const name of wantedSets) {
    const set = name === 'files' ? fileQuestions() : await taskSet(name, { data });
    const most = develop ?? (asked.quick ? 1 : SHARES[name][share]);
    const fold = develop === undefined ? 'reporting' : 'development';
    sets.push({ ...set, tasks: selectTasks(set, { fold, most }) });
  }
  return sets;
}

async function made(
  name: (typeof EXPERIMENTS)[number],
  sets: readonly TaskSet[],
  given: readonly Arm[],
): Promise<void> {
  const names = namesOf(
    'arms',
    given.map((arm) => arm.name),
  );
  const arms = given.filter((arm) => names.includes(arm.name));
  const all = sets.reduce((sum, { tasks }) => sum + tasks.length, 0) * arms.length;
  let done = 0;
  const on = ({ set, task, arm, success, status, seconds }: Cell) => {
    done += 1;
    const came = success ? 'right' : `wrong (${status})`;
    process.stderr.write(`${name} ${done}/${all} ${set} ${task} · ${arm}: ${came}, ${seconds.toFixed(0)} s\n`);
  };
  await experiment({ name: named(name), sets, arms, store, sentTokens: SENT_TOKENS, retries: 1, on });
}

const named = (name: string) => `${asked.quick ? 'quick-' : ''}${name}`;

if (wanted.includes('main')) await made('main', await chosen(0), armsFor(kept('local')));
if (wanted.includes('parts')) {
  const model = kept('local');
  const arms = [
    ...armsFor(model).filter(({ name }) => name === 'poact'),
    ...PARTS.map((part) => poactWithout(model, part)),
  ];
  await made('parts', await chosen(1), arms);
}
if (wanted.includes('selector')) {
  const model = kept('local');
  const tools = await distractorTools(await taskSet('bfcl', { data }), DISTRACTORS);
  const whole: Arm = { name: 'poact', agent: () => ({ model, tools, ...poact(), ...limits(2 * TURNS + 1) }) };
  const withTools = (await chosen(1)).filter(({ name }) => name !== 'gsm8k' && name !== 'files');
  await made('selector', withTools, [whole, poactWithout(model, 'selector', tools)]);
}
if (wanted.includes('small')) {
  const arms = armsFor(kept('local/0.5b')).filter(({ name }) => name !== 'planExecute');
  await made('small', await chosen(0), arms);
}
for (const model of models) await model.close?.();

const TITLES = {
  main: 'Policies, the 1.5B',
  parts: 'poact without each of its parts, the 1.5B',
  selector: `poact with and without its selector, ${DISTRACTORS} other tools beside those of the task, the 1.5B`,
  small: 'Policies, the 0.5B',
} as const;
const pieces: string[] = [];
const cells: Cell[] = [];
for (const name of EXPERIMENTS) {
  if (!wanted.includes(name)) continue;
  const result = await readExperiment(store, named(name));
  cells.push(...result.cells);
  const ids = Map.groupBy(result.plan.tasks, ({ set }) => set);
  const tasks = [...ids].map(([set, of]) => `${set}: ${of.map(({ task }) => task).join(', ')}.`).join('\n');
  const table = reportOf(
    tableOf(result, { against: result.plan.arms.includes('poact') ? 'poact' : 'react' }),
    'markdown',
  );
  pieces.push(`## ${TITLES[name]}\n\n${table}\n\n${tasks}`);
}
await store.close();
const which =
  develop === undefined ? 'Reporting tasks of each set, none of which was tuned on' : 'Development tasks of each set';
const text = `# The table\n\nWritten by \`node bench/poact-table.ts\` on ${machineLine()}. ${which}; the first answer counts, and what came of being told once that it is wrong stands beside it. Every arm: ${SENT_TOKENS.toLocaleString('en-US')} sent tokens an attempt, ${TURNS} programs or calls, the first sample of a prompt greedy, seed 1.\n\n${pieces.join('\n\n')}\n`;
process.stdout.write(text);
if (!asked.quick && asked.only === undefined && develop === undefined) {
  writeFileSync(here('table/results.md'), text);
  writeFileSync(here('table/cells.jsonl'), cells.map((cell) => `${JSON.stringify(cell)}\n`).join(''));
}
process.exit(0);
