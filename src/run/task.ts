/**
 * A task as it stands in the log, and its answer as it was asked for.
 *
 * @module
 */
import { cleanMessage, type ReadSchema, readSchema, type ToolSchema } from '../action/index.ts';
import { dataVariable, type LoadedVariable, namedTexts, withReferences } from '../environment/index.ts';
import {
  type DataVariable,
  isPoactError,
  type Json,
  type NewEvent,
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

/** A task as the log holds it. @throws {OptionError} what belongs to it cannot be kept. */
export function taskEvent(
  log: Pick<RunLog, 'blobs'>,
  task: string | Task,
  { data = [], input }: Pick<TaskOptions, 'data' | 'input'>,
  schema: ReadSchema | undefined,
): NewEvent<'task'> {
  const { parts, ...given } = typeof task === 'string' ? { parts: [{ text: task }] } : task;
  const answer = schema?.json ?? given.answer;
  const belongs = input ?? given.input;
  if (belongs !== undefined) keepable('input', () => JSON.stringify(belongs));
  const text = textOf(parts as Part[]);
  const variables = variablesOf(data).map((variable) => withBlob(variable, text, log));
  return {
    kind: 'task',
    by: 'user',
    parts: parts as Part[],
    ...(belongs === undefined ? {} : { input: belongs }),
    ...(answer === undefined ? {} : { answer }),
    ...(variables.length > 0 && { data: variables }),
  };
}

/** @throws {OptionError} a value, or what it holds, is no JSON. */
function keepable<T>(option: string, write: () => T): T {
  try {
    const written = write();
    if (written !== undefined) return written;
  } catch (error) {
    if (isPoactError(error)) throw error;
    throw new OptionError(option, `expected JSON: ${cleanMessage(error).split('\n', 1)[0]}`);
  }
  throw new OptionError(option, 'expected JSON.');
}

function variablesOf(data: NonNullable<TaskOptions['data']>): readonly (LoadedVariable | DataVariable)[] {
  if (Array.isArray(data)) return data as readonly LoadedVariable[];
  const named = Object.entries(data as { [name: string]: Json });
  const made = named.map(([name, value]) =>
    keepable(`data.${name}`, () => dataVariable({ name, value, source: name })),
  );
  return withReferences(made);
}

function withBlob(variable: LoadedVariable | DataVariable, task: string, log: Pick<RunLog, 'blobs'>): DataVariable {
  if (!('json' in variable)) return variable;
  const { json, ...facts } = variable;
  const named = namedTexts(json(), task);
  return { ...facts, ...(named.length > 0 && { named }), blob: log.blobs.add(JSON.stringify(json())) };
}

/** An answer that the schema refuses is not given out; `why` says what is wrong with it. */
export async function typed<Answer>(result: RunResult, schema: ReadSchema | undefined): Promise<RunResult<Answer>> {
  if (schema === undefined || result.answer === undefined) return result as RunResult<Answer>;
  const { answer, ...rest } = result;
  const checked = await checkedBy(schema, answer);
  if (!('issues' in checked)) return { ...rest, answer: checked.value as Answer };
  const [issue] = checked.issues;
  const at = issue === undefined || issue.path.length === 0 ? '' : ` at \`${issue.path.join('.')}\``;
  const why = `The answer has not the form that was asked for${at}: ${issue?.problem ?? 'refused'}. It was ${JSON.stringify(answer).slice(0, 200)}.`;
  return { ...rest, why, warnings: [...rest.warnings, why] };
}

/** A schema may run code of the caller's, which may throw: the run has ended by then, and its result is given. */
async function checkedBy(schema: ReadSchema, answer: Json): Promise<Awaited<ReturnType<ReadSchema['check']>>> {
  try {
    return await schema.check(answer);
  } catch (error) {
    return { issues: [{ path: [], problem: cleanMessage(error) }] };
  }
}
