/**
 * HumanEvalPack for JavaScript (OctoPack, arXiv 2308.07124): functions to write, and functions to repair.
 *
 * @module
 */
import { lazily } from '../../record/index.ts';
import { quickjs, type Sandbox } from '../../sandbox/index.ts';
import { passesTests } from '../assertions/program.ts';
import { type EvalTask, type TaskSet, withFolds } from '../task-set.ts';
import { pick } from './chance.ts';
import { readJsonLines } from './read-rows.ts';
import { TEXT } from './schemas.ts';

const rowSchema = lazily((z) =>
  z.object({
    task_id: z.string(),
    declaration: z.string(),
    canonical_solution: z.string(),
    buggy_solution: z.string(),
    instruction: z.string(),
    entry_point: z.string(),
    test: z.string(),
  }),
);
type Row = ReturnType<ReturnType<typeof rowSchema>['parse']>;

/** Its right function sets a variable that it does not declare, which strict mode refuses. */
const NOT_STRICT = 'JavaScript/105';
/** Longest time of a program and of its tests: the slowest right one takes a quarter of it. */
const TEST_MS = 2_000;

/** Loads the set from its folder. */
export async function humanevalpackJs(folder: string): Promise<TaskSet> {
  const sandbox = quickjs();
  const rows = (await readJsonLines(folder, 'problems.jsonl', rowSchema())).filter(
    ({ task_id }) => task_id !== NOT_STRICT,
  );
  return {
    name: 'humanevalpack-js',
    version: 2,
    about: 'JavaScript functions to write or to repair.',
    rule: 'Every assertion of the tests holds in a sealed interpreter, and one was reached: pass@1 (HumanEvalPack), which a failed console.assert alone would not fail.',
    source: 'bigcode-project/octopack, MIT; 81 of 164 problems, each to write and to repair.',
    tasks: withFolds(
      rows.flatMap((row) => [taskOf(row, 'write', rows, sandbox), taskOf(row, 'repair', rows, sandbox)]),
      // Who has seen a function has seen what is to be written.
      { by: ({ id }) => id.slice(id.indexOf('/') + 1) },
    ),
  };
}

function taskOf(row: Row, kind: 'write' | 'repair', all: readonly Row[], sandbox: Sandbox): Omit<EvalTask, 'fold'> {
  const { task_id, declaration, canonical_solution, buggy_solution, instruction, entry_point, test } = row;
  const ask =
    kind === 'write'
      ? instruction
      : `Repair the bug in the function ${entry_point}.\n\n${declaration}${buggy_solution}\nIt fails these tests:\n\n${test}`;
  return {
    id: `${kind}/${task_id}`,
    kind,
    text: `${ask.trim()}\n\nAnswer with the source text of the whole function.`,
    answer: TEXT,
    open: () => ({
      async score({ answer }) {
        const program = typeof answer === 'string' ? withoutFence(answer) : '';
        return [await passesTests('tests', { sandbox, program, tests: test, ms: TEST_MS })];
      },
      oracle: () => declaration + canonical_solution,
      // A right body, of some problem.
      guess: (random) => declaration + pick(all, random).canonical_solution,
    }),
  };
}

/** The inside of the one code block, where there is one. */
const withoutFence = (text: string) => /^\s*```\w*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text;
