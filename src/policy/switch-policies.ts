/**
 * A policy made of policies: a controller says which of them takes each step (PoAct's policy controller).
 *
 * @module
 */
import { OptionError } from '../record/index.ts';
import type { Policy, PolicyController } from './policy.ts';

export interface SwitchPoliciesOptions {
  /** By the names that the controller uses. */
  policies: { readonly [name: string]: Policy };
  controller: PolicyController;
  /** @default 'switch' */
  name?: string;
}

/**
 * Builds a policy that hands each step to one of several. Every choice is logged with its rule and reason.
 *
 * @throws {OptionError} no policies are given; or, when a step is decided, the controller names one that is not there.
 * @example
 * ```ts
 * const policy = switchPolicies({ policies: { plan: plan(), thought: thought(), code: code(), answer: answer(), read: read() }, controller: poactController() });
 * ```
 */
export function switchPolicies({ policies, controller, name = 'switch' }: SwitchPoliciesOptions): Policy {
  const names = Object.keys(policies);
  if (names.length === 0) throw new OptionError('policies', 'give at least one policy.');
  return {
    name,
    version: names.map((key) => `${key}=${policies[key]?.name}${policies[key]?.version ?? ''}`).join(','),
    async decide(view, context) {
      const { policy, rule, reason } = await controller.choose(view);
      const chosen = policies[policy];
      if (chosen === undefined)
        throw new OptionError('controller', `chose \`${policy}\`, and the policies are ${names.join(', ')}.`);
      context.switched(policy, rule, reason);
      return chosen.decide(view, context);
    },
  };
}
