/**
 * The M3ToolEval measurement: arms × tasks with the local model, paired. One task after another: there is one model.
 *
 * `node bench/m3tooleval/run.ts [--arms react,poact] [--tasks trade,…] [--quick] [--fresh] [--model local]`
 *
 * Finished cells are kept in `bench/.cache/m3tooleval.jsonl`, and a run that was cut off goes on from them; `--fresh` begins
 * anew. `--quick` takes three tasks of each family. A run of all tasks writes `bench/m3tooleval/results.md`, and its cells beside it, for the
 * arms that were asked for.
 *
 * @module
 */
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type EvalTask, scored, taskSet } from '../../src/eval/index.ts';
import { resolveModel } from '../../src/model/index.ts';
import { armsNamed, stepsOf, TOOL_ARMS } from '../arms.ts';
import { type Cell, openCells } from '../cells.ts';
import { dataFolder } from '../data-folder.ts';
import { machineLine } from '../machine.ts';
import { forgetPrompt, runCell } from '../run-cell.ts';
import { type SharedReplies, sharedReplies } from '../shared-replies.ts';
import { m3Table } from './table.ts';

/** What is measured unless other tasks are named: the families that agents were developed on. */
const FAMILIES = ['trade_calculator', 'web_browsing'];
/** At most this many turns: a program or a call, and what came of it. A thought before it is a step of the same turn. */
const TURNS = 8;
/** Sent tokens a task may use, whatever the arm does with them. */
const SENT_TOKENS = 8_000;
const TASK_MS = 600_000;

const { values: asked } = parseArgs({
  options: {
    arms: { type: 'string' },
    tasks: { type: 'string' },
    quick: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    model: { type: 'string', default: 'local' },
  },
});
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const set = await taskSet('m3tooleval', { data: dirname(dataFolder('m3tooleval')) });
const arms = armsNamed(TOOL_ARMS, asked.arms);
const tasks = chosen(set.tasks);
const model = resolveModel(asked.model);
const file = openCells(here(`../.cache/m3tooleval-${asked.model.replace(/\W+/g, '-')}.jsonl`), asked);

const cells: Cell[] = [];
for (const [index, task] of tasks.entries()) {
  await forgetPrompt(model);
  const replies = sharedReplies(model);
  for (const arm of arms) {
    const cell = file.get(arm.name, task.id) ?? (await measure(arm, task, replies));
    cells.push(cell);
    const mark = cell.right ? 'right' : `wrong (${cell.status}: ${JSON.stringify(cell.answer) ?? cell.why})`;
    process.stderr.write(
      `${index + 1}/${tasks.length} ${task.id} · ${arm.name}: ${mark}, ${cell.seconds.toFixed(0)} s\n`,
    );
  }
}
await model.close?.();

const budget = `at most ${TURNS} turns (a thought and a program are one) and ${SENT_TOKENS.toLocaleString('en-US')} sent tokens a task, for every arm; the first answer counts; temperature 0 for the first sample, 0.7 for later ones, fixed seeds`;
const text = `# M3ToolEval\n\nWritten by \`node bench/m3tooleval/run.ts${asked.arms === undefined ? '' : ` --arms ${asked.arms}`}\` on ${machineLine()}. Model ${model.id}; ${budget}.\n\n${m3Table(cells, arms, tasks)}\n`;
process.stdout.write(text);
const whole = asked.tasks === undefined && !asked.quick;
if (whole) {
  writeFileSync(here('./results.md'), text);
  writeFileSync(here('./cells.jsonl'), cells.map((cell) => `${JSON.stringify(cell)}\n`).join(''));
}
process.exit(0);

async function measure(arm: (typeof arms)[number], task: EvalTask, replies: SharedReplies): Promise<Cell> {
  const world = await task.open(1);
  const cell = await runCell({
    arm,
    ...replies,
    task: task.id,
    text: task.text,
    answer: task.answer ?? {},
    tools: world.tools ?? {},
    sentTokens: SENT_TOKENS,
    steps: stepsOf(arm, TURNS),
    taskMs: TASK_MS,
    isRight: async (answer) => {
      const attempt = { status: 'answered' as const, log: [], ...(answer !== undefined && { answer }) };
      return (await scored(world.score, attempt)).success;
    },
  });
  file.add(cell);
  return cell;
}

function chosen(all: readonly EvalTask[]): EvalTask[] {
  const names = asked.tasks?.split(',');
  const named =
    names === undefined
      ? all.filter(({ kind }) => FAMILIES.includes(kind))
      : all.filter((task) => names.some((name) => task.id.includes(name)));
  if (!asked.quick) return named;
  return Object.values(Object.groupBy(named, ({ kind }) => kind)).flatMap((family = []) => family.slice(0, 3));
}
