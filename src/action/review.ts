/**
 * Judges a decision before it takes effect: programs by the checker and by rules, calls by the tools' schemas, answers
 * by their form and by what they rest on.
 *
 * @module
 */
import type { Awaitable, Decision, Verdict } from '../record/index.ts';
import type { RunContext } from './action.ts';
import { type AnswerReview, reviewAnswer } from './review-answer.ts';
import { reviewCalls } from './review-calls.ts';
import { type ProgramReview, reviewProgram } from './review-program.ts';
import { CLEAN } from './verdict.ts';

export interface ReviewParts extends ProgramReview, AnswerReview {
  /** Reviews answers. */
  answers: boolean;
}

/** Judges a decision. Appends nothing. */
export function review(parts: ReviewParts, decision: Decision, run: RunContext): Awaitable<Verdict> {
  switch (decision.kind) {
    case 'act':
      return reviewProgram(parts, { code: decision.code, selection: decision.selection }, run);
    case 'candidates': {
      if (decision.inWords) return CLEAN;
      const verdict = reviewProgram(parts, { code: decision.first, selection: decision.selection }, run);
      return decision.most > 1 && decision.pull !== undefined ? verdict.then(setAside) : verdict;
    }
    case 'call':
      return reviewCalls(parts, decision, run);
    case 'answer':
      return parts.answers ? reviewAnswer(parts, decision, run) : CLEAN;
    default:
      return CLEAN;
  }
}

/** A first candidate that may not run does not end the step: the next ones are pulled, and each is judged when it is. */
function setAside({ amended: _amended, ...verdict }: Verdict): Verdict {
  if (verdict.verdict !== 'block') return verdict;
  return { ...verdict, verdict: 'warn', reason: `The first candidate is set aside: ${verdict.reason}` };
}
