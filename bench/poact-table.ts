/**
 * The table that PoAct is judged by: react, codeAct, planExecute and poact on tasks that nobody tuned on; poact without each of
 * its parts; and the 0.5B beside the 1.5B. One budget of sent tokens for every arm.
 *
 * `node bench/poact-table.ts [--quick] [--only main,parts,selector,small]`
 *
 * It goes on where it was: attempts are runs in `bench/.cache/poact-table.db`, and replies are shared between arms that ask the
 * same. Hours on two cores. `--quick` asks one task of each set, under the names `quick-…`. Writes `bench/table/results.md`, and what was
 * asked of each task beside it, when all parts are made.
 *
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
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
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const wanted = asked.only?.split(',') ?? [...EXPERIMENTS];
const unknown = wanted.find((name) => !(EXPERIMENTS as readonly string[]).includes(name));
if (unknown !== undefined) throw new Error(`--only: there is no "${unknown}". There are: ${EXPERIMENTS.join(', ')}.`);

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const data = dirname(dataFolder('m3tooleval'));
mkdirSync(here('.cache'), { recursive: true });
const store = sqliteStore(here('.cache/poact-table.db'));
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
  for (const [name, most] of Object.entries(SHARES)) {
    const set = name === 'files' ? fileQuestions() : await taskSet(name, { data });
    sets.push({ ...set, tasks: selectTasks(set, { fold: 'reporting', most: asked.quick ? 1 : most[share] }) });
  }
  return sets;
}

async function made(name: (typeof EXPERIMENTS)[number], sets: readonly TaskSet[], arms: readonly Arm[]): Promise<void> {
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
const text = `# The table\n\nWritten by \`node bench/poact-table.ts\` on ${machineLine()}. Reporting tasks of each set, none of which was tuned on; the first answer counts, and what came of being told once that it is wrong stands beside it. Every arm: ${SENT_TOKENS.toLocaleString('en-US')} sent tokens an attempt, ${TURNS} programs or calls, the first sample of a prompt greedy, seed 1.\n\n${pieces.join('\n\n')}\n`;
process.stdout.write(text);
if (!asked.quick && asked.only === undefined) {
  writeFileSync(here('table/results.md'), text);
  writeFileSync(here('table/cells.jsonl'), cells.map((cell) => `${JSON.stringify(cell)}\n`).join(''));
}
process.exit(0);
