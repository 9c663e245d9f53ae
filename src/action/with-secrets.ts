/**
 * Tools that are given their secrets, and say none: neither in results nor in errors, whichever tool knows them.
 *
 * @module
 */
import type { Secrets } from '../record/index.ts';
import type { NamedTool, SecretRecord, UndoContext } from './tool.ts';

/**
 * The same tool: its functions are given the values of its secrets, looked up for each call, and everything it gives or
 * throws is without any value that `secrets` knows. So a program never holds one, and cannot say it in other words.
 */
export function toolWithSecrets(tool: NamedTool, secrets: Secrets): NamedTool {
  const told = async <Context extends UndoContext>(context: Context): Promise<Context> =>
    tool.secrets === undefined
      ? context
      : Object.assign({ ...context }, { secrets: await valuesOf(tool.secrets, secrets) });
  const clean = async <Value>(work: () => Value | Promise<Value>): Promise<Value> => {
    try {
      return secrets.redact(await work());
    } catch (error) {
      throw secrets.redactError(error);
    }
  };
  return {
    ...tool,
    run: (args, context) =>
      clean(async () => {
        const returned = await tool.run(args, await told(context));
        return isAsyncIterable(returned) ? cleanVersions(returned, secrets) : returned;
      }),
    // Before, so that no complaint about a value quotes it; and after, when it is JSON.
    parseOutput: (value) => clean(() => tool.parseOutput(secrets.redact(value))),
    ...(tool.undo && {
      undo: (args, result, context) => clean(async () => tool.undo?.(args, result, await told(context))),
    }),
    ...(tool.compensate && {
      compensate: (args, result, context) => clean(async () => tool.compensate?.(args, result, await told(context))),
    }),
    ...(tool.preview && { preview: (args) => clean(() => tool.preview?.(args) ?? '') }),
  };
}

async function valuesOf(references: SecretRecord, secrets: Secrets): Promise<{ [name: string]: string }> {
  const values: { [name: string]: string } = {};
  for (const [name, reference] of Object.entries(references)) values[name] = await secrets.resolve(reference);
  return values;
}

async function* cleanVersions(versions: AsyncIterable<unknown>, secrets: Secrets): AsyncIterable<unknown> {
  try {
    for await (const version of versions) yield secrets.redact(version);
  } catch (error) {
    throw secrets.redactError(error);
  }
}

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
