/**
 * What the loop writes, event by event. What says nothing is left out, so that a step is short in the log.
 *
 * @module
 */
import type { Decision, PathVerdict, RunEvent, Verdict } from '../record/index.ts';
import type { RunLog } from './log.ts';

export function loopEvents(log: RunLog, policy: string) {
  return {
    decision({ selection, call, pull: _pull, ...decision }: Decision, by: 'policy' | 'action'): RunEvent<'decision'> {
      return log.append<'decision'>({
        kind: 'decision',
        by,
        policy,
        decision,
        ...(selection !== undefined && { selection }),
        ...(call !== undefined && { call }),
      });
    },
    review({ seq, decision }: RunEvent<'decision'>, judged: Verdict): RunEvent<'review'> {
      const { verdict, rule, reason, findings, amended, answer, prune = true } = judged;
      return log.append<'review'>({
        kind: 'review',
        by: 'action',
        of: seq,
        what: decision.kind === 'answer' ? 'answer' : 'decision',
        verdict,
        rule,
        ...(verdict !== 'pass' && { reason }),
        ...(findings.length > 0 && { findings }),
        ...(amended !== undefined && { amended }),
        ...(answer !== undefined && { answer }),
        ...(verdict === 'block' && prune && { prune: [seq] }),
      });
    },
    path(of: number, { verdict, rule, reason, prune, answer, rests }: PathVerdict): void {
      log.append<'review'>({
        kind: 'review',
        by: 'action',
        of,
        what: 'path',
        verdict,
        rule,
        ...(verdict !== 'go-on' && { reason }),
        ...(prune !== undefined && prune.length > 0 && { prune }),
        ...(answer !== undefined && { answer }),
        ...(rests !== undefined && { rests }),
      });
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
