/**
 * `doctor`: what this machine has of what `poact` needs, and what to do about the rest.
 *
 * @module
 */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { dirname } from 'node:path';
import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import { openStore, storePath } from './open-store.ts';
import { paintFor } from './paint.ts';
import { isPostgres, readConfig } from './settings.ts';
import { size } from './words.ts';

/** One thing that was looked at. `fix` is there where something is to be done. */
export interface Finding {
  what: string;
  state: 'good' | 'note' | 'bad';
  said: string;
  fix?: string;
}

const NODE_MAJOR = 24;
const MODEL_MEMORY = 3e9;

/** Packages that not everyone needs, and what for. */
const OPTIONAL = [
  ['node-llama-cpp', 'local models'],
  ['pg', 'runs in Postgres'],
  ['@dbos-inc/dbos-sdk', 'workers on Postgres'],
  ['read-excel-file/node', 'Excel files'],
  ['@ai-sdk/openai-compatible', 'models behind an OpenAI-compatible server'],
] as const;

/** Looks at everything. `1` where something is missing that a run needs. */
export async function doctorCommand(
  { json = false, store }: { json?: boolean; store?: string },
  io: Io,
): Promise<ExitCode> {
  const findings = [
    node(),
    ...(await packages()),
    await model(io),
    cores(),
    memory(),
    await config(io),
    await runStore(io, store),
  ];
  const bad = findings.some(({ state }) => state === 'bad');
  if (json) io.stdout.write(`${JSON.stringify(findings)}\n`);
  else {
    const paint = paintFor(io.stdout, io.env);
    const marks = { good: paint('green', '✓'), note: paint('yellow', '!'), bad: paint('red', '✗') };
    for (const { what, state, said, fix } of findings) {
      io.stdout.write(`${marks[state]} ${what}: ${said}${fix === undefined ? '' : `\n    ${fix}`}\n`);
    }
    io.stdout.write(bad ? 'Something is missing.\n' : 'All that a run needs is here.\n');
  }
  return bad ? 1 : 0;
}

function node(): Finding {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major >= NODE_MAJOR) return { what: 'Node', state: 'good', said: process.version };
  return {
    what: 'Node',
    state: 'bad',
    said: `${process.version} is too old`,
    fix: `Install Node ${NODE_MAJOR} or newer from nodejs.org.`,
  };
}

async function packages(): Promise<Finding[]> {
  const { importPackage } = await import('../record/index.ts');
  return Promise.all(
    OPTIONAL.map(async ([name, what]): Promise<Finding> => {
      const there = await importPackage(name, what).then(
        () => true,
        () => false,
      );
      const bare = name.replace(/\/node$/, '');
      if (there) return { what: bare, state: 'good', said: `installed, for ${what}` };
      return { what: bare, state: 'note', said: `not installed; needed for ${what}`, fix: `npm install ${bare}` };
    }),
  );
}

async function model(io: Io): Promise<Finding> {
  const { DEFAULT_LOCAL_MODEL, hasModel, localModel, modelPath } = await import('../model/index.ts');
  const { title, bytes } = localModel(DEFAULT_LOCAL_MODEL);
  const path = modelPath(DEFAULT_LOCAL_MODEL, io.env);
  if (hasModel(DEFAULT_LOCAL_MODEL, io.env)) return { what: 'Local model', state: 'good', said: `${title}, ${path}` };
  const partly = existsSync(path) ? 'is not complete' : 'is not fetched yet';
  return {
    what: 'Local model',
    state: 'note',
    said: `${title} (${size(bytes)}) ${partly}`,
    fix: 'poact models pull, or use another one with --model openai/gpt-5',
  };
}

function cores(): Finding {
  const number = availableParallelism();
  if (number > 1) return { what: 'Cores', state: 'good', said: String(number) };
  return {
    what: 'Cores',
    state: 'note',
    said: '1',
    fix: 'A local model will be slow. A hosted one is not: --model openai/gpt-5',
  };
}

function memory(): Finding {
  const said = `${size(freemem())} of ${size(totalmem())} free`;
  if (totalmem() >= MODEL_MEMORY) return { what: 'Memory', state: 'good', said };
  return {
    what: 'Memory',
    state: 'note',
    said,
    fix: `The local model needs ${size(MODEL_MEMORY)}. Take the smaller one: --model local/0.5b`,
  };
}

async function config(io: Io): Promise<Finding> {
  try {
    const settings = Object.keys(await readConfig(io.cwd));
    return { what: 'Configuration', state: 'good', said: settings.length === 0 ? 'none' : settings.join(', ') };
  } catch (problem) {
    return {
      what: 'Configuration',
      state: 'bad',
      said: (problem as Error).message,
      fix: 'docs/cli.md lists what it may hold.',
    };
  }
}

const ELSEWHERE = 'Name another place: --store /tmp/runs.db';

async function runStore(io: Io, given: string | undefined): Promise<Finding> {
  const path = storePath(io, given ?? (await readConfig(io.cwd).catch(() => ({ store: undefined }))).store);
  if (isPostgres(path) || existsSync(path)) return opened(path);
  try {
    let place = path;
    while (!existsSync(place)) place = dirname(place);
    if (!statSync(place).isDirectory()) throw new Error(`${place} is a file`);
    accessSync(place, constants.W_OK);
    return { what: 'Store', state: 'good', said: path };
  } catch {
    return { what: 'Store', state: 'bad', said: `${path} cannot be written`, fix: ELSEWHERE };
  }
}

/** Opens a store as a run would, which makes the tables where they are not there. */
async function opened(path: string): Promise<Finding> {
  try {
    const store = await openStore(path);
    try {
      await store.list({ limit: 1 });
    } finally {
      await store.close();
    }
    return { what: 'Store', state: 'good', said: isPostgres(path) ? `Postgres at ${new URL(path).host}` : path };
  } catch (problem) {
    // Messages of stores name host and database, never user or password.
    const fix = isPostgres(path) ? 'docs/stores.md says what it needs.' : ELSEWHERE;
    return { what: 'Store', state: 'bad', said: (problem as Error).message, fix };
  }
}
