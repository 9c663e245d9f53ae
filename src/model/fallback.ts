/**
 * Asks the next model when one fails.
 *
 * What nobody could answer better (a cancelled call, an option that cannot work) is thrown as it is; so is a failure
 * after a listener has heard the beginning of a reply.
 *
 * @module
 */
import { isPoactError, ModelError, OptionError } from '../record/index.ts';
import type { Model, ModelAbilities } from './model.ts';

/**
 * Builds a model that asks `models` in order until one answers. It can what all of them can.
 *
 * @throws {OptionError} no models are given.
 */
export function fallback(...models: readonly Model[]): Model {
  const [first] = models;
  if (first === undefined) throw new OptionError('models', 'expected at least one model.');
  return {
    id: models.map(({ id }) => id).join(' | '),
    can: common(models.map(({ can }) => can)),
    async generate(request, on) {
      let heard = false;
      const listener = on && {
        delta(text: string) {
          heard = true;
          on.delta(text);
        },
      };
      const problems: ModelError[] = [];
      for (const model of models) {
        try {
          return await model.generate(request, listener);
        } catch (problem) {
          if (heard || !isModelError(problem)) throw problem;
          problems.push(problem);
        }
      }
      if (problems.length === 1) throw problems[0];
      const said = problems.map(({ message }, at) => `${models[at]!.id}: ${message}`);
      throw new ModelError(
        problems.at(-1)!.code as ModelError['code'] & `model-${string}`,
        `No model answered. ${said.join(' ')}`,
        { codes: problems.map(({ code }) => code), retryable: problems.some(({ retryable }) => retryable) },
      );
    },
    ...(models.every(({ tellSecrets }) => tellSecrets === undefined)
      ? {}
      : {
          tellSecrets: async (secrets) => void (await Promise.all(models.map((model) => model.tellSecrets?.(secrets)))),
        }),
    async close() {
      await Promise.all(models.map((model) => model.close?.()));
    },
  };
}

const isModelError = (problem: unknown): problem is ModelError =>
  isPoactError(problem) && problem.code.startsWith('model-');

function common(all: readonly ModelAbilities[]): ModelAbilities {
  const every = (name: Exclude<keyof ModelAbilities, 'contextTokens'>) => all.every((can) => can[name]);
  return {
    contextTokens: Math.min(...all.map(({ contextTokens }) => contextTokens)),
    tools: every('tools'),
    schema: every('schema'),
    grammar: every('grammar'),
    prefill: every('prefill'),
    seed: every('seed'),
    prefix: every('prefix'),
  };
}
