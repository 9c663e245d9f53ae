/**
 * GSM8K (arXiv 2110.14168): grade-school word problems, answered with a number.
 *
 * @module
 */
import { type Json, lazily } from '../../record/index.ts';
import { asserted } from '../assertions/asserted.ts';
import { numberOf } from '../assertions/values.ts';
import { type EvalTask, type TaskSet, withFolds } from '../task-set.ts';
import { pick } from './chance.ts';
import { readJsonLines } from './read-rows.ts';
import { NUMBER } from './schemas.ts';

const rowSchema = lazily((z) => z.object({ question: z.string(), answer: z.string() }));

/** Loads the set from its folder. */
export async function gsm8k(folder: string): Promise<TaskSet> {
  const rows = await readJsonLines(folder, 'questions.jsonl', rowSchema());
  return {
    name: 'gsm8k',
    version: 1,
    about: 'Grade-school word problems.',
    rule: 'The answer is the number after ####; of a text its last number counts (GSM8K).',
    source: 'openai/grade-school-math, MIT; the first 200 of 1,319 test questions.',
    tasks: withFolds(rows.map(({ question, answer }, at) => taskOf(`${at + 1}`, question, answer))),
  };
}

/** @param solution - the worked solution, whose last line is `#### number` */
function taskOf(id: string, question: string, solution: string): Omit<EvalTask, 'fold'> {
  const expected = Number(solution.split('####').at(-1)?.replaceAll(',', ''));
  const steps = solution.split('<<').length - 1;
  return {
    id,
    kind: 'word problem',
    difficulty: steps,
    text: question,
    answer: NUMBER,
    open: () => ({
      score: ({ answer }) => [asserted('answer', lastNumber(answer) === expected, answer, `Expected ${expected}`)],
      oracle: () => expected,
      guess: (random) => lastNumber(pick(question.match(NUMBER_IN_TEXT) ?? ['1'], random)) ?? 1,
    }),
  };
}

const NUMBER_IN_TEXT = /-?\d[\d,]*(?:\.\d+)?/g;

/** A number, or the last one of a text, without separators of thousands. */
function lastNumber(answer: Json | undefined): number | undefined {
  if (typeof answer !== 'string') return numberOf(answer);
  return numberOf(answer.match(NUMBER_IN_TEXT)?.at(-1)?.replaceAll(',', ''));
}
