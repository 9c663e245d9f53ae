/**
 * The Berkeley Function-Calling Leaderboard (v4, single turn): which functions are called, and with what.
 *
 * @module
 */
import { identifierFrom, readSchema, type ToolRecord, tool } from '../../action/index.ts';
import { type Json, lazily, type Random } from '../../record/index.ts';
import type { Assertion, Attempt } from '../score.ts';
import { type EvalTask, type TaskSet, withFolds } from '../task-set.ts';
import { type Accepted, goldCalls, type MadeCall, whyWrong } from './bfcl/match-calls.ts';
import { type DeclaredFunction, schemaOf } from './bfcl/schema.ts';
import { pick } from './chance.ts';
import { playerOf } from './play.ts';
import { readJsonLines } from './read-rows.ts';

const CATEGORIES = [
  'simple_python',
  'simple_javascript',
  'multiple',
  'parallel',
  'parallel_multiple',
  'irrelevance',
  'live_simple',
  'live_multiple',
  'live_parallel',
  'live_parallel_multiple',
  'live_irrelevance',
] as const;

const rowSchema = lazily((z) => {
  const json = z.custom<Json>();
  return z.object({
    id: z.string(),
    question: z.array(z.array(z.object({ role: z.string(), content: z.string() }))).length(1),
    function: z.array(
      z.object({
        name: z.string(),
        description: z.string(),
        parameters: z.looseObject({
          properties: z.record(z.string(), z.record(z.string(), json)),
          required: z.array(z.string()),
        }),
      }),
    ),
    possible_answer: z.array(z.record(z.string(), z.record(z.string(), z.array(json)))).nullable(),
  });
});
type Row = ReturnType<ReturnType<typeof rowSchema>['parse']>;

/** Loads the set from its folder. */
export async function bfcl(folder: string): Promise<TaskSet> {
  const tasks: Omit<EvalTask, 'fold'>[] = [];
  for (const category of CATEGORIES) {
    const rows = await readJsonLines(folder, `${category}.jsonl`, rowSchema());
    for (const row of rows) if (await isFit(row)) tasks.push(taskOf(row, category));
  }
  return {
    name: 'bfcl',
    version: 2,
    about: 'Questions to be met with the right calls of the functions at hand, or with none.',
    rule: 'Names, required and known arguments, types, and each value among the accepted ones; several calls in any order; none where none fits, and an answer that says so (BFCL, AST). A call that was refused counts; a run that failed is not right.',
    source: 'ShishirPatil/gorilla, Apache-2.0; of the 1,762 rows here the 1,747 whose gold calls their functions take.',
    // Some questions are in several categories.
    tasks: withFolds(tasks, { by: ({ text }) => plain(text) }),
  };
}

const plain = (text: string) => text.toLowerCase().replace(/\s+/g, ' ');

/**
 * Some gold calls leave out what their function requires, or give what its types refuse: there no call can be right. The rule
 * and the tools must both take them.
 */
async function isFit({ function: given, possible_answer }: Row): Promise<boolean> {
  const functions = declared(given);
  const accepted = (possible_answer ?? []) as Accepted[];
  const calls = goldCalls(accepted);
  for (const { name, args } of calls) {
    const one = functions.find((each) => each.name === name);
    if (one === undefined || 'issues' in (await readSchema(schemaOf(one.parameters), 'input').check(args)))
      return false;
  }
  return whyWrong(calls, accepted, functions) === undefined;
}

const declared = (functions: Row['function']) => functions as unknown as DeclaredFunction[];

function taskOf(row: Row, category: string): Omit<EvalTask, 'fold'> {
  const functions = declared(row.function);
  const accepted = (row.possible_answer ?? []) as Accepted[];
  return {
    id: row.id,
    kind: category,
    difficulty: accepted.length,
    text: `${textOf(row)}\nCall the tools that meet this, each once, then answer "done". Where no tool fits, call none and answer "none".`,
    answer: { type: 'string' },
    open() {
      const made: MadeCall[] = [];
      const tools = recordingTools(functions, made);
      return {
        tools,
        score: (attempt) => [assertionOf(made, whyNotRight(attempt, made, accepted, functions))],
        async oracle() {
          const play = playerOf(tools);
          for (const { name, args } of goldCalls(accepted)) await play(callName(name), args);
          return accepted.length === 0 ? 'none' : 'done';
        },
        guess: (random) => {
          if (functions.length === 0 || random() < 0.5) return 'none';
          const { name, parameters } = pick(functions, random);
          const words = textOf(row).split(/\s+/);
          made.push({
            name,
            args: Object.fromEntries(parameters.required.map((arg) => [arg, guessOf(words, random)])),
          });
          return 'done';
        },
      };
    },
  };
}

function textOf({ question: [messages = []] }: Row): string {
  if (messages.length === 1) return messages[0]?.content ?? '';
  return messages.map(({ role, content }) => `${role}: ${content}`).join('\n');
}

/** A word of the question, as a number where it is one. */
function guessOf(words: readonly string[], random: Random['next']): Json {
  const word = pick(words, random).replace(/[.,?!'"]+$/, '');
  return word !== '' && Number.isFinite(Number(word)) ? Number(word) : word;
}

/**
 * The functions as tools that keep what they are called with, and do nothing. Nobody can say what such a function would do to
 * the world, so their effect is not known.
 */
function recordingTools(functions: readonly DeclaredFunction[], made: MadeCall[]): ToolRecord {
  return Object.fromEntries(
    functions.map(({ name, description, parameters }) => [
      callName(name),
      tool({
        description,
        input: schemaOf(parameters),
        output: { type: 'string' },
        effect: 'unknown',
        run: (args: MadeCall['args']) => {
          made.push({ name, args });
          return 'Done.';
        },
      }),
    ]),
  );
}

/** As the original does for models that call by identifier. */
const callName = (name: string) => identifierFrom(name.replaceAll('.', '_'));

/** A call that the schema refuses is one all the same: what was made is not known to the tool, but to the log. */
function whyNotRight(
  { answer, status, log }: Attempt,
  made: readonly MadeCall[],
  accepted: readonly Accepted[],
  functions: readonly DeclaredFunction[],
): string | undefined {
  if (status === 'failed') return 'The run failed.';
  const refused = refusedCalls(log, new Set(functions.map(({ name }) => callName(name))));
  if (refused > 0) return `${refused} of ${made.length + refused} calls were refused: they do not fit their functions.`;
  const isSilent = status !== 'answered' || answer === undefined || answer === null || answer === '';
  if (accepted.length === 0 && isSilent) return 'Expected an answer that no function fits, but there is none.';
  return whyWrong(made, accepted, functions);
}

/** How many calls of these tools had arguments that the schema refused; what was tried out in a fork is no call. */
function refusedCalls(log: Attempt['log'], tools: ReadonlySet<string>): number {
  const called = new Map(log.flatMap((event) => (event.kind === 'call' ? [[event.id, event.tool]] : [])));
  return log.filter((event) => {
    if (event.kind !== 'call-result' || event.error?.code !== 'tool-input-invalid') return false;
    // Where a person was to be asked, the call did not even begin.
    const tool = called.get(event.id);
    return event.scope === undefined && (tool === undefined || tools.has(tool));
  }).length;
}

function assertionOf(made: readonly MadeCall[], why: string | undefined): Assertion {
  if (why !== undefined) return { name: 'calls', verdict: 'fail', reason: why };
  return { name: 'calls', verdict: 'pass', reason: `The ${made.length} calls are right.` };
}
