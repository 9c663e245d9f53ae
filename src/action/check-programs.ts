/**
 * The type checker, told of a step's tools, the run's data and the session's earlier programs.
 *
 * @module
 */
import { inferType } from '../environment/index.ts';
import type { DataVariable } from '../record/index.ts';
import type { RunContext } from './action.ts';
import { type Checker, createChecker } from './check/checker.ts';
import type { CheckRuleName } from './check/rules.ts';
import { declareTools } from './declare.ts';
import { currentTask, type History, history } from './history.ts';
import { readJson } from './read-blob.ts';
import { withReferenceRemedies } from './reference-remedies.ts';
import type { ProgramReview } from './review-program.ts';
import { hasSqlWord, rowsAsTable, SQL_DECLARATION } from './sql-data.ts';
import type { NamedTool } from './tool.ts';
import { writtenValues } from './written-values.ts';

/** All controllers of a process share one compiler: it keeps nothing but caches, and loading it takes half a second. */
let shared: Checker | undefined;

/** Builds the check of programs. */
export function checkPrograms(off: readonly CheckRuleName[]): NonNullable<ProgramReview['check']> {
  const types = new Map<string, string>();
  /** Variables that keep what was too long to show. */
  const kept = async ({ programs }: History, run: RunContext): Promise<DataVariable[]> => {
    const variables: DataVariable[] = [];
    for (const { observation } of programs.values()) {
      const { variable: name, blob } = observation ?? {};
      if (name === undefined || blob === undefined) continue;
      const type = types.get(blob) ?? inferType(await readJson(run, blob));
      types.set(blob, type);
      variables.push({ name, type, doc: '', source: '' });
    }
    return variables;
  };
  return async (source, tools, run) => {
    const past = run.view.project(history);
    shared ??= createChecker();
    const checked = await shared.check({
      source,
      tools: declareTools(tools),
      data: `${typesOf([...past.data.values(), ...(await kept(past, run))])}${asksWith(tools, past)}`,
      session: sessionPrograms(past),
      off,
      written: writtenValues(currentTask(past)),
    });
    return { ...checked, findings: withReferenceRemedies(checked.findings, [...past.data.values()]) };
  };
}

/** The word that asks rows, where there are any and no tool has its name. */
const asksWith = (tools: readonly NamedTool[], { data }: History) =>
  hasSqlWord(tools) && [...data.values()].some((one) => rowsAsTable(one) !== undefined) ? `\n${SQL_DECLARATION}` : '';

/** By their plain types: a program may compare a column with a text that no row holds. */
const typesOf = (data: readonly DataVariable[]) =>
  data.map(({ name, type }) => `declare const ${name}: ${type};`).join('\n');

/** Programs whose variables stand in the session, oldest first. */
function sessionPrograms({ programs }: History): string[] {
  return [...programs.values()]
    .filter(({ inSession, observation }) => inSession && observation !== undefined && observation.state !== 'skipped')
    .map(({ code }) => code);
}
