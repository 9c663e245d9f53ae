/**
 * HotpotQA (Yang et al. 2018), distractor setting, as a closed world: ten paragraphs, of which two are needed, behind a search.
 *
 * @module
 */
import { type ToolRecord, tool } from '../../action/index.ts';
import { lazily } from '../../record/index.ts';
import { asserted } from '../assertions/asserted.ts';
import { type EvalTask, type TaskSet, withFolds } from '../task-set.ts';
import { pick } from './chance.ts';
import { lexicalSearch } from './lexical-search.ts';
import { type Play, playerOf } from './play.ts';
import { readJsonLines } from './read-rows.ts';
import { objectOf, TEXT, TEXTS } from './schemas.ts';
import { sameShortAnswer } from './short-answer.ts';

interface Row {
  id: string;
  question: string;
  answer: string;
  type: string;
  context: [title: string, sentences: string[]][];
  supporting_facts: [title: string, sentence: number][];
}

const rowSchema = lazily((z) =>
  z.object({
    id: z.string(),
    question: z.string(),
    answer: z.string(),
    type: z.enum(['bridge', 'comparison']),
    context: z.array(z.tuple([z.string(), z.array(z.string())])),
    supporting_facts: z.array(z.tuple([z.string(), z.number()])),
  }),
);

/** Loads the set from its folder. */
export async function hotpotqa(folder: string): Promise<TaskSet> {
  const rows = await readJsonLines(folder, 'questions.jsonl', rowSchema());
  return {
    name: 'hotpotqa',
    version: 2,
    about: 'Questions over two of ten paragraphs, which are searched and read by tools.',
    rule: 'Exact match after lower case, without punctuation and articles (HotpotQA).',
    source: "HotpotQA, CC BY-SA 4.0, by noahshinn/reflexion, MIT; Reflexion's 100 hard questions.",
    tasks: withFolds(rows.map(taskOf)),
  };
}

function taskOf(row: Row): Omit<EvalTask, 'fold'> {
  const { id, question, answer: expected, type, context } = row;
  return {
    id,
    kind: type,
    difficulty: 2,
    text: `${question}\nAnswer with a name, a number, a date, yes or no: as short as the paragraphs have it.`,
    answer: TEXT,
    open: () => ({
      tools: paragraphTools(context),
      score: ({ answer }) => [
        asserted('answer', sameShortAnswer(answer, expected), answer, `Expected ${JSON.stringify(expected)}`),
      ],
      async oracle() {
        await findSupport(row, playerOf(paragraphTools(context)));
        return expected;
      },
      guess: (random) => pick([...context.map(([title]) => title), 'yes', 'no'], random),
    }),
  };
}

/** What the answer rests on can be found. @throws {Error} an article cannot */
async function findSupport({ supporting_facts }: Row, play: Play): Promise<void> {
  for (const title of new Set(supporting_facts.map(([title]) => title))) {
    const found = (await play('search', { query: title })) as { title: string }[];
    if (!found.some((one) => one.title === title)) throw new Error(`The search does not find "${title}".`);
  }
}

const FOUND = 3;
const PASSAGES = { type: 'array', items: objectOf({ title: TEXT, text: TEXT }) } as const;

/** Tools over the paragraphs of one question. */
export function paragraphTools(
  context: readonly (readonly [title: string, sentences: readonly string[]])[],
): ToolRecord {
  const texts = context.map(([title, sentences]) => ({ title, text: sentences.join('') }));
  const search = lexicalSearch(texts.map(({ title, text }) => `${title} ${title} ${text}`));
  return {
    search: tool({
      description: `Searches an encyclopedia by words or by title. Returns up to ${FOUND} articles, best first, each with its whole text.`,
      input: objectOf({ query: TEXT }),
      output: PASSAGES,
      effect: 'read',
      looks: { for: 'query' },
      run({ query }) {
        const named = texts.filter(({ title }) => title.toLowerCase() === query.trim().toLowerCase());
        const others = search(query, FOUND).flatMap((at) => texts[at] ?? []);
        return [...new Set([...named, ...others])].slice(0, FOUND);
      },
    }),
    lookup: tool({
      description: 'Returns the sentences of one article that hold these words, such as a name.',
      input: objectOf({ title: TEXT, words: TEXT }),
      output: TEXTS,
      effect: 'read',
      run: ({ title, words }) => {
        const [, sentences] = context.find(([name]) => name.toLowerCase() === title.toLowerCase()) ?? [];
        if (sentences === undefined) throw new Error(`There is no article "${title}". Search for it.`);
        return sentences
          .filter((sentence) => sentence.toLowerCase().includes(words.toLowerCase()))
          .map((one) => one.trim());
      },
    }),
  };
}
