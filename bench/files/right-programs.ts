/**
 * Does the check ever stand in the way? Every program that the local model wrote for the questions over files is run with
 * the check off; those that give the right answer are shown to the check, which must block none.
 *
 * `node bench/files/right-programs.ts [--half dev|report] [--model local]`, after `bench/files/run.ts`, which keeps the
 * model's replies.
 *
 * @module
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createChecker } from '../../src/action/index.ts';
import { type LoadedVariable, readData } from '../../src/environment/index.ts';
import { codeBlocks } from '../../src/policy/code-blocks.ts';
import type { Json } from '../../src/record/index.ts';
import { quickjs } from '../../src/sandbox/index.ts';
import { type Question, questionsOf, writeQuestion } from './generate.ts';
import { type KeptReplies, repliesFile } from './replies.ts';
import { isRightAnswer } from './score.ts';

const { values: asked } = parseArgs({
  options: { half: { type: 'string', default: 'report' }, model: { type: 'string', default: 'local' } },
});
const path = fileURLToPath(new URL(repliesFile(asked.half, asked.model), import.meta.url));
if (!existsSync(path))
  throw new Error('No replies are kept. Run bench/files/run.ts first, on the same half and model.');

const questions = new Map(
  questionsOf(asked.half === 'dev' ? 'development' : 'reporting').map((question) => [question.id, question]),
);
const GUEST = 'declare function answer(value: unknown): void;';
const sandbox = quickjs();
const checker = createChecker();
const programs = new Set<string>();
const tally = { programs: 0, right: 0, blocked: 0, warned: 0, amended: 0 };

for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
  const { task, replies } = JSON.parse(line) as KeptReplies;
  const question = questions.get(task);
  if (question === undefined) continue;
  const variables = await dataOf(question);
  const data = variables.map(({ name, type }) => `declare const ${name}: ${type};`).join('\n');
  for (const reply of replies) {
    const [source] = codeBlocks(reply);
    if (source === undefined || programs.has(`${task}\n${source}`)) continue;
    programs.add(`${task}\n${source}`);
    tally.programs += 1;
    if (!(await isRight(source, question, variables))) continue;
    tally.right += 1;
    const { findings, amended } = await checker.check({ source, tools: GUEST, data, session: [] });
    const blocked = findings.filter(({ severity }) => severity === 'block');
    if (blocked.length > 0) {
      tally.blocked += 1;
      process.stdout.write(`BLOCKED ${task}: ${blocked.map(({ message }) => message).join(' ')}\n${source}\n\n`);
    } else if (amended !== undefined) tally.amended += 1;
    else if (findings.length > 0) tally.warned += 1;
  }
}
checker.close();
process.stdout.write(
  `${tally.programs} programs, ${tally.right} right with the check off; of these ${tally.blocked} blocked, ${tally.amended} amended, ${tally.warned} warned.\n`,
);
process.exit(tally.blocked === 0 ? 0 : 1);

async function dataOf(question: Question): Promise<LoadedVariable[]> {
  const folder = mkdtempSync(`${tmpdir()}/poact-question-`);
  writeQuestion(question, folder);
  const { variables } = await readData(folder);
  rmSync(folder, { recursive: true, force: true });
  return variables;
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
