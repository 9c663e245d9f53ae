/**
 * The main job measured: questions over folders of files with the local model, arm by arm, paired.
 *
 * `node bench/files/run.ts [--half dev|report] [--n 20] [--arms "first program,all of poact"] [--seeds 1,2] [--fresh]
 * [--model local] [--rivals]`
 *
 * Finished cells are kept in `bench/.cache/files-*.jsonl`, and a run that was cut off goes on from them; `--fresh` begins
 * anew. `--rivals` adds smolagents on the same model and data, installing it into `bench/.cache/venv` when Python is there.
 * A run of the whole reporting half writes `bench/files/results.md`, and its cells beside it, for the arms that were asked for.
 *
 * @module
 */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readData } from '../../src/environment/index.ts';
import { resolveModel } from '../../src/model/index.ts';
import { armsNamed, FILE_ARMS } from '../arms.ts';
import { type Cell, openCells } from '../cells.ts';
import { machineLine } from '../machine.ts';
import { forgetPrompt, runCell } from '../run-cell.ts';
import { type SharedReplies, sharedReplies } from '../shared-replies.ts';
import { type Question, questionsOf, SEEDS, writeQuestion } from './generate.ts';
import { type KeptReplies, repliesFile } from './replies.ts';
import { isRightAnswer, schemaOf } from './score.ts';
import { openSmolagents, SMOLAGENTS } from './smolagents.ts';
import { filesTable } from './table.ts';

const STEPS = 12;
/** Sent tokens a question may use, whatever the arm does with them. */
const SENT_TOKENS = 24_000;
const QUESTION_MS = 300_000;

const { values: asked } = parseArgs({
  options: {
    half: { type: 'string', default: 'report' },
    n: { type: 'string' },
    arms: { type: 'string' },
    seeds: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    model: { type: 'string', default: 'local' },
    rivals: { type: 'boolean', default: false },
  },
});
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
if (asked.half !== 'dev' && asked.half !== 'report') throw new Error('--half is dev or report.');

const seeds = asked.seeds?.split(',').map(Number) ?? [...SEEDS];
const all = questionsOf(asked.half === 'dev' ? 'development' : 'reporting', seeds);
const questions = asked.n === undefined ? all : all.slice(0, Number(asked.n));
const arms = armsNamed(FILE_ARMS, asked.arms);
const model = resolveModel(asked.model);
const file = openCells(here(`../.cache/files-${asked.half}-${asked.model.replace(/\W+/g, '-')}.jsonl`), asked);

const kept = here(repliesFile(asked.half, asked.model));
if (asked.fresh) rmSync(kept, { force: true });

const cells: Cell[] = [];
for (const [index, question] of questions.entries()) {
  if (arms.some((arm) => file.get(arm.name, question.id) === undefined)) await forgetPrompt(model);
  const replies = sharedReplies(model);
  for (const arm of arms) {
    const cell = file.get(arm.name, question.id) ?? (await measure(arm, question, replies));
    cells.push(cell);
    report(index, cell, question);
  }
  const texts = replies.texts();
  if (texts.length > 0)
    appendFileSync(kept, `${JSON.stringify({ task: question.id, replies: texts } satisfies KeptReplies)}\n`);
}
const names = arms.map((arm) => arm.name);
if (asked.rivals) {
  const missing = questions.filter((question) => file.get(SMOLAGENTS, question.id) === undefined);
  if (missing.length > 0) {
    const rival = await openSmolagents({ model, cache: here('../.cache') });
    for (const question of missing) file.add(await rival.ask(question));
    await rival.close();
  }
  for (const [index, question] of questions.entries()) {
    const cell = file.get(SMOLAGENTS, question.id);
    if (cell !== undefined) cells.push(cell);
    if (cell !== undefined) report(index, cell, question);
  }
  names.unshift(SMOLAGENTS);
}

await model.close?.();

const what = `${questions.length} questions of the ${asked.half === 'dev' ? 'development' : 'reporting'} half; model ${model.id}; at most ${SENT_TOKENS.toLocaleString('en-US')} sent tokens a question for every arm of poact`;
const text = `# Questions over files\n\nWritten by \`node bench/files/run.ts${asked.arms === undefined ? '' : ` --arms "${asked.arms}"`}\` on ${machineLine()}. ${what}.\n\n${filesTable(cells, names, questions)}\n\nQuestions: ${questions.map(({ id }) => id).join(', ')}.\n`;
process.stdout.write(text);
const whole = asked.half === 'report' && asked.n === undefined && asked.seeds === undefined;
if (whole) {
  writeFileSync(here('./results.md'), text);
  writeFileSync(here('./cells.jsonl'), cells.map((cell) => `${JSON.stringify(cell)}\n`).join(''));
}
process.exit(0);

async function measure(arm: (typeof arms)[number], question: Question, replies: SharedReplies): Promise<Cell> {
  const folder = mkdtempSync(`${tmpdir()}/poact-question-`);
  try {
    writeQuestion(question, folder);
    const { variables, skipped } = await readData(folder);
    if (skipped.length > 0) throw new Error(`A file was not read: ${JSON.stringify(skipped)}`);
    const cell = await runCell({
      arm,
      ...replies,
      task: question.id,
      text: question.text,
      answer: schemaOf(question.form),
      data: variables,
      sentTokens: SENT_TOKENS,
      steps: STEPS,
      taskMs: QUESTION_MS,
      isRight: (answer) => isRightAnswer(answer, question.answer, question.form),
    });
    file.add(cell);
    return cell;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(index: number, cell: Cell, question: Question): void {
  const given = JSON.stringify(cell.answer) ?? cell.why;
  const mark = cell.right ? 'right' : `wrong (${cell.status}: ${given}, not ${JSON.stringify(question.answer)})`;
  process.stderr.write(
    `${index + 1}/${questions.length} ${question.id} · ${cell.arm}: ${mark}, ${cell.seconds.toFixed(0)} s\n`,
  );
}
