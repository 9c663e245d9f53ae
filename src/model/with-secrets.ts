/**
 * A model that is given its secrets, and says none.
 *
 * @module
 */
import type { Secrets } from '../record/index.ts';
import type { Model } from './model.ts';
import { wrap } from './wrap.ts';

/**
 * The same model: it looks its secrets up in `secrets`, and prompts, replies, what a listener hears, and errors are without
 * any value that `secrets` knows.
 */
export function modelWithSecrets(model: Model, secrets: Secrets): Model {
  return {
    ...wrap(model, {
      async generate(request, on) {
        const { messages, tools } = request;
        const clean = {
          messages: secrets.redact(messages),
          ...(tools === undefined ? {} : { tools: secrets.redact(tools) }),
        };
        const heard = on && secrets.stream((text) => on.delta(text));
        try {
          const reply = await model.generate({ ...request, ...clean, secrets }, heard && { delta: heard.write });
          const left = secrets.redact(reply);
          // Tokens would spell what the text no longer says.
          if (left.text === reply.text) return left;
          const { tokens: _tokens, logprobs: _logprobs, ...rest } = left;
          return rest;
        } catch (problem) {
          throw secrets.redactError(problem);
        } finally {
          heard?.end();
        }
      },
    }),
    get can() {
      return model.can;
    },
  };
}
