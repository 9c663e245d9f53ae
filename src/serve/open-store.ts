/**
 * The store of a command, and runs by a part of their name.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { makeFolder, RunError, StoreError } from '../record/index.ts';
import type { RunStore, RunSummary } from '../run/index.ts';
import { troubleWith } from './files.ts';
import type { Io } from './io.ts';
import { DEFAULT_STORE, isPostgres } from './settings.ts';

/** The path of the store, or its Postgres URL. */
export const storePath = (io: Io, given?: string): string =>
  given !== undefined && isPostgres(given) ? given : resolve(io.cwd, given ?? DEFAULT_STORE);

/**
 * Opens the store; it is made where it is not there.
 *
 * @throws {StoreError} it cannot be.
 */
export async function openStore(path: string): Promise<RunStore> {
  const { postgresStore, sqliteStore } = await import('../run/index.ts');
  if (isPostgres(path)) return postgresStore(path);
  try {
    makeFolder(dirname(path));
  } catch (problem) {
    throw new StoreError(
      `The folder ${dirname(path)} cannot be made for the run store: ${troubleWith(problem)}. Name another place with --store.`,
      { path, problem: (problem as NodeJS.ErrnoException).code ?? 'unknown' },
      problem,
    );
  }
  return sqliteStore(path);
}

/**
 * Opens a store that has to be there, for commands that look at runs.
 *
 * @throws {RunError} `run-unknown`: no run was made here.
 */
export async function openExisting(path: string): Promise<RunStore> {
  if (isPostgres(path) || existsSync(path)) return openStore(path);
  throw new RunError(
    'run-unknown',
    `There are no runs in ${path}. Run one with: poact run "…", or name the store with --store.`,
    { store: path },
  );
}

/**
 * The run that is meant: its id, the beginning or end of one, or `last`.
 *
 * @throws {RunError} `run-unknown`: none, or several.
 */
export async function findRun(store: RunStore, wanted: string): Promise<RunSummary> {
  const runs = await store.list();
  if (wanted === 'last' && runs[0] !== undefined) return runs[0];
  const exact = runs.find(({ run }) => run === wanted);
  if (exact !== undefined) return exact;
  const found = wanted.length < 3 ? [] : runs.filter(({ run }) => run.startsWith(wanted) || run.endsWith(wanted));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const why =
    found.length > 1 ? `${found.length} runs match ${wanted}; give more of the id.` : `There is no run ${wanted}.`;
  throw new RunError('run-unknown', `${why} poact runs lists them; \`last\` is the newest.`, { run: wanted });
}
