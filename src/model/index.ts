/** Language models: the contract, a local model in process, every AI SDK provider, and wrappers. */
export { type AiSdkModel, type FromAiSdkOptions, fromAiSdk, isAiSdkModel } from './ai-sdk.ts';
export { type CachedModel, type CacheOptions, cache } from './cache.ts';
export { fallback } from './fallback.ts';
export { type LocalOptions, local } from './local.ts';
export { type MeteredModel, type MeterOptions, meter, type Reading } from './meter.ts';
export type {
  Constraint,
  Finish,
  Generate,
  Model,
  ModelAbilities,
  ModelListener,
  ModelReply,
  ModelRequest,
  ModelTool,
} from './model.ts';
export {
  DEFAULT_LOCAL_MODEL,
  hasModel,
  LOCAL_MODELS,
  type LocalModel,
  listModels,
  localModel,
  type ModelSource,
  modelPath,
  modelsFolder,
} from './models.ts';
export { costUsd, PRICES, PRICES_AS_OF, type Price } from './prices.ts';
export { PROVIDERS, type Provider } from './providers.ts';
export { type PullEvent, type PullOptions, pullModel } from './pull.ts';
export { type ResolveModelOptions, resolveModel } from './resolve.ts';
export { type RetryOptions, retry } from './retry.ts';
export { type ModelServer, type ServeModelOptions, serveModel } from './serve-model.ts';
export { modelWithSecrets } from './with-secrets.ts';
export { wrap } from './wrap.ts';
