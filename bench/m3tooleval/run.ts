/**
 * The M3ToolEval measurement: arms × tasks with the local model, paired. One task after another: there is one model.
 *
 * `node bench/m3tooleval/run.ts [--arms react,poact] [--tasks trade,…] [--quick] [--fresh] [--model local]`
 *
 * Replies are kept (measurement.ts), and a run that was cut off goes on with them; `--fresh` begins anew. `--quick` takes three tasks of
 * each family. A run of all tasks writes `bench/m3tooleval/results.md`, and its cells beside it, for the arms that were asked for.
 *
 * @module
 */
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { experiment, reportOf, selectTasks, tableOf, taskSet } from '../../src/eval/index.ts';
import type { PoactPart } from '../../src/run/index.ts';
import { named, paperArms, poactArms } from '../arms.ts';
import { dataFolder } from '../data-folder.ts';
import { machineLine } from '../machine.ts';
import { openMeasurement } from '../measurement.ts';
import { progress } from '../progress.ts';

/** What is measured unless other tasks are named: the families that agents were developed on. */
const FAMILIES = ['trade_calculator', 'web_browsing'];
/** At most this many turns: a program or a call, and what came of it. A thought before it is a step of the same turn. */
const TURNS = 8;
/** Sent tokens a task may use, whatever the arm does with them. */
const SENT_TOKENS = 8_000;
const TASK_MS = 600_000;
const PARTS: readonly PoactPart[] = ['plan', 'stepPolicies', 'explore', 'answer', 'review', 'pathReview', 'candidates'];

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

const measurement = openMeasurement({ name: 'm3tooleval', folder: here('.'), fresh: asked.fresh });
const model = measurement.model(asked.model);
const given = { model, turns: TURNS, ms: TASK_MS };
const all = [...paperArms(given).filter(({ name }) => name !== 'planExecute'), ...poactArms(given, PARTS)];
const arms = measurement.arms(named('arm', all, asked.arms));
const set = await taskSet('m3tooleval', { data: dirname(dataFolder('m3tooleval')) });
const names = asked.tasks?.split(',');
const tasks =
  names === undefined
    ? selectTasks(set, { kinds: FAMILIES, ...(asked.quick && { most: 3 * FAMILIES.length }) })
    : set.tasks.filter(({ id }) => names.some((name) => id.includes(name)));
const result = await experiment({
  name: 'm3tooleval',
  sets: [{ ...set, tasks }],
  arms,
  store: measurement.store,
  sentTokens: SENT_TOKENS,
  on: progress(tasks.length * arms.length),
});
const replies = measurement.counts();
await measurement.close();

const budget = `at most ${TURNS} turns (a thought and a program are one) and ${SENT_TOKENS.toLocaleString('en-US')} sent tokens a task, for every arm; the first answer counts; temperature 0 for the first sample, 0.7 for later ones, fixed seeds`;
const against = arms.some(({ name }) => name === 'poact') ? { against: 'poact' } : {};
const table = reportOf(tableOf(result, { ...against, by: 'kind' }), 'markdown');
const text = `# M3ToolEval\n\nWritten by \`node bench/m3tooleval/run.ts${asked.arms === undefined ? '' : ` --arms ${asked.arms}`}\` on ${machineLine()}. Model ${model.id}; ${budget}.\n\n${table}\nTasks: ${tasks.map(({ id }) => id).join(', ')}.\n`;
process.stdout.write(text);
process.stderr.write(`The model was asked ${replies.asked} times; ${replies.kept} replies were there.\n`);
if (asked.tasks === undefined && !asked.quick) {
  writeFileSync(here('./results.md'), text);
  writeFileSync(here('./cells.jsonl'), result.cells.map((cell) => `${JSON.stringify(cell)}\n`).join(''));
}
process.exit(0);
