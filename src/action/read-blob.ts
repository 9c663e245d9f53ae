/**
 * Blobs that the log names.
 *
 * @module
 */
import { type Json, RunError } from '../record/index.ts';
import type { RunContext } from './action.ts';

/** Reads a blob that holds JSON. @throws {RunError} `run-diverged`: the store does not have it. */
export async function readJson({ blobs, run }: Pick<RunContext, 'blobs' | 'run'>, name: string): Promise<Json> {
  const bytes = await blobs.get(name);
  if (bytes !== undefined) return JSON.parse(new TextDecoder().decode(bytes)) as Json;
  throw new RunError('run-diverged', `The store lacks blob ${name}, which the log of run ${run} names.`, {
    blob: name,
  });
}
