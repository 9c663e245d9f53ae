/**
 * M3ToolEval (CodeAct, arXiv 2402.01030): tasks that need several tools or several calls, in five families.
 *
 * @module
 */
import { environmentTools, type ToolRecord } from '../../action/index.ts';
import { type WebPage, webSite } from '../../environment/index.ts';
import { type Json, type JsonSchema, lazily, type Random } from '../../record/index.ts';
import { asserted, shown } from '../assertions/asserted.ts';
import { type EvalTask, type TaskSet, withFolds } from '../task-set.ts';
import { pick } from './chance.ts';
import { playOracle } from './m3tooleval/oracle.ts';
import { type Expected, isRight } from './m3tooleval/score.ts';
import { calculator, decoderTools, dnaTools, tradeTools } from './m3tooleval/tools.ts';
import { type TravelTables, travelTools } from './m3tooleval/travel.ts';
import { playerOf } from './play.ts';
import { readJsonLines, readJsonRows } from './read-rows.ts';

const FAMILIES = [
  'message_decoder',
  'dna_sequencer',
  'trade_calculator',
  'travel_itinerary_planning',
  'web_browsing',
] as const;
type Family = (typeof FAMILIES)[number];

/** Agents were tuned on these before there were folds. */
const DEVELOPED: readonly Family[] = ['trade_calculator', 'web_browsing'];

interface Row {
  family: Family;
  name: string;
  instruction: string;
  expected: Expected;
}

const schemas = lazily((z) => ({
  tasks: z.object({
    tasks: z.array(
      z.object({
        family: z.enum(FAMILIES),
        name: z.string(),
        instruction: z.string(),
        expected: z.union([
          z.number(),
          z.string(),
          z.boolean(),
          z.array(z.union([z.number(), z.string()])),
          z.record(z.string(), z.number()),
        ]),
      }),
    ),
  }),
  page: z.object({ name: z.string(), content: z.string() }),
  tables: z.object({
    flights: z.array(
      z.object({ from_location: z.string(), to_location: z.string(), date: z.string(), price: z.number() }),
    ),
    hotels: z.array(
      z.object({
        location: z.string(),
        preferences: z.array(z.string()),
        price_per_night: z.number(),
        rating: z.number(),
      }),
    ),
  }),
}));

/** Loads the set from its folder. */
export async function m3tooleval(folder: string): Promise<TaskSet> {
  const { tasks: rows } = await readJsonRows(folder, 'tasks.json', schemas().tasks);
  const pages = await readJsonLines(folder, 'web_pages.jsonl', schemas().page);
  const tables = await readJsonRows(folder, 'travel-tables.json', schemas().tables);
  const tasks = rows.map((row) => taskOf(row, () => toolsOf(row.family, pages, tables)));
  const developed = tasks.filter(({ kind }) => DEVELOPED.includes(kind as Family)).map(({ id }) => id);
  return {
    name: 'm3tooleval',
    version: 1,
    about: 'Tasks that need several tools or several calls: decoding, DNA, trade, travel, a small web site.',
    rule: 'The answer equals the expected one after both became numbers where they can be, lists and objects member by member (M3ToolEval). The first answer counts.',
    source: 'xingyaoww/code-act, MIT; 42 of 82 tasks.',
    tasks: withFolds(tasks, { developed }),
  };
}

/** The tools of a task, over a world of its own. */
async function toolsOf(family: Family, pages: readonly WebPage[], tables: TravelTables): Promise<ToolRecord> {
  switch (family) {
    case 'message_decoder':
      return decoderTools();
    case 'dna_sequencer':
      return dnaTools();
    case 'trade_calculator':
      return tradeTools();
    case 'travel_itinerary_planning':
      return travelTools(tables);
    case 'web_browsing': {
      const site = webSite(pages);
      await site.reset({ task: 'browse', seed: 1 });
      return { ...environmentTools(site), calculator };
    }
  }
}

function taskOf(row: Row, makeTools: () => Promise<ToolRecord>): Omit<EvalTask, 'fold'> {
  const { family, name, instruction, expected } = row;
  return {
    id: name,
    kind: family,
    text: instruction.trim(),
    answer: formOf(expected),
    async open() {
      const tools = await makeTools();
      return {
        tools,
        score: ({ answer }) => [
          asserted('answer', isRight(answer, expected), answer, `Expected ${shown(expected as Json)}`),
        ],
        oracle: () => playOracle(row, playerOf(tools)),
        guess: (random) => guessOf(instruction, expected, random),
      };
    },
  };
}

/** The form that the expected answer has, and nothing of its value. */
function formOf(expected: Expected): JsonSchema {
  if (Array.isArray(expected)) {
    const kinds = [...new Set(expected.map((each) => typeof each))];
    return { type: 'array', items: { type: kinds.length === 1 ? (kinds[0] as string) : kinds } };
  }
  if (typeof expected === 'object') return { type: 'object', additionalProperties: { type: 'number' } };
  return { type: typeof expected };
}

/** Of that form, of the words and numbers of the task. */
function guessOf(instruction: string, expected: Expected, random: Random['next']): Json {
  const words = instruction.match(/[\w@.+-]*\w/g) ?? [];
  const number = () => Number(pick(instruction.match(/\d+(\.\d+)?/g) ?? ['0'], random));
  if (typeof expected === 'boolean') return random() < 0.5;
  if (typeof expected === 'number') return number();
  if (typeof expected === 'string') return pick(words, random);
  if (Array.isArray(expected))
    return expected.map((each) => (typeof each === 'number' ? number() : pick(words, random)));
  return Object.fromEntries(Object.keys(expected).map((key) => [key, number()]));
}
