/**
 * What every wrapper does alike: all of a model, with some of it replaced.
 *
 * @module
 */
import type { Model } from './model.ts';

/** A model that is another one but for what is given. Optional abilities stay left out where the model lacks them. */
export function wrap(model: Model, changed: Partial<Model>): Model {
  return {
    id: model.id,
    can: model.can,
    generate: (request, on) => model.generate(request, on),
    ...(model.tokenize === undefined ? {} : { tokenize: (text: string) => model.tokenize!(text) }),
    ...(model.score === undefined ? {} : { score: model.score.bind(model) }),
    ...(model.tellSecrets === undefined ? {} : { tellSecrets: (secrets) => model.tellSecrets!(secrets) }),
    ...(model.close === undefined ? {} : { close: () => model.close!() }),
    ...changed,
  };
}
