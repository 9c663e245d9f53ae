/**
 * Blobs that the log names.
 *
 * @module
 */
import { type Json, RunError } from '../record/index.ts';
import type { RunContext } from './action.ts';

/** Reads a blob that the log names. @throws {RunError} `run-diverged`: the store does not have it. */
async function readBlob(run: RunContext, name: string): Promise<Uint8Array> {
  const bytes = await run.blobs.get(name);
  if (bytes !== undefined) return bytes;
  throw new RunError('run-diverged', `The store lacks blob ${name}, which the log of run ${run.run} names.`, {
    blob: name,
  });
}

/** Reads a blob that holds JSON. */
export async function readJson(run: Pick<RunContext, 'blobs' | 'run'>, name: string): Promise<Json> {
  return JSON.parse(new TextDecoder().decode(await readBlob(run as RunContext, name))) as Json;
}
