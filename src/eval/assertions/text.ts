/**
 * Assertions about a text's or a value's form.
 *
 * @module
 */
import { createContext, runInContext } from 'node:vm';
import { readSchema, type ToolSchema } from '../../action/index.ts';
import { type Json, requirePositive } from '../../record/index.ts';
import type { Assertion } from '../score.ts';
import { asserted, shown } from './asserted.ts';

/**
 * A text that a regular expression matches. One that takes too long, as an answer made for it can have it, is ended, and the
 * verdict is unknown.
 *
 * @throws {OptionError} `ms` is not a whole number of at least 1.
 */
export function matches(
  name: string,
  actual: Json | undefined,
  pattern: RegExp,
  { ms = 1_000 }: { /** Longest time, in milliseconds. @default 1_000 */ ms?: number } = {},
): Assertion {
  requirePositive({ ms });
  const wanted = `Expected a text that matches ${pattern}`;
  if (typeof actual !== 'string') return asserted(name, false, actual, wanted);
  const { source, flags } = pattern;
  try {
    // The engine can be stopped within a match only by the time limit of a script.
    const context = createContext({ source, flags, actual });
    const isMatch: unknown = runInContext('new RegExp(source, flags).test(actual)', context, { timeout: ms });
    return asserted(name, isMatch === true, actual, wanted);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return { name, verdict: 'unknown', reason: `${wanted}; matching took longer than ${ms} ms.` };
  }
}

/**
 * A value that a schema takes: zod 4, any Standard Schema, JSON Schema.
 *
 * @throws {Error} it is no schema.
 */
export async function fitsSchema(name: string, actual: Json | undefined, schema: ToolSchema): Promise<Assertion> {
  const wanted = 'Expected a value of the form that was asked for';
  if (actual === undefined) return asserted(name, false, actual, wanted);
  const checked = await readSchema(schema, 'input').check(actual);
  if (!('issues' in checked)) return asserted(name, true, actual, wanted);
  const [issue] = checked.issues;
  const at = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  return {
    name,
    verdict: 'fail',
    reason: `${wanted}, but it is ${shown(actual)}${at}: ${issue?.problem ?? 'refused'}.`,
  };
}
