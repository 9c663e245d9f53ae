/**
 * What an agent's secrets may not get into: everything that its tools and models give, and the log.
 *
 * @module
 */
import { type NamedTool, toolWithSecrets } from '../action/index.ts';
import { type Model, modelWithSecrets } from '../model/index.ts';
import type { Secrets } from '../record/index.ts';

export interface Discretion {
  tools: readonly NamedTool[];
  model: Model;
  /** Any other model, of a policy's own, under the same discretion. */
  discreet(model: Model): Model;
  /** A value as it may be written. */
  clean<Value>(value: Value): Value;
  /** Looks up what is referred to, so that it is kept out from a stretch's first event on. What is missing is said when it is called for. */
  learn(): Promise<void>;
}

/** Where nothing refers to a secret, tools and model stay as they are. */
export function discretion(tools: readonly NamedTool[], model: Model, secrets: Secrets): Discretion {
  const names = tools.flatMap((tool) => Object.values(tool.secrets ?? {}));
  const refers = names.length > 0 || model.tellSecrets !== undefined;
  const known = new WeakMap<Model, Model>();
  const discreet = (other: Model): Model => {
    if (!refers && other.tellSecrets === undefined) return other;
    const made = known.get(other) ?? modelWithSecrets(other, secrets);
    known.set(other, made);
    return made;
  };
  return {
    tools: refers ? tools.map((tool) => toolWithSecrets(tool, secrets)) : tools,
    model: discreet(model),
    discreet,
    clean: secrets.redact,
    async learn() {
      if (!refers) return;
      const asked = names.map(({ secret }) => secrets.find(secret));
      await Promise.allSettled([...asked, model.tellSecrets?.(secrets)]);
    },
  };
}
