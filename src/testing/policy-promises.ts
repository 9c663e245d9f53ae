/**
 * What every policy promises, as data: each runs them in its own test.
 *
 * @module
 */
import assert from 'node:assert/strict';
import type { Policy } from '../policy/index.ts';
import { isPoactError, ModelError } from '../record/index.ts';
import type { ContractPromise } from './contract-promise.ts';
import { contextOf, viewOf } from './policy-context.ts';
import { type ScriptedReply, scriptedModel } from './scripted-model.ts';

const TASK = { kind: 'task', parts: [{ text: 'How many files are there?' }] } as const;
const ACTED = { kind: 'decision', policy: 'test', decision: { kind: 'act', code: 'ls()' } } as const;
const SAW = { kind: 'observation', state: 'done', parts: [{ text: 'a.txt' }] } as const;

const REPLIES = {
  prose: 'There are 12 files.',
  program: 'Look:\n```ts\nls()\n```',
  calls: { calls: [{ id: 'c1', tool: 'ls', args: {} }] },
  nothing: '',
  nonsense: '```\n```ts\nObservation: {"answer"\nAction: [}\u0000',
} satisfies Record<string, ScriptedReply>;

const KINDS = ['think', 'act', 'candidates', 'call', 'ask', 'say', 'answer', 'widen', 'correct'];

/**
 * The promises of the `Policy` contract. `make` is called afresh for each.
 *
 * @example
 * ```ts
 * it.each(policyPromises(() => codeAct()))('$title', ({ run }) => run());
 * ```
 */
export function policyPromises(make: () => Policy): ContractPromise[] {
  const decide = (reply: ScriptedReply, policy = make(), view = viewOf(TASK, ACTED, SAW)) =>
    policy.decide(view, contextOf(scriptedModel(() => reply as never)));
  return [
    {
      title: 'has a name that does not change',
      async run() {
        assert.match(make().name, /^[a-z][\w-]*$/i);
        assert.equal(make().name, make().name);
      },
    },
    ...Object.entries(REPLIES).map(([title, reply]) => ({
      title: `decides something, whatever the model replies: ${title}`,
      async run() {
        const decision = await decide(reply);
        assert.ok(KINDS.includes(decision.kind), `decided ${JSON.stringify(decision)}`);
      },
    })),
    {
      title: 'decides on the task alone, and after an observation',
      async run() {
        for (const view of [viewOf(TASK), viewOf(TASK, ACTED, SAW)]) {
          assert.ok(KINDS.includes((await decide(REPLIES.prose, make(), view)).kind));
        }
      },
    },
    {
      title: 'keeps nothing between calls: one that decided before decides as a new one does',
      async run() {
        const used = make();
        await decide(REPLIES.program, used, viewOf(TASK));
        const view = () => viewOf(TASK, ACTED, SAW);
        const fields = ({ pull: _pull, ...rest }: { pull?: unknown }) => rest;
        assert.deepEqual(
          fields(await decide(REPLIES.prose, used, view())),
          fields(await decide(REPLIES.prose, make(), view())),
        );
      },
    },
    {
      title: 'appends nothing to the view, and changes no event',
      async run() {
        const view = viewOf(TASK, ACTED, SAW);
        const before = JSON.stringify(view.events());
        await decide(REPLIES.prose, make(), view);
        assert.equal(JSON.stringify(view.events()), before);
      },
    },
    {
      title: 'lets the model’s failure through, unchanged',
      async run() {
        const model = scriptedModel(() => {
          throw new ModelError('model-unauthorised', 'No key.');
        });
        const failing = make().decide(viewOf(TASK), contextOf(model));
        await failing.then(
          (decision) => assert.equal(model.requests.length, 0, `swallowed the failure: ${decision.kind}`),
          (error: unknown) => assert.ok(isPoactError(error) && error.code === 'model-unauthorised', String(error)),
        );
      },
    },
  ];
}
