/**
 * What the loop writes, event by event. What says nothing is left out, so that a step is short in the log.
 *
 * @module
 */
import type { Decision, NewEvent, PathVerdict, RunEvent, Verdict } from '../record/index.ts';
import type { RunLog } from './log.ts';

export function loopEvents(log: RunLog, policy: string) {
  return {
    decision({ selection, call, pull: _pull, ...decision }: Decision, by: 'policy' | 'action'): RunEvent<'decision'> {
      const event: NewEvent<'decision'> = { kind: 'decision', by, policy, decision };
      if (selection !== undefined) event.selection = selection;
      if (call !== undefined) event.call = call;
      return log.append<'decision'>(event);
    },
    review({ seq, decision }: RunEvent<'decision'>, judged: Verdict): RunEvent<'review'> {
      const { verdict, rule, reason, findings, amended, answer, prune = true } = judged;
      const what = decision.kind === 'answer' ? 'answer' : 'decision';
      const event: NewEvent<'review'> = { kind: 'review', by: 'action', of: seq, what, verdict, rule };
      if (verdict !== 'pass') event.reason = reason;
      if (findings.length > 0) event.findings = findings;
      if (amended !== undefined) event.amended = amended;
      if (answer !== undefined) event.answer = answer;
      if (verdict === 'block' && prune) event.prune = [seq];
      return log.append<'review'>(event);
    },
    path(of: number, { verdict, rule, reason, prune, answer, rests }: PathVerdict): void {
      const event: NewEvent<'review'> = { kind: 'review', by: 'action', of, what: 'path', verdict, rule };
      if (verdict !== 'go-on') event.reason = reason;
      if (prune !== undefined && prune.length > 0) event.prune = prune;
      if (answer !== undefined) event.answer = answer;
      if (rests !== undefined) event.rests = rests;
      log.append<'review'>(event);
    },
    say(cause: number, text: string): void {
      log.append<'message'>({ kind: 'message', by: 'policy', cause, from: 'agent', to: 'user', parts: [{ text }] });
    },
    question(cause: number, { question, choices }: Extract<Decision, { kind: 'ask' }>): RunEvent<'question'> {
      const id = `q${cause}`;
      return log.append<'question'>({
        kind: 'question',
        by: 'policy',
        cause,
        id,
        question,
        ...(choices && { choices }),
      });
    },
    reply(to: string, text: string): void {
      log.append<'reply'>({ kind: 'reply', by: 'user', to, parts: [{ text }] });
    },
  };
}
