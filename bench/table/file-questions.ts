/**
 * The questions over files as a task set, and what arms that call tools as data are given to read the files with.
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileReadTools, type ToolRecord } from '../../src/action/index.ts';
import { readData } from '../../src/environment/index.ts';
import type { EvalTask, TaskSet, World } from '../../src/eval/index.ts';
import { type Question, questionsOf, writeQuestion } from '../files/generate.ts';
import { isRightAnswer, schemaOf } from '../files/score.ts';

/** Where the files of a world lie. */
const folders = new WeakMap<World, string>();

/** `listFiles`, `readFile` and `searchFiles` over the files of a question; none where a world has no files. */
export function toolsOver(world: World): ToolRecord {
  const folder = folders.get(world);
  return folder === undefined ? {} : fileReadTools(folder);
}

/** One seed of each half: each template once. */
export function fileQuestions(): TaskSet {
  const halves = [...questionsOf('development', [1]), ...questionsOf('reporting', [1])];
  return {
    name: 'files',
    version: 1,
    about: 'Questions over folders of files.',
    rule: 'The answer is the one that the generator worked out, in the form asked for.',
    source: 'Made here, from seeds.',
    tasks: halves.map(taskOf),
  };
}

const taskOf = (question: Question): EvalTask => ({
  id: question.id,
  kind: 'files',
  fold: question.half,
  text: question.text,
  answer: schemaOf(question.form),
  async open() {
    const folder = mkdtempSync(join(tmpdir(), 'poact-table-'));
    writeQuestion(question, folder);
    const { variables } = await readData(folder);
    const world: World = {
      data: variables,
      score: ({ answer }) => {
        const right = isRightAnswer(answer, question.answer, question.form);
        const reason = `Expected ${JSON.stringify(question.answer)}, got ${JSON.stringify(answer) ?? 'nothing'}.`;
        return [{ name: 'answer', verdict: right ? 'pass' : 'fail', reason }];
      },
      oracle: () => question.answer as never,
      close: () => rmSync(folder, { recursive: true, force: true }),
    };
    folders.set(world, folder);
    return world;
  },
});
