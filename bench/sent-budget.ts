/**
 * A model that stops answering once a task has sent its budget of tokens: the same for every arm, whatever it does with them.
 *
 * @module
 */
import type { Model } from '../src/model/index.ts';
import { BudgetError, textOf } from '../src/record/index.ts';

/** Wraps a model for one task. A call whose prompt would pass the budget is refused, where the model can count it before. */
export function sentBudget(model: Model, { sentTokens }: { sentTokens: number }): Model {
  let sent = 0;
  return {
    id: model.id,
    can: model.can,
    ...(model.tokenize === undefined ? {} : { tokenize: (text: string) => model.tokenize!(text) }),
    async generate(request, on) {
      const prompt = request.messages.map(({ parts }) => textOf(parts)).join('\n');
      const next = (await model.tokenize?.(prompt))?.length ?? 0;
      if (sent + next > sentTokens) {
        const message = `The task's budget of ${sentTokens} sent tokens is spent: ${sent} sent, ${next} more asked for.`;
        throw new BudgetError('sentTokens', message, { sent, of: sentTokens });
      }
      const reply = await model.generate(request, on);
      sent += reply.usage.sent;
      return reply;
    },
  };
}
