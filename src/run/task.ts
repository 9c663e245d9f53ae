/**
 * A task as it stands in the log, and its answer as it was asked for.
 *
 * @module
 */
import { type ReadSchema, readSchema, type ToolSchema } from '../action/index.ts';
import { dataVariable, type LoadedVariable, namedTexts, withReferences } from '../environment/index.ts';
import {
  type DataVariable,
  type Json,
  OptionError,
  type Part,
  type RunResult,
  type Task,
  textOf,
} from '../record/index.ts';
import type { TaskOptions } from './agent-options.ts';
import type { RunLog } from './log.ts';

/** @throws {OptionError} `answer` is no schema. */
export function answerSchema(schema: ToolSchema | undefined): ReadSchema | undefined {
  if (schema === undefined) return undefined;
  try {
    return readSchema(schema, 'input');
  } catch (error) {
    throw new OptionError('answer', (error as Error).message);
  }
}

export function appendTask(
  log: RunLog,
  task: string | Task,
  { data = [], input }: Pick<TaskOptions, 'data' | 'input'>,
  schema: ReadSchema | undefined,
): void {
  const { parts, ...given } = typeof task === 'string' ? { parts: [{ text: task }] } : task;
  const answer = schema?.json ?? given.answer;
  const belongs = input ?? given.input;
  const text = textOf(parts as Part[]);
  const variables = variablesOf(data).map((variable) => withBlob(variable, text, log));
  log.append<'task'>({
    kind: 'task',
    by: 'user',
    parts: parts as Part[],
    ...(belongs === undefined ? {} : { input: belongs }),
    ...(answer === undefined ? {} : { answer }),
    ...(variables.length > 0 && { data: variables }),
  });
}

function variablesOf(data: NonNullable<TaskOptions['data']>): readonly (LoadedVariable | DataVariable)[] {
  if (Array.isArray(data)) return data as readonly LoadedVariable[];
  const named = Object.entries(data as { [name: string]: Json });
  return withReferences(named.map(([name, value]) => dataVariable({ name, value, source: name })));
}

function withBlob(variable: LoadedVariable | DataVariable, task: string, log: RunLog): DataVariable {
  if (!('json' in variable)) return variable;
  const { json, ...facts } = variable;
  const named = namedTexts(json(), task);
  return { ...facts, ...(named.length > 0 && { named }), blob: log.blobs.add(JSON.stringify(json())) };
}

/** An answer that the schema refuses is not given out; `why` says what is wrong with it. */
export async function typed<Answer>(result: RunResult, schema: ReadSchema | undefined): Promise<RunResult<Answer>> {
  if (schema === undefined || result.answer === undefined) return result as RunResult<Answer>;
  const { answer, ...rest } = result;
  const checked = await schema.check(answer);
  if (!('issues' in checked)) return { ...rest, answer: checked.value as Answer };
  const [issue] = checked.issues;
  const at = issue === undefined || issue.path.length === 0 ? '' : ` at \`${issue.path.join('.')}\``;
  const why = `The answer has not the form that was asked for${at}: ${issue?.problem ?? 'refused'}. It was ${JSON.stringify(answer).slice(0, 200)}.`;
  return { ...rest, why, warnings: [...rest.warnings, why] };
}
