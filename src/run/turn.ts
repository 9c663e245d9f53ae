/**
 * How far the current step came, read off the log: what a loop goes on with after a crash or a wait.
 *
 * @module
 */
import type { Json, Projection, RunEvent } from '../record/index.ts';

export interface Turn {
  /** The decision that is not done with yet. */
  decision?: RunEvent<'decision'>;
  review?: RunEvent<'review'>;
  question?: RunEvent<'question'>;
  observation?: RunEvent<'observation'>;
  /** An answer that an execution, or the review of the path, proposed, and that is not a decision yet. */
  proposal?: { value: Json; rests?: number };
  /** The last step that has a decision. */
  decidedStep: number;
}

/** See {@link Turn}. */
export const turns: Projection<Turn> = {
  start: () => ({ decidedStep: 0 }),
  next(turn, event) {
    const { decision } = turn;
    switch (event.kind) {
      case 'decision':
        return { decision: event, decidedStep: event.step };
      case 'task':
      case 'undo':
        return done(turn);
      case 'review':
        return event.what === 'path' ? afterPath(turn, event) : afterReview(turn, event);
      case 'message':
        return decision?.decision.kind === 'say' && event.cause === decision.seq ? done(turn) : turn;
      case 'question':
        if (event.cause === decision?.seq) turn.question = event;
        return turn;
      case 'reply':
        return event.to === turn.question?.id ? done(turn) : turn;
      case 'observation':
        if (event.of === decision?.seq) turn.observation = event;
        return turn;
      case 'run-end':
        return event.status === 'answered' ? done(turn) : turn;
      default:
        return turn;
    }
  },
};

const done = ({ decidedStep }: Turn): Turn => ({ decidedStep });

function afterReview(turn: Turn, event: RunEvent<'review'>): Turn {
  const { decision } = turn;
  if (event.of !== decision?.seq) return turn;
  const { kind } = decision.decision;
  if (event.verdict === 'block' || kind === 'think' || kind === 'widen' || kind === 'correct') return done(turn);
  turn.review = event;
  return turn;
}

/** A path that must be gone again drops what its last step proposed. */
function afterPath(turn: Turn, event: RunEvent<'review'>): Turn {
  const { observation } = turn;
  if (observation === undefined || event.of !== observation.seq) return turn;
  if (event.verdict === 'end' && event.answer !== undefined) {
    return { ...done(turn), proposal: { value: event.answer, rests: event.rests ?? observation.seq } };
  }
  if ((event.verdict === 'go-on' || event.verdict === 'end') && observation.proposed !== undefined) {
    return { ...done(turn), proposal: { value: observation.proposed.value, rests: observation.seq } };
  }
  return done(turn);
}
