/**
 * StrategyQA (arXiv 2101.02235): yes/no questions whose steps are not said.
 *
 * @module
 */
import { type Json, lazily } from '../../record/index.ts';
import { asserted } from '../assertions/asserted.ts';
import { type EvalTask, type TaskSet, withFolds } from '../task-set.ts';
import { readJsonRows } from './read-rows.ts';

const rowsSchema = lazily((z) => z.array(z.object({ question: z.string(), answer: z.boolean() })));

/** Loads the set from its folder. */
export async function strategyqa(folder: string): Promise<TaskSet> {
  const rows = await readJsonRows(folder, 'test.json', rowsSchema());
  return {
    name: 'strategyqa',
    version: 1,
    about: 'Yes/no questions whose steps are not said.',
    rule: 'The truth value is right; a text counts where it is yes, no, true or false (StrategyQA).',
    source: 'eladsegal/strategyqa, MIT; the 2,290 questions with public answers.',
    tasks: withFolds(rows.map(({ question, answer }, at) => taskOf(`${at + 1}`, question, answer))),
  };
}

function taskOf(id: string, question: string, expected: boolean): Omit<EvalTask, 'fold'> {
  return {
    id,
    kind: 'strategy',
    text: question,
    answer: { type: 'boolean' },
    open: () => ({
      score: ({ answer }) => [asserted('answer', truthOf(answer) === expected, answer, `Expected ${expected}`)],
      oracle: () => expected,
      guess: (random) => random() < 0.5,
    }),
  };
}

/** A truth value, or a text that is nothing but one. */
function truthOf(answer: Json | undefined): boolean | undefined {
  if (typeof answer === 'boolean') return answer;
  if (typeof answer !== 'string') return undefined;
  const word = answer.trim().toLowerCase().replace(/\.$/, '');
  if (word === 'yes' || word === 'true') return true;
  return word === 'no' || word === 'false' ? false : undefined;
}
