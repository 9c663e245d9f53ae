/**
 * Does the check ever stand in the way? Every program that the local model wrote for the questions over files is run with
 * the check off; those that give the right answer are shown to the check, which must block none.
 *
 * `node bench/files/right-programs.ts [--half dev|report]`, after `bench/files/run.ts` for the same questions, whose logs it reads.
 *
 * @module
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createChecker } from '../../src/action/index.ts';
import type { LoadedVariable } from '../../src/environment/index.ts';
import { readExperiment } from '../../src/eval/index.ts';
import { codeBlocks } from '../../src/policy/code-blocks.ts';
import type { Json } from '../../src/record/index.ts';
import { sqliteStore } from '../../src/run/index.ts';
import { quickjs } from '../../src/sandbox/index.ts';
import { makeQuestion, type Question } from './generate.ts';
import { dataOf } from './question-set.ts';
import { isRightAnswer } from './score.ts';
import { TEMPLATES } from './templates.ts';

const { values: asked } = parseArgs({ options: { half: { type: 'string', default: 'report' } } });
const path = fileURLToPath(new URL(`../.cache/files-${asked.half}.db`, import.meta.url));
if (!existsSync(path)) throw new Error('There are no logs. Run bench/files/run.ts first, on the same half.');

const GUEST = 'declare function answer(value: unknown): void;';
const sandbox = quickjs();
const checker = createChecker();
const tally = { programs: 0, right: 0, blocked: 0, warned: 0, amended: 0 };

for (const [id, sources] of await programsIn(path)) {
  const question = questionOf(id);
  const variables = await variablesOf(question);
  const data = variables.map(({ name, type }) => `declare const ${name}: ${type};`).join('\n');
  for (const source of sources) {
    tally.programs += 1;
    if (!(await isRight(source, question, variables))) continue;
    tally.right += 1;
    const { findings, amended } = await checker.check({ source, tools: GUEST, data, session: [] });
    const blocked = findings.filter(({ severity }) => severity === 'block');
    if (blocked.length > 0) {
      tally.blocked += 1;
      process.stdout.write(`BLOCKED ${id}: ${blocked.map(({ message }) => message).join(' ')}\n${source}\n\n`);
    } else if (amended !== undefined) tally.amended += 1;
    else if (findings.length > 0) tally.warned += 1;
  }
}
checker.close();
process.stdout.write(
  `${tally.programs} programs, ${tally.right} right with the check off; of these ${tally.blocked} blocked, ${tally.amended} amended, ${tally.warned} warned.\n`,
);
process.exit(tally.blocked === 0 ? 0 : 1);

/** What the model wrote, each program of a question once: the first of a reply, with the beginning that was written for the model. */
async function programsIn(file: string): Promise<Map<string, Set<string>>> {
  const store = sqliteStore(file);
  const programs = new Map<string, Set<string>>();
  for (const { task, run } of (await readExperiment(store, 'files')).cells) {
    const own = programs.get(task) ?? new Set();
    programs.set(task, own);
    for (const event of await store.read(run)) {
      if (event.kind !== 'model-call' || event.reply === undefined) continue;
      const [source] = codeBlocks((event.request.prefill ?? '') + event.reply.text);
      if (source !== undefined) own.add(source);
    }
  }
  await store.close();
  return programs;
}

function questionOf(id: string): Question {
  const [name, seed] = id.split('/');
  const template = TEMPLATES.find((one) => one.id === name);
  if (template === undefined) throw new Error(`There is no template "${name}".`);
  return makeQuestion(template, Number(seed));
}

async function variablesOf(question: Question): Promise<LoadedVariable[]> {
  const folder = mkdtempSync(join(tmpdir(), 'poact-question-'));
  try {
    return await dataOf(question, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** By what it gave to `answer`, or else showed last. */
async function isRight(source: string, question: Question, variables: readonly LoadedVariable[]): Promise<boolean> {
  const globals = Object.fromEntries(variables.map(({ name, json }) => [name, json()]));
  const session = await sandbox.open({ tools: [], globals });
  try {
    const turn = await session.start({ source, now: 0 });
    if (turn.state !== 'done') return false;
    const shown = turn.answer?.value ?? turn.value?.json ?? turn.logs.at(-1)?.value;
    return isRightAnswer(shown as Json | undefined, question.answer, question.form);
  } catch {
    return false;
  } finally {
    session.close();
  }
}
