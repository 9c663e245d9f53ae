/**
 * A second look at the path by a model, after the rules found nothing.
 *
 * @module
 */
import { cutMiddle, type PathVerdict, textOf } from '../record/index.ts';
import type { RunContext } from './action.ts';
import { history, taskText } from './history.ts';
import { GO_ON } from './review-path.ts';

const QUESTION = `You review the path of an agent. Judge only whether the last step leads on to the task.
Reply with one word, then a colon and a reason of one sentence:
go-on: the observation is a step towards the answer.
retry: the program did not do what the task needs; it should be written again.
replan: the path leads elsewhere; another plan is needed.`;

/** Asks the agent's model. A reply that cannot be read lets the run go on. */
export async function reviewByModel(run: RunContext): Promise<PathVerdict> {
  const past = run.view.project(history);
  const last = past.observations.at(-1);
  if (last === undefined) return GO_ON;
  const program = past.programs.get(last.of)?.code;
  const said = [
    `Task: ${cutMiddle(taskText(past), 2_000)}`,
    ...(program === undefined ? [] : [`Program:\n${cutMiddle(program, 2_000)}`]),
    `Observation: ${cutMiddle(textOf(last.parts), 2_000)}`,
  ];
  const reply = await run.generate({
    messages: [
      { role: 'system', parts: [{ text: QUESTION }] },
      { role: 'user', parts: [{ text: said.join('\n\n') }] },
    ],
    maxTokens: 80,
    purpose: 'review',
    signal: run.signal,
  });
  return verdictIn(reply.text, last.of) ?? GO_ON;
}

function verdictIn(text: string, of: number): PathVerdict | undefined {
  const found = /^\W*(retry|replan)\b\W*(.*)/is.exec(text.trim());
  if (found === null) return undefined;
  const verdict = found[1]?.toLowerCase() as 'retry' | 'replan';
  const reason = cutMiddle(found[2]?.trim() || 'The model’s review found no way on.', 400);
  return { verdict, rule: 'model', reason, ...(verdict === 'retry' ? { prune: [of] } : {}) };
}
