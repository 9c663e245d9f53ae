/**
 * From settings to an agent with its data.
 *
 * @module
 */
import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { ToolRecord } from '../action/index.ts';
import type { DataRead } from '../environment/index.ts';
import type { Model } from '../model/index.ts';
import type { Agent, AgentOptions, RunStore } from '../run/index.ts';
import { UsageError } from './exit-codes.ts';
import type { Io } from './io.ts';
import { parseBudget, type Settings } from './settings.ts';

export const DEFAULT_MODEL = 'local';

/** What a command runs. */
export interface BuiltAgent {
  agent: Agent;
  data: DataRead;
  close(): Promise<void>;
}

/** The model of the settings. Nothing is fetched yet. */
export async function modelOf(settings: Settings, io: Io): Promise<Model> {
  const name = settings.model ?? DEFAULT_MODEL;
  const given = io.model?.(name);
  if (given !== undefined) return given;
  const { resolveModel } = await import('../model/index.ts');
  return resolveModel(name, { env: io.env });
}

/** Which model of the catalogue a name needs; `undefined` for one that is elsewhere. */
export async function catalogueName(name: string): Promise<string | undefined> {
  const { DEFAULT_LOCAL_MODEL, localModel } = await import('../model/index.ts');
  if (name === 'local') return DEFAULT_LOCAL_MODEL;
  if (!name.startsWith('local/') || name.endsWith('.gguf')) return undefined;
  return localModel(name.slice('local/'.length)).name;
}

/** Builds the agent, and reads the files. */
export async function buildAgent(settings: Settings, model: Model, store: RunStore): Promise<BuiltAgent> {
  const { createAgent } = await import('../run/index.ts');
  if (settings.agent !== undefined) {
    const options = await importDefault<AgentOptions>(settings.agent, '--agent');
    const agent = createAgent({
      ...options,
      store,
      ...(settings.model === undefined && options.model !== undefined ? {} : { model }),
    });
    const data = await readFiles(settings, Object.keys(options.tools ?? {}));
    return { agent, data, close: async () => data.tables?.close() };
  }
  const tools = await toolsOf(settings);
  const data = await readFiles(settings, Object.keys(tools));
  Object.assign(tools, await dataTools(settings, data));
  const limits = {
    ...(settings.steps === undefined ? {} : { steps: settings.steps }),
    ...(settings.budget === undefined ? {} : parseBudget(settings.budget)),
  };
  const agent = createAgent({ model, tools, store, limits, ...(await policyOf(settings)) });
  return { agent, data, close: async () => data.tables?.close() };
}

/** Tools of the module, and those that write to the folder of results. */
async function toolsOf({ tools: path, out }: Settings): Promise<ToolRecord> {
  const tools: ToolRecord = {};
  if (path !== undefined) {
    const { toTools } = await import('../action/index.ts');
    const found = await importTools(path);
    for (const one of toTools(found, { origin: 'module' }))
      tools[one.name] = { ...found[one.name], origin: 'module' } as ToolRecord[string];
  }
  if (out !== undefined) {
    const { fileWriteTools } = await import('../action/index.ts');
    const { mkdir } = await import('node:fs/promises');
    await mkdir(out, { recursive: true });
    Object.assign(tools, fileWriteTools(out));
  }
  return tools;
}

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

async function policyOf({ policy = 'poact' }: Settings): Promise<Pick<AgentOptions, 'policy'>> {
  if (policy === 'poact') return {};
  const { codeAct, react } = await import('../policy/index.ts');
  return { policy: policy === 'react' ? react() : codeAct() };
}

async function importTools(path: string): Promise<ToolRecord> {
  const module = await importModule(path, '--tools');
  const found = (module.default ?? module) as ToolRecord;
  if (typeof found !== 'object' || Object.keys(found).length === 0) {
    throw new UsageError(`--tools ${path}: export tools by name, or a record of them as the default export.`);
  }
  return found;
}

async function importDefault<T extends object>(path: string, option: string): Promise<T> {
  const { default: found } = await importModule(path, option);
  if (typeof found === 'object' && found !== null) return found as T;
  throw new UsageError(`${option} ${path}: make the options of createAgent the default export.`);
}

async function importModule(path: string, option: string): Promise<{ [name: string]: unknown }> {
  try {
    return (await import(pathToFileURL(path).href)) as { [name: string]: unknown };
  } catch (problem) {
    throw new UsageError(`${option} ${path} could not be loaded: ${(problem as Error).message}`);
  }
}
