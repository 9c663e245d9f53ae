/**
 * A model that stops answering once a task has sent its budget of tokens: the same for every arm, whatever it does with them.
 *
 * @module
 */
import { type Model, wrap } from '../model/index.ts';
import { BudgetError, textOf } from '../record/index.ts';

/**
 * Wraps a model for one attempt. A call whose prompt would pass the budget is refused, where the model can count it before.
 *
 * @throws {BudgetError} from `generate`: the budget is spent.
 */
export function sentBudget(model: Model, { sentTokens }: { sentTokens: number }): Model {
  let sent = 0;
  return wrap(model, {
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
  });
}
