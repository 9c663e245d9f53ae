/**
 * From settings to an agent with its data.
 *
 * @module
 */
import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { NamedTool, ToolRecord } from '../action/index.ts';
import type { DataRead } from '../environment/index.ts';
import type { Model } from '../model/index.ts';
import { makeFolder, type Secrets } from '../record/index.ts';
import type { Agent, AgentOptions, RunStore } from '../run/index.ts';
import { UsageError } from './exit-codes.ts';
import { troubleWith } from './files.ts';
import type { Io } from './io.ts';
import { parseBudget, type Settings } from './settings.ts';
import { thrown } from './words.ts';

const DEFAULT_MODEL = 'local';

/** What a command runs. */
export interface BuiltAgent {
  agent: Agent;
  data: DataRead;
  close(): Promise<void>;
}

/** What {@link buildAgent} is told beside the settings. */
export interface BuildOptions {
  io: Io;
  store: RunStore;
  /** Calls of tools that were not given in code are agreed to, unless a tool itself asks. */
  yes: boolean;
  /** Fetches a model of the catalogue where it is not there. */
  fetch(name: string): Promise<unknown>;
  /** Wraps the model. */
  watch(model: Model): Model;
  /** Hears where secrets are found, before anything else is done. */
  secretive(secrets: Secrets): void;
}

/** Builds the agent, and reads the files. A local model is fetched first. */
export async function buildAgent(
  settings: Settings,
  { io, store, yes, fetch, watch, secretive }: BuildOptions,
): Promise<BuiltAgent> {
  const [{ createAgent, knownSecrets }, { byEffect }] = await Promise.all([
    import('../run/index.ts'),
    import('../guard/index.ts'),
  ]);
  const given = settings.agent === undefined ? undefined : await importAgent(settings.agent);
  const secrets = knownSecrets(given ?? {}, io.env);
  secretive(secrets);
  const model = await modelOf(settings.model ?? given?.model ?? DEFAULT_MODEL, io, fetch);
  const tools = given === undefined ? await toolsOf(settings) : [given.tools ?? []].flat();
  const data = await readFiles(settings, tools.flatMap(namesOf));
  tools.push(await dataTools(settings, data));
  const limits = {
    ...given?.limits,
    ...(settings.budget === undefined ? {} : parseBudget(settings.budget)),
    ...(settings.steps === undefined ? {} : { steps: settings.steps }),
  };
  const agent = createAgent({
    guard: byEffect({ yes }),
    ...(settings.policy === undefined ? {} : { policy: settings.policy }),
    ...given,
    model: watch(model),
    tools: tools as readonly (NamedTool | ToolRecord)[],
    secrets,
    store,
    limits,
  });
  return {
    agent,
    data,
    close: async () => {
      await data.tables?.close();
      await model.close?.();
    },
  };
}

/** A model by its name, or as it is given; a local one is fetched first. */
export async function modelOf(given: AgentOptions['model'], io: Io, fetch: BuildOptions['fetch']): Promise<Model> {
  const { DEFAULT_LOCAL_MODEL, resolveModel } = await import('../model/index.ts');
  if (typeof given !== 'string') return resolveModel(given, { env: io.env });
  const own = io.model?.(given);
  if (own !== undefined) return own;
  const model = resolveModel(given, { env: io.env });
  if (given === 'local') await fetch(DEFAULT_LOCAL_MODEL);
  else if (given.startsWith('local/')) await fetch(given.slice('local/'.length));
  return model;
}

/** Tools of the module, and those that write to the folder of results. */
async function toolsOf({ tools: path, out }: Settings): Promise<(NamedTool | ToolRecord)[]> {
  const { fileWriteTools, toTools } = await import('../action/index.ts');
  const tools: (NamedTool | ToolRecord)[] =
    path === undefined ? [] : toTools(await importTools(path), { origin: 'module' });
  if (out === undefined) return tools;
  try {
    makeFolder(out);
  } catch (problem) {
    throw new UsageError(
      `--out ${out} cannot be written to: ${troubleWith(problem)}. Name a folder, or a place for one.`,
    );
  }
  return [...tools, fileWriteTools(out)];
}

const namesOf = (tool: NamedTool | ToolRecord): string[] =>
  typeof tool.parseInput === 'function' ? [String(tool.name)] : Object.keys(tool);

/** Queries where a table is too large, and reading where a folder holds more than data. */
async function dataTools({ files }: Settings, { tables, others }: DataRead): Promise<ToolRecord> {
  const { fileReadTools, queryTableTool } = await import('../action/index.ts');
  const [folder, ...more] = [files ?? []].flat();
  const reads = folder !== undefined && more.length === 0 && others.length > 0 && (await stat(folder)).isDirectory();
  return { ...(tables === undefined ? {} : queryTableTool(tables)), ...(reads ? fileReadTools(folder) : {}) };
}

async function readFiles({ files }: Settings, reserved: readonly string[]): Promise<DataRead> {
  if (files === undefined) return { variables: [], skipped: [], others: [] };
  const { readData } = await import('../environment/index.ts');
  return readData(files, { reserved });
}

async function importTools(path: string): Promise<ToolRecord> {
  const module = await importModule(path, '--tools');
  const found = (module.default ?? { ...module }) as ToolRecord;
  if (typeof found === 'object' && Object.keys(found).length > 0) return found;
  throw new UsageError(`--tools ${path}: export tools by name, or a record of them as the default export.`);
}

async function importAgent(path: string): Promise<AgentOptions> {
  const { default: found } = await importModule(path, '--agent');
  if (typeof found === 'object' && found !== null && 'model' in found) return found as AgentOptions;
  throw new UsageError(`--agent ${path}: make the options of createAgent the default export.`);
}

async function importModule(path: string, option: string): Promise<{ [name: string]: unknown }> {
  try {
    return (await import(pathToFileURL(path).href)) as { [name: string]: unknown };
  } catch (problem) {
    throw new UsageError(`${option} ${path} could not be loaded: ${thrown(problem)}`);
  }
}
