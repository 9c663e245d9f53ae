/**
 * The settings of a run, kept beside the store, so that `resume` and `continue` build the same agent again.
 *
 * @module
 */
import { randomInt } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder, StoreError, sortedIds } from '../record/index.ts';
import { UsageError } from './exit-codes.ts';
import { troubleWith } from './files.ts';
import { DEFAULT_STORE, isPostgres, type Settings, settingsSchema } from './settings.ts';

/** There is no folder beside a database: its runs' settings are in the current one. */
const keptIn = (store: string, run: string) =>
  join(isPostgres(store) ? dirname(DEFAULT_STORE) : dirname(store), 'settings', `${run}.json`);

/** An id for a run whose settings are kept before it begins. */
export const newRunId = sortedIds({ now: Date.now, random: { below: (below) => randomInt(below) } });

/**
 * Keeps a run's settings beside its store. Where the store is, whoever reads them knows; a URL may hold a password.
 *
 * @throws {StoreError} they cannot be written.
 */
export async function keepSettings(store: string, run: string, { store: _, ...settings }: Settings): Promise<void> {
  const path = keptIn(store, run);
  try {
    makeFolder(dirname(path));
    await writeFile(path, `${JSON.stringify(settings)}\n`);
  } catch (problem) {
    throw new StoreError(
      `The settings of the run cannot be kept in ${dirname(path)}: ${troubleWith(problem)}. Mend that, or name another store with --store.`,
      { path, problem: (problem as NodeJS.ErrnoException).code ?? 'unknown' },
      problem,
    );
  }
}

/**
 * The settings a run was begun with; nothing where they are not to be had and can be done without.
 *
 * @param remedy What to do without them. @default nothing: whoever asks knows what the run needs
 * @throws {UsageError} they are not to be had, and there is a remedy.
 */
export async function settingsOf(store: string, run: string, remedy?: string): Promise<Settings | undefined> {
  const path = keptIn(store, run);
  const found = await readKept(path);
  if (typeof found !== 'string') return found;
  if (remedy === undefined) return undefined;
  throw new UsageError(`Nobody knows what run ${run} was begun with: its settings file ${path} ${found}. ${remedy}`);
}

/** What the file holds, or what is wrong with it. */
async function readKept(path: string): Promise<Settings | string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'is not there' : `cannot be read (${code})`;
  }
  try {
    const { data, error } = settingsSchema.safeParse(JSON.parse(text));
    if (data !== undefined) return data;
    const [key] = error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
    return key === undefined ? 'is damaged' : `is of a newer version of poact, with \`${key}\``;
  } catch {
    return 'is damaged';
  }
}
