/**
 * Replies that arms share: arms that ask a task's question in the same words, with the same seed, are given the same
 * reply, and each is charged what it cost, in tokens and in time.
 *
 * Arms that differ in one part ask the same first question; asking the model once makes the comparison paired to the
 * byte, and hours of measuring shorter.
 *
 * @module
 */
import type { Model, ModelReply, ModelRequest } from '../src/model/index.ts';
import { digestOf, type Json } from '../src/record/index.ts';

export interface SharedReplies {
  model: Model;
  /** Seconds of model time that were given without being spent since the last call of this. */
  spared(): number;
  /** Every reply so far, with the beginning that was written for the model. */
  texts(): string[];
}

/** Wraps a model for one task and all its arms. Arms run one after another. */
export function sharedReplies(model: Model, now: () => number = () => performance.now()): SharedReplies {
  const kept = new Map<string, { reply: ModelReply; ms: number; prefill: string }>();
  let sparedMs = 0;
  return {
    model: {
      ...model,
      async generate(request, on) {
        const key = digestOf(asked(request));
        const known = kept.get(key);
        if (known !== undefined) {
          request.signal?.throwIfAborted();
          sparedMs += known.ms;
          on?.delta(known.reply.text);
          return known.reply;
        }
        const began = now();
        const reply = await model.generate(request, on);
        kept.set(key, { reply, ms: now() - began, prefill: request.prefill ?? '' });
        return reply;
      },
    },
    spared() {
      const seconds = sparedMs / 1000;
      sparedMs = 0;
      return seconds;
    },
    texts: () => [...kept.values()].map(({ reply, prefill }) => prefill + reply.text),
  };
}

/** What decides a reply. */
const asked = ({ signal: _signal, ...request }: ModelRequest): Json => JSON.parse(JSON.stringify(request)) as Json;
