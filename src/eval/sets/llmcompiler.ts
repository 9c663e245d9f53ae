/**
 * The question sets of LLMCompiler (arXiv 2312.04511): look-ups that can run in parallel. The encyclopedia is not here, so they
 * are asked without tools; give an agent its own.
 *
 * @module
 */
import { type Json, type JsonSchema, lazily, type Random } from '../../record/index.ts';
import { asserted } from '../assertions/asserted.ts';
import { numberOf } from '../assertions/values.ts';
import { type EvalTask, type Fold, type TaskSet, withFolds } from '../task-set.ts';
import { pick } from './chance.ts';
import { readJsonRows } from './read-rows.ts';
import { sameShortAnswer } from './short-answer.ts';

const FILES = {
  comparison: 'hotpotqa_comparison.json',
  movie: 'movie_recommendations_formatted.json',
  parallelqa: 'parallelqa_dataset.json',
} as const;
type Kind = keyof typeof FILES;

const TOLERANCE = 0.1;

/** Questions that `hotpotqa` has, too: of the fold that they have there, so that nobody tunes on what is reported. */
const HOTPOTQA_FOLDS: { readonly [fold in Fold]: readonly string[] } = {
  development: [
    '5a79c1335542994bb9457066',
    '5a78bc6b554299148911f979',
    '5ac097b05542996f0d89cc18',
    '5a7f7b3b5542992097ad2f81',
    '5a72a2935542991f9a20c546',
    '5a811667554299260e20a23d',
    '5adf5daf5542995534e8c79d',
  ],
  reporting: [
    '5abbd3ac55429931dba1458b',
    '5adf2fa35542993344016c11',
    '5ab484415542990594ba9c44',
    '5a7ca0ef55429907fabeefd3',
    '5ab9b2c7554299743d22ebaf',
    '5a87bd4e5542994846c1cde0',
    '5adff056554299603e4183cc',
    '5a8b42be55429949d91db515',
  ],
};

const rowsSchema = lazily((z) =>
  z.array(
    z.object({
      id: z.union([z.string(), z.number()]).transform(String),
      question: z.string(),
      answer: z.union([z.string(), z.number()]).transform(String),
      branch: z.number().optional(),
    }),
  ),
);
type Row = ReturnType<ReturnType<typeof rowsSchema>['parse']>[number];

/** Loads the set from its folder. */
export async function llmcompiler(folder: string): Promise<TaskSet> {
  const tasks: Omit<EvalTask, 'fold'>[] = [];
  for (const [kind, file] of Object.entries(FILES) as [Kind, string][]) {
    const rows = await readJsonRows(folder, file, rowsSchema());
    tasks.push(...rows.map((row) => taskOf(row, kind)));
  }
  return {
    name: 'llmcompiler',
    version: 2,
    about: 'Questions whose look-ups can run in parallel: comparisons, films, sums of facts.',
    rule: 'Where a number is expected, a number within 10 %, otherwise the same text as in HotpotQA (LLMCompiler).',
    source: 'SqueezeAILab/LLMCompiler, MIT; HotpotQA rows CC BY-SA 4.0, movie rows Apache-2.0.',
    tasks: withFolds(tasks).map((task) => ({ ...task, fold: hotpotqaFold(task.id) ?? task.fold })),
  };
}

const hotpotqaFold = (id: string): Fold | undefined =>
  (['development', 'reporting'] as const).find((fold) => HOTPOTQA_FOLDS[fold].includes(id.replace('comparison/', '')));

const ANSWER: JsonSchema = { type: ['string', 'number'] };

function taskOf({ id, question, answer: expected, branch }: Row, kind: Kind): Omit<EvalTask, 'fold'> {
  return {
    id: `${kind}/${id}`,
    kind,
    ...(branch !== undefined && { difficulty: branch }),
    text: question.trim(),
    answer: ANSWER,
    open: () => ({
      score: ({ answer }) => [
        asserted('answer', isRight(answer, expected), answer, `Expected ${JSON.stringify(expected)}`),
      ],
      oracle: () => expected,
      guess: (random) => guessOf(question, kind, random),
    }),
  };
}

/** Where a number is expected, a text that is none is no answer: without its punctuation it would be another number. */
function isRight(answer: Json | undefined, expected: string): boolean {
  const wanted = numberOf(expected);
  if (wanted === undefined) return sameShortAnswer(answer, expected);
  const value = amountIn(answer);
  return value !== undefined && Math.abs(value - wanted) <= TOLERANCE * Math.abs(wanted);
}

const AMOUNT = /^([+-]?)[$€£¥]?\s*((?:\d{1,3}(?:,\d{3})+|\d*)(?:\.\d+)?(?:e[+-]?\d+)?)\s*[$€£¥%]?\.?$/i;

/** A number, as people write an amount: with a currency or a per cent sign, with separators of thousands. */
function amountIn(answer: Json | undefined): number | undefined {
  if (typeof answer !== 'string') return numberOf(answer);
  const [, sign = '', digits = ''] = AMOUNT.exec(answer.trim()) ?? [];
  return numberOf(`${sign}${digits.replaceAll(',', '')}`);
}

/** One of the options; yes or no or a name of the question; a name or a number of it. */
function guessOf(question: string, kind: Kind, random: Random['next']): Json {
  if (kind === 'movie') return pick(question.split('Options:\n')[1]?.trim().split('\n') ?? [''], random);
  const names = question.match(/\p{Lu}[\p{L}\d]*(?: \p{Lu}[\p{L}\d]*)*/gu) ?? [];
  return pick(kind === 'comparison' ? ['yes', 'no', ...names] : [...names, '1'], random);
}
