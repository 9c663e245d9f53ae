/**
 * What a run is made with: command line over configuration file over defaults.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Budget } from '../record/index.ts';
import type { AgentOptions } from '../run/index.ts';
import { UsageError } from './exit-codes.ts';
import { thrown } from './words.ts';

/** As the agent knows them; named here so that a command begins without loading it. */
export const POLICIES = [
  'poact',
  'codeAct',
  'react',
  'planExecute',
] as const satisfies readonly AgentOptions['policy'][];

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
/** Some editors put it before a text. */
const BYTE_ORDER_MARK = /^\ufeff/;
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
      ? JSON.parse((await readFile(path, 'utf8')).replace(BYTE_ORDER_MARK, ''))
      : ((await import(pathToFileURL(path).href)) as { default?: unknown }).default;
  } catch (problem) {
    throw new UsageError(`${path} could not be read: ${thrown(problem)}`);
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

/** What an agent's module stands for. Its model and its limits may be told otherwise. */
const OF_THE_MODULE = ['policy', 'tools', 'out'] as const;

/**
 * Settings over weaker ones. A module that is named takes the place of the weaker ones that it stands for.
 *
 * @throws {UsageError} something is named beside a module that stands for it, and would have no effect.
 */
export function settingsOver(weaker: Settings, stronger: Settings): Settings {
  const made = { ...weaker, ...stronger };
  if (made.agent === undefined) return made;
  for (const key of OF_THE_MODULE) {
    if (stronger[key] !== undefined) {
      throw new UsageError(
        `--${key} cannot go with --agent: ${made.agent} says what the agent has. Say it there, or leave --agent out.`,
      );
    }
    if (stronger.agent !== undefined) delete made[key];
  }
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
