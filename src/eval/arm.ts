/**
 * Arms: the agents that an experiment compares, and those that every comparison needs beside them.
 *
 * @module
 */
import { actionController } from '../action/index.ts';
import type { Model } from '../model/index.ts';
import { digestOf, type Json, ModelError, seededRandom } from '../record/index.ts';
import { type AgentOptions, POACT_PARTS, type PoactOptions, type PoactPart, without } from '../run/index.ts';
import type { EvalTask, World } from './task-set.ts';

/**
 * What an arm gives an agent. Store and seed are the experiment's, tools are beside those of the world; every call is allowed
 * unless it gives a guard.
 */
export type ArmAgent = Pick<
  AgentOptions,
  'model' | 'tools' | 'policy' | 'action' | 'guard' | 'limits' | 'secrets' | 'price'
>;

/** What an arm's agent is made for. */
export interface Scene {
  task: EvalTask;
  world: World;
  seed: number;
}

/** One way to do the tasks. */
export interface Arm {
  /** Stands for what the agent is: in one experiment, another agent is another name. */
  name: string;
  /** Called for each attempt. A model that is costly to load is made once, outside. */
  agent(scene: Scene): ArmAgent | Promise<ArmAgent>;
}

/**
 * An agent, and the same without each of its parts.
 *
 * @example
 * ```ts
 * import { ablations } from 'poact/eval';
 * import { poact } from 'poact/run';
 *
 * ablations((options) => ({ model, ...poact(options) }), { parts: ['plan', 'review'] }); // poact, poact - plan, poact - review
 * ```
 */
export function ablations(
  agent: (options: PoactOptions) => ArmAgent | Promise<ArmAgent>,
  { name = 'poact', parts = POACT_PARTS }: { /** @default 'poact' */ name?: string; parts?: readonly PoactPart[] } = {},
): Arm[] {
  const whole: Arm = { name, agent: () => agent({}) };
  return [whole, ...parts.map((part): Arm => ({ name: `${name} - ${part}`, agent: () => agent(without(part)) }))];
}

/** The ceiling: each world's own solution. A world without one is failed. */
export const oracleArm = (): Arm => ({
  name: 'oracle',
  agent: ({ world }) =>
    answering('oracle', async () => {
      if (world.oracle === undefined) throw new Error('This world has no oracle.');
      return world.oracle();
    }),
});

/** The floor: each world's answer by chance. A world without one is failed. */
export const randomArm = (): Arm => ({
  name: 'random',
  agent: ({ world, task, seed }) =>
    answering('random', async () => {
      if (world.guess === undefined) throw new Error('This world has no guess.');
      return world.guess(seededRandom(Number.parseInt(digestOf([task.id, seed]).slice(0, 8), 16)).next);
    }),
});

/** An agent that asks no model and gives an answer at once. */
export function answering(name: string, answer: () => Promise<Json | undefined>): ArmAgent {
  return {
    model: noModel,
    policy: { name, decide: async () => ({ kind: 'answer', value: (await answer()) ?? null }) },
    action: actionController({ format: 'json', review: { types: false, answers: false, path: false } }),
  };
}

const noModel: Model = {
  id: 'none',
  can: { contextTokens: 1, tools: false, schema: false, grammar: false, prefill: false, seed: false, prefix: false },
  generate: async () => {
    throw new ModelError('model-failed', 'This arm has no model.', {});
  },
};
