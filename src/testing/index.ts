/** Doubles and promises: what tests of agents, and of implementations of the contracts, are made of. */
export type { ContractPromise } from './contract-promise.ts';
export { type EnvironmentFacts, environmentPromises } from './environment-promises.ts';
export { FAILPOINTS, type Failpoint, failpointOf } from './failpoints.ts';
export { type FakeClock, type FakeClockOptions, fakeClock } from './fake-clock.ts';
export { guardPromises, toolFacts } from './guard-promises.ts';
export { modelPromises } from './model-promises.ts';
export { contextOf, type LooseEvent, type TestContext, viewOf } from './policy-context.ts';
export { policyPromises } from './policy-promises.ts';
export { type ContextOptions, contextFor, type TestRun } from './run-context.ts';
export { sandboxPromises } from './sandbox-promises.ts';
export {
  type ScriptedModel,
  type ScriptedModelOptions,
  type ScriptedReply,
  type ScriptedWords,
  scriptedModel,
} from './scripted-model.ts';
export { storePromises } from './store-promises.ts';
export type { TestedStore } from './store-scene.ts';
export { taskSetPromises } from './task-set-promises.ts';
export { type TestedTool, toolPromises } from './tool-promises.ts';
