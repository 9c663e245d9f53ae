/**
 * A model that stops answering once a task has sent its budget of tokens: the same for every arm, whatever it does with them.
 *
 * @module
 */
import { type Model, wrap } from '../model/index.ts';
import { BudgetError, textOf } from '../record/index.ts';

/**
 * Wraps a model for one attempt. A call whose prompt would pass the budget is refused, where the model can count it before. What calls
 * that are under way may send is set aside: several at once pass no budget that they would keep one after another.
 *
 * @throws {BudgetError} from `generate`: the budget is spent.
 */
export function sentBudget(model: Model, { sentTokens }: { sentTokens: number }): Model {
  let sent = 0;
  let aside = 0;
  return wrap(model, {
    async generate(request, on) {
      const prompt = request.messages.map(({ parts }) => textOf(parts)).join('\n');
      const next = (await model.tokenize?.(prompt))?.length ?? 0;
      if (sent + aside + next > sentTokens) {
        const message = `The task's budget of ${sentTokens} sent tokens is spent: ${sent + aside} sent, ${next} more asked for.`;
        throw new BudgetError('sentTokens', message, { sent: sent + aside, of: sentTokens });
      }
      aside += next;
      try {
        const reply = await model.generate(request, on);
        sent += reply.usage.sent;
        return reply;
      } finally {
        aside -= next;
      }
    },
  });
}
