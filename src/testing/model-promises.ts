/**
 * What every model promises, as data: run them in the test of each one.
 *
 * @module
 */
import assert from 'node:assert/strict';
import type { Model, ModelReply, ModelRequest } from '../model/index.ts';
import { CancelledError, isPoactError, type Message } from '../record/index.ts';
import type { ContractPromise } from './contract-promise.ts';

const ask = (text: string): Message[] => [{ role: 'user', parts: [{ text }] }];
const colours: ModelRequest = { messages: ask('Name three colours.'), maxTokens: 24 };

/**
 * The promises of the `Model` contract.
 *
 * @param open Gives the model, ready to reply to anything with some text. It is called afresh for each promise.
 * @example
 * ```ts
 * it.each(modelPromises(() => scriptedModel(() => 'red, green')))('$title', ({ run }) => run());
 * ```
 */
export function modelPromises(open: () => Model | Promise<Model>): ContractPromise[] {
  const promise = (title: string, check: (model: Model) => Promise<void>): ContractPromise => ({
    title,
    async run() {
      const model = await open();
      try {
        await check(model);
      } finally {
        await model.close?.();
      }
    },
  });

  return [
    promise('has an id, and says what it can', async (model) => {
      assert.ok(model.id.length > 0);
      const { contextTokens, ...flags } = model.can;
      assert.ok(Number.isInteger(contextTokens) && contextTokens >= 1, `contextTokens is ${contextTokens}`);
      for (const name of ['tools', 'schema', 'grammar', 'prefill', 'seed', 'prefix'] as const) {
        assert.equal(typeof flags[name], 'boolean', `can.${name}`);
      }
    }),
    promise('replies with text, an end, and whole numbers of tokens', async (model) => {
      requireReply(await model.generate(colours));
    }),
    promise('lets a listener hear the text that it replies, no more and no less', async (model) => {
      let heard = '';
      const reply = await model.generate(colours, {
        delta(text) {
          heard += text;
        },
      });
      assert.equal(heard, reply.text);
    }),
    promise('ends its text before a stop string, which it does not show', async (model) => {
      const whole = await model.generate(colours);
      const mark = whole.text.slice(1, 3);
      if (mark.length < 2) return;
      let heard = '';
      const reply = await model.generate(
        { ...colours, stop: [mark] },
        {
          delta(text) {
            heard += text;
          },
        },
      );
      assert.ok(!reply.text.includes(mark), `${JSON.stringify(reply.text)} holds ${JSON.stringify(mark)}`);
      assert.ok(!heard.includes(mark));
    }),
    promise('leaves the request as it was', async (model) => {
      const request: ModelRequest = structuredClone(colours);
      const before = structuredClone(request);
      await model.generate(request);
      assert.deepEqual(request, before);
    }),
    promise(
      'does not begin when the signal is aborted, and throws its reason or that it was cancelled',
      async (model) => {
        const reason = new Error('out of time');
        for (const signal of [AbortSignal.abort(), AbortSignal.abort(reason)]) {
          const thrown: unknown = await model.generate({ ...colours, signal }).then(
            () => assert.fail('it replied'),
            (problem: unknown) => problem,
          );
          const cancelled = thrown instanceof CancelledError || (isPoactError(thrown) && thrown.code === 'cancelled');
          assert.ok(cancelled || thrown === reason, String(thrown));
        }
      },
    ),
    promise('answers several at once, each for itself', async (model) => {
      const replies = await Promise.all([model.generate(colours), model.generate(colours)]);
      for (const reply of replies) requireReply(reply);
    }),
    promise('closes, and closes again', async (model) => {
      await model.close?.();
      await model.close?.();
    }),
  ];
}

function requireReply(reply: ModelReply): void {
  assert.equal(typeof reply.text, 'string');
  assert.ok(['stop', 'length', 'calls', 'filter', 'other'].includes(reply.finish), reply.finish);
  const { sent, evaluated, written } = reply.usage;
  for (const count of [sent, evaluated, written]) assert.ok(Number.isInteger(count) && count >= 0, `${count}`);
  assert.ok(evaluated <= sent, `${evaluated} evaluated of ${sent} sent`);
}
