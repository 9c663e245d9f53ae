/**
 * From a model's name to the model: `local`, `openai/gpt-5`, `ollama/qwen3`, `http://host/v1#name`, `./file.gguf`.
 *
 * A name is judged at once; packages and weights are needed on the first call only.
 *
 * @module
 */

import { type EnvVars, importPackage, ModelError, type Secret, type Secrets, secretsOf } from '../record/index.ts';
import { type AiSdkModel, type FromAiSdkOptions, fromAiSdk, isAiSdkModel } from './ai-sdk.ts';
import { local } from './local.ts';
import type { Model } from './model.ts';
import { LOCAL_MODELS } from './models.ts';
import { PROVIDERS, type Provider } from './providers.ts';

/** What {@link resolveModel} may be told. */
export interface ResolveModelOptions extends Omit<FromAiSdkOptions, 'id'> {
  /** Where keys and hosts are read from. @default process.env */
  env?: EnvVars;
  /** The provider's key. @default the environment variables that docs/model.md names */
  apiKey?: Secret;
}

/**
 * Finds a model by its name. A model, or a language model of the AI SDK, is taken as it is.
 *
 * @throws {ModelError} `model-unknown`: the name has no form that is known.
 * @example
 * ```ts
 * const model = resolveModel('anthropic/claude-sonnet-4-5');
 * ```
 */
export function resolveModel(name: string | Model | AiSdkModel, options: ResolveModelOptions = {}): Model {
  const { env = process.env, ...rest } = options;
  if (typeof name !== 'string') return isAiSdkModel(name) ? fromAiSdk(name, options) : name;
  const size = rest.contextTokens === undefined ? {} : { contextTokens: rest.contextTokens };
  if (name === 'local') return local({ env, ...size });
  if (name.startsWith('local/')) return local({ model: name.slice('local/'.length), env, ...size });
  if (name.endsWith('.gguf')) return local({ model: name, env, ...size });
  if (/^https?:\/\//.test(name)) return atUrl(name, env, rest);

  const slash = name.indexOf('/');
  const provider = slash < 0 ? undefined : PROVIDERS[name.slice(0, slash)];
  if (provider === undefined || slash === name.length - 1) throw unknown(name);
  return provided(name, provider, name.slice(slash + 1), env, rest);
}

/** Any OpenAI-compatible server: `http://127.0.0.1:8080/v1#name`. */
function atUrl(name: string, env: EnvVars, options: Omit<ResolveModelOptions, 'env'>): Model {
  const { origin, pathname, hash } = new URL(name);
  const modelId = decodeURIComponent(hash.slice(1));
  if (modelId === '') {
    throw new ModelError('model-unknown', `Name the model after a #: ${origin}${pathname}#model.`, { name });
  }
  const server: Provider = {
    ...PROVIDERS.ollama!,
    keys: ['POACT_API_KEY'],
    url: () => `${origin}${pathname.replace(/\/$/, '')}`,
  };
  return provided(`${origin}${pathname.replace(/\/$/, '')}#${modelId}`, server, modelId, env, options);
}

function provided(
  id: string,
  provider: Provider,
  modelId: string,
  env: EnvVars,
  options: Omit<ResolveModelOptions, 'env'>,
): Model {
  const { apiKey: reference, ...given } = options;
  const settings = { contextTokens: provider.contextTokens, ...given, id };
  const keyFrom = async (secrets: Secrets): Promise<string | undefined> => {
    if (reference !== undefined) return secrets.resolve(reference);
    for (const variable of provider.keys) {
      const key = env[variable];
      if (key === undefined || key === '') continue;
      secrets.know(variable, key);
      return key;
    }
    return undefined;
  };
  const load = async (apiKey: string | undefined) => {
    const library = await importPackage<Record<string, unknown>>(provider.package, `The model ${id}`, env);
    const create = library[provider.create] as (options: object) => (modelId: string) => AiSdkModel;
    if (apiKey === undefined && provider.needsKey) {
      throw new ModelError('model-unauthorised', `${id} needs a key: set ${provider.keys.join(' or ')}.`, {
        model: id,
      });
    }
    const url = provider.url?.(env);
    return create({
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(url === undefined
        ? {}
        : { baseURL: url, name: 'compatible', includeUsage: true, supportsStructuredOutputs: true }),
    })(modelId);
  };
  const abilities = fromAiSdk(NOT_LOADED, settings);
  let made: { key: string | undefined; model: Promise<Model> } | undefined;
  return {
    ...abilities,
    ...(reference === undefined && provider.keys.length === 0
      ? {}
      : {
          async tellSecrets(secrets) {
            await keyFrom(secrets);
            await abilities.tellSecrets?.(secrets);
          },
        }),
    /** Made on the first call, again where making it failed, and again when the key has changed. */
    async generate(request, on) {
      const { secrets = secretsOf((name) => env[name]) } = request;
      const key = await keyFrom(secrets);
      if (made === undefined || made.key !== key) {
        made = { key, model: load(key).then((loaded) => fromAiSdk(loaded, settings)) };
      }
      const model = await made.model.catch((problem: unknown) => {
        made = undefined;
        throw secrets.redactError(problem);
      });
      return model.generate({ ...request, secrets }, on);
    },
  };
}

/** Stands in where only the abilities are asked for. */
const NOT_LOADED: AiSdkModel = {
  specificationVersion: 'v4',
  provider: 'none',
  modelId: 'none',
  doGenerate: () => Promise.reject(new Error('not loaded')),
  doStream: () => Promise.reject(new Error('not loaded')),
};

function unknown(name: string): ModelError {
  const locals = LOCAL_MODELS.filter(({ kind }) => kind === 'language').map((model) => `local/${model.name}`);
  const forms = [
    'local',
    ...locals,
    ...Object.keys(PROVIDERS).map((provider) => `${provider}/…`),
    'http://host/v1#model',
    'path.gguf',
  ];
  return new ModelError('model-unknown', `No model is called ${name}. Say one of: ${forms.join(', ')}.`, { name });
}
