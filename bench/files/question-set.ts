/**
 * The questions over files as a task set, and what arms that call tools as data are given to read the files with.
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileReadTools, type ToolRecord } from '../../src/action/index.ts';
import { type LoadedVariable, readData } from '../../src/environment/index.ts';
import type { EvalTask, TaskSet, World } from '../../src/eval/index.ts';
import { type Question, writeQuestion } from './generate.ts';
import { guess } from './guess.ts';
import { isRightAnswer, schemaOf } from './score.ts';

/** Where the files of a world lie. */
const folders = new WeakMap<World, string>();

/** `listFiles`, `readFile` and `searchFiles` over the files of a question; none where a world has no files. */
export function toolsOver(world: World): ToolRecord {
  const folder = folders.get(world);
  return folder === undefined ? {} : fileReadTools(folder);
}

/** Some questions as a task set. */
export const questionSet = (questions: readonly Question[]): TaskSet => ({
  name: 'files',
  version: 1,
  about: 'Questions over folders of files.',
  rule: 'The answer is the one that the generator worked out, in the form asked for.',
  source: 'Made here, from seeds.',
  tasks: questions.map(taskOf),
});

const taskOf = (question: Question): EvalTask => ({
  id: question.id,
  kind: question.template,
  fold: question.half,
  text: question.text,
  answer: schemaOf(question.form),
  async open() {
    const folder = mkdtempSync(join(tmpdir(), 'poact-question-'));
    const data = await dataOf(question, folder);
    const world: World = {
      data,
      score: ({ answer }) => {
        const right = isRightAnswer(answer, question.answer, question.form);
        const reason = `Expected ${JSON.stringify(question.answer)}, got ${JSON.stringify(answer) ?? 'nothing'}.`;
        return [{ name: 'answer', verdict: right ? 'pass' : 'fail', reason }];
      },
      oracle: () => question.answer as never,
      guess: (random) => guess(data, question.form, random),
      close: () => rmSync(folder, { recursive: true, force: true }),
    };
    folders.set(world, folder);
    return world;
  },
});

/** Writes the files of a question into the folder, and reads them as poact does. @throws {Error} one of them is not read. */
export async function dataOf(question: Question, folder: string): Promise<LoadedVariable[]> {
  writeQuestion(question, folder);
  const { variables, skipped } = await readData(folder);
  if (skipped.length > 0) throw new Error(`A file was not read: ${JSON.stringify(skipped)}`);
  return variables;
}
