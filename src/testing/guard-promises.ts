/**
 * What every guard promises, as data: each runs them in its own test.
 *
 * @module
 */
import assert from 'node:assert/strict';
import type { Guard } from '../guard/index.ts';
import type { Effect, ToolFacts, ToolOrigin } from '../record/index.ts';
import type { ContractPromise } from './contract-promise.ts';
import { viewOf } from './policy-context.ts';

/** The facts of a tool, with what a test is about. */
export function toolFacts(facts: Partial<ToolFacts> = {}): ToolFacts {
  return {
    name: 'order',
    description: 'Orders an item',
    effect: 'unknown',
    origin: 'code',
    idempotent: false,
    needsApproval: false,
    poll: false,
    digest: 'd',
    ...facts,
  };
}

const EFFECTS: Effect[] = ['read', 'reversible', 'compensable', 'irreversible', 'unknown'];
const ORIGINS: ToolOrigin[] = ['code', 'module', 'shipped', 'mcp', 'openapi'];

/**
 * The promises of the `Guard` contract. `make` is called afresh for each.
 *
 * @example
 * ```ts
 * it.each(guardPromises(() => byEffect()))('$title', ({ run }) => run());
 * ```
 */
export function guardPromises(make: () => Guard): ContractPromise[] {
  const kinds = EFFECTS.flatMap((effect) => ORIGINS.map((origin) => toolFacts({ effect, origin })));
  const judge = (guard: Guard, tool: ToolFacts, args = {}) =>
    guard.judge({ id: '1.1', tool: tool.name, args }, { view: viewOf({ kind: 'task', parts: [] }), tool });
  return [
    {
      title: 'gives a verdict with the rule and the reason, for every effect and origin',
      async run() {
        for (const tool of kinds) {
          const { verdict, rule, reason } = await judge(make(), tool);
          assert.ok(['allow', 'ask', 'deny'].includes(verdict), verdict);
          assert.match(rule, /^[a-z][\w-]*$/);
          assert.ok(reason.length > 0);
        }
      },
    },
    {
      title: 'judges equal calls alike',
      async run() {
        const guard = make();
        for (const tool of kinds) assert.deepEqual(await judge(guard, tool), await judge(guard, tool));
      },
    },
    {
      title: 'changes neither the call nor the view',
      async run() {
        const view = viewOf({ kind: 'task', parts: [{ text: 'Go.' }] });
        const call = { id: '1.1', tool: 'order', args: { item: 'lamp' } };
        const before = JSON.stringify([call, view.events()]);
        await make().judge(call, { view, tool: toolFacts() });
        assert.equal(JSON.stringify([call, view.events()]), before);
      },
    },
    {
      title: 'is not stricter with a tool that only reads than with the same tool that may do anything',
      async run() {
        const rank = { allow: 0, ask: 1, deny: 2 };
        for (const origin of ORIGINS) {
          const [read, unknown] = await Promise.all(
            (['read', 'unknown'] as const).map((effect) => judge(make(), toolFacts({ origin, effect }))),
          );
          assert.ok(rank[read?.verdict ?? 'deny'] <= rank[unknown?.verdict ?? 'allow']);
        }
      },
    },
  ];
}
