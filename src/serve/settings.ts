/**
 * What a run is made with: command line over configuration file over defaults; kept beside the store, so that
 * `resume` and `continue` build the same agent again.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Budget } from '../record/index.ts';
import { UsageError } from './exit-codes.ts';

export const POLICIES = ['poact', 'codeAct', 'react', 'planExecute'] as const;

/** Settings as a configuration file may hold them. Paths count from its folder, or from the current one. */
export const settingsSchema = z.strictObject({
  model: z.string().optional(),
  policy: z.enum(POLICIES).optional(),
  files: z.union([z.string(), z.array(z.string())]).optional(),
  out: z.string().optional(),
  tools: z.string().optional(),
  agent: z.string().optional(),
  steps: z.number().int().positive().optional(),
  budget: z.string().optional(),
  seed: z.number().int().nonnegative().optional(),
  store: z.string().optional(),
});
export type Settings = z.infer<typeof settingsSchema>;

const CONFIG_FILES = ['poact.config.ts', 'poact.config.js', 'poact.config.mjs', 'poact.config.json'];
const PATHS = ['out', 'tools', 'agent', 'store'] as const;

/** Where a run's log goes unless the settings say otherwise. */
export const DEFAULT_STORE = join('.poact', 'runs.db');

/**
 * The settings of a configuration file in a folder, with absolute paths; none where there is no such file.
 *
 * @throws {UsageError} the file cannot be read, or holds something else.
 */
export async function readConfig(folder: string): Promise<Settings> {
  const path = CONFIG_FILES.map((name) => join(folder, name)).find((one) => existsSync(one));
  if (path === undefined) return {};
  let found: unknown;
  try {
    found = path.endsWith('.json')
      ? JSON.parse(await readFile(path, 'utf8'))
      : ((await import(pathToFileURL(path).href)) as { default?: unknown }).default;
  } catch (problem) {
    throw new UsageError(`${path} could not be read: ${(problem as Error).message}`);
  }
  const parsed = settingsSchema.safeParse(found);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UsageError(
      `${path}: ${issue?.path.join('.') || 'the default export'}: ${issue?.message}. docs/cli.md lists what it may hold.`,
    );
  }
  return absolute(parsed.data, folder);
}

/** The same settings, whatever the current folder. A model that is a file is a path too. */
export function absolute(settings: Settings, folder: string): Settings {
  const made: Settings = { ...settings };
  for (const key of PATHS) {
    const path = made[key];
    if (path !== undefined && !isPostgres(path)) made[key] = resolve(folder, path);
  }
  if (made.files !== undefined) made.files = [made.files].flat().map((path) => resolve(folder, path));
  if (made.model?.endsWith('.gguf')) made.model = resolve(folder, made.model);
  return made;
}

/** What each unit of a budget limits, and how much one of it is. */
const UNITS: { readonly [unit: string]: readonly [keyof Omit<Budget, 'calls'>, number] } = {
  usd: ['costUsd', 1],
  token: ['tokens', 1],
  step: ['steps', 1],
  call: ['toolCalls', 1],
  s: ['ms', 1_000],
  min: ['ms', 60_000],
  h: ['ms', 3_600_000],
};

/**
 * Limits out of a budget: `0.10usd`, `20000tokens`, `20steps`, `30calls`, `90s`, `5min`, `1h`, or several with commas.
 *
 * @throws {UsageError} it is none of them, or names one twice.
 */
export function parseBudget(text: string): Omit<Budget, 'calls'> {
  const limits: Omit<Budget, 'calls'> = {};
  const problem = (what: string) =>
    new UsageError(
      `--budget ${text} ${what}. Give money, tokens, steps, calls of tools or time: 0.10usd, 20000tokens, 20steps, 30calls, 90s, 5min, or several with commas.`,
    );
  for (const part of text.split(',')) {
    const [, number = '', unit = ''] = /^\s*(\d[\d_]*(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(part) ?? [];
    const name = unit.toLowerCase();
    const [limit, one] = UNITS[name] ?? UNITS[name.replace(/s$/, '')] ?? [];
    const value = Number(number.replaceAll('_', '')) * (one ?? 0);
    if (limit === undefined || !(value > 0)) throw problem('is no budget');
    if (limits[limit] !== undefined) throw problem(`limits ${limit} twice`);
    if (limit !== 'costUsd' && !Number.isInteger(value)) throw problem(`has a part of one: ${part.trim()}`);
    limits[limit] = value;
  }
  return limits;
}

/** Names a database instead of a file. */
export const isPostgres = (store: string): boolean => /^postgres(ql)?:/.test(store);

/** There is no folder beside a database: its runs' settings are in the current one. */
const keptIn = (store: string, run: string) =>
  join(isPostgres(store) ? dirname(DEFAULT_STORE) : dirname(store), 'settings', `${run}.json`);

/** Keeps a run's settings beside its store. Where the store is, whoever reads them knows; a URL may hold a password. */
export async function keepSettings(store: string, run: string, { store: _, ...settings }: Settings): Promise<void> {
  const path = keptIn(store, run);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(settings)}\n`);
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
