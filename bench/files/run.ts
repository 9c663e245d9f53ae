/**
 * The main job measured: questions over folders of files with the local model, arm by arm, paired.
 *
 * `node bench/files/run.ts [--half dev|report] [--n 20] [--templates d15,d21] [--arms "first program,all of poact"] [--seeds 1,2] [--fresh]
 * [--model local] [--rivals]`
 *
 * Replies are kept (measurement.ts), and a run that was cut off goes on with them; `--fresh` begins anew. `--rivals` adds smolagents on
 * the same model and data, installing it into `bench/.cache/venv` when Python is there. A run of the whole reporting half writes
 * `bench/files/results.md`, and its cells beside it, for the arms that were asked for.
 *
 * @module
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { experiment } from '../../src/eval/index.ts';
import { fileArms, named } from '../arms.ts';
import { machineLine } from '../machine.ts';
import { openMeasurement } from '../measurement.ts';
import { progress } from '../progress.ts';
import { questionsOf, SEEDS } from './generate.ts';
import { questionSet } from './question-set.ts';
import { openSmolagents, SMOLAGENTS } from './smolagents.ts';
import { filesTable, type Measured } from './table.ts';

const STEPS = 12;
/** Sent tokens a question may use, whatever the arm does with them. */
const SENT_TOKENS = 24_000;
const QUESTION_MS = 300_000;

const { values: asked } = parseArgs({
  options: {
    half: { type: 'string', default: 'report' },
    n: { type: 'string' },
    templates: { type: 'string' },
    arms: { type: 'string' },
    seeds: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    model: { type: 'string', default: 'local' },
    rivals: { type: 'boolean', default: false },
  },
});
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
if (asked.half !== 'dev' && asked.half !== 'report') throw new Error('--half is dev or report.');
const half = asked.half === 'dev' ? 'development' : 'reporting';

const templates = asked.templates?.split(',');
const all = questionsOf(half, asked.seeds?.split(',').map(Number) ?? SEEDS).filter(
  ({ template }) => templates?.some((name) => template.startsWith(name)) ?? true,
);
const questions = asked.n === undefined ? all : all.slice(0, Number(asked.n));
const measurement = openMeasurement({
  name: `files-${asked.half}`,
  ...(half === 'reporting' && { folder: here('.') }),
  fresh: asked.fresh,
});
const model = measurement.model(asked.model);
const arms = measurement.arms(named('arm', fileArms({ model, turns: STEPS, ms: QUESTION_MS }), asked.arms));
const result = await experiment({
  name: 'files',
  sets: [questionSet(questions)],
  arms,
  store: measurement.store,
  sentTokens: SENT_TOKENS,
  on: progress(questions.length * arms.length),
});
const cells: Measured[] = [...result.cells];
const names = arms.map(({ name }) => name);
if (asked.rivals) {
  const rival = await openSmolagents({ model, cache: here('../.cache') });
  for (const [index, question] of questions.entries()) {
    measurement.begins(`${SMOLAGENTS} ${question.id}`);
    const cell = await rival.ask(question);
    cells.push(cell);
    const came = cell.success ? 'right' : `wrong (${cell.status}: ${JSON.stringify(cell.answer) ?? cell.why})`;
    process.stderr.write(`${index + 1}/${questions.length} ${question.id} · ${cell.arm}: ${came}\n`);
  }
  await rival.close();
  names.unshift(SMOLAGENTS);
}
const replies = measurement.counts();
await measurement.close();

const what = `${questions.length} questions of the ${half} half; model ${model.id}; at most ${SENT_TOKENS.toLocaleString('en-US')} sent tokens a question for every arm of poact`;
const text = `# Questions over files\n\nWritten by \`node bench/files/run.ts${asked.arms === undefined ? '' : ` --arms "${asked.arms}"`}\` on ${machineLine()}. ${what}.\n\n${filesTable(cells, names, questions)}\n\nQuestions: ${questions.map(({ id }) => id).join(', ')}.\n`;
process.stdout.write(text);
process.stderr.write(`The model was asked ${replies.asked} times; ${replies.kept} replies were there.\n`);
if (half === 'reporting' && [asked.n, asked.templates, asked.seeds].every((option) => option === undefined)) {
  writeFileSync(here('./results.md'), text);
  writeFileSync(here('./cells.jsonl'), cells.map((cell) => `${JSON.stringify(cell)}\n`).join(''));
}
process.exit(0);
