/**
 * The loop: decide, review, execute, look at the path, until there is an answer or a reason to stop.
 *
 * It knows no policy, tool, guard or model by name, and keeps nothing: how far a step came is read off the log, so a run
 * that was killed or had to wait goes on where it was.
 *
 * @module
 */
import type { ActionController } from '../action/index.ts';
import type { Policy, PolicyContext } from '../policy/index.ts';
import type { Awaitable, Decision, Json, RunEvent } from '../record/index.ts';
import type { OwnedContext } from './context-parts.ts';
import type { Drained } from './inbox.ts';
import type { RunLog } from './log.ts';
import { loopEvents } from './loop-events.ts';
import { firstReason, type Stop } from './stops.ts';
import { turns } from './turn.ts';

export interface LoopParts {
  log: RunLog;
  context: OwnedContext;
  policy: Policy;
  policyContext: PolicyContext;
  action: ActionController;
  stops: readonly Stop[];
  /** Takes in what was posted. */
  drain(): Awaitable<Drained>;
  /** Asks a person; `undefined` when nobody is there. */
  ask(question: RunEvent<'question'>): Promise<string | undefined>;
}

type Waiting = RunEvent<'suspend'>['waiting'];

/** How a stretch of a run ended. */
export type Ended =
  | { status: 'answered'; answer: Json }
  | { status: 'stopped' | 'cancelled'; why: string }
  | { status: 'suspended'; waiting: Waiting };

export async function loop(parts: LoopParts): Promise<Ended> {
  const { log, context, policy, policyContext, action, stops, drain, ask } = parts;
  const { view } = log;
  const events = loopEvents(log, policy.name);
  /** As the policy gave it: what the log cannot hold of it is how to get further candidates. */
  let decided: { seq: number; decision: Decision } | undefined;

  for (;;) {
    const drained = drain();
    const { cancelled } = drained instanceof Promise ? await drained : drained;
    if (cancelled !== undefined) return { status: 'cancelled', why: cancelled };
    context.signal.throwIfAborted();
    const turn = view.project(turns);

    if (turn.proposal !== undefined) {
      const { value, rests } = turn.proposal;
      events.decision({ kind: 'answer', value, ...(rests !== undefined && { rests }) }, 'action');
    } else if (turn.decision === undefined) {
      const why = firstReason(stops, view);
      if (why !== undefined) return { status: 'stopped', why };
      if (turn.decidedStep === log.step) log.step += 1;
      const decision = await policy.decide(view, policyContext);
      decided = { seq: events.decision(decision, 'policy').seq, decision };
    }

    const event = view.project(turns).decision as RunEvent<'decision'>;
    const decision = decided?.seq === event.seq ? decided.decision : event.decision;
    const review = view.project(turns).review ?? events.review(event, await action.review(decision, context));

    if (review.verdict !== 'block') {
      const ended = await takeEffect(event, decision, review);
      if (ended !== undefined) return ended;
    }
    const showing = log.show();
    if (showing !== undefined) await showing;
  }

  async function takeEffect(
    { seq }: RunEvent<'decision'>,
    decision: Decision,
    review: RunEvent<'review'>,
  ): Promise<Ended | undefined> {
    switch (decision.kind) {
      case 'answer':
        return { status: 'answered', answer: review.answer ?? decision.value };
      case 'say':
        events.say(seq, decision.text);
        return undefined;
      case 'ask': {
        const question = view.project(turns).question ?? events.question(seq, decision);
        await log.commit();
        const text = await ask(question);
        if (text === undefined) return suspended([{ for: 'reply', id: question.id }]);
        events.reply(question.id, text);
        return undefined;
      }
      case 'act':
      case 'candidates':
      case 'call': {
        if (view.project(turns).observation === undefined) {
          const outcome = await action.execute({ ...amended(decision, review.amended), of: seq }, context);
          if (outcome.state === 'suspended') return suspended(outcome.waiting);
        }
        const observation = view.project(turns).observation as RunEvent<'observation'>;
        events.path(observation.seq, await action.reviewPath(context));
        return undefined;
      }
      default:
        return undefined;
    }
  }

  /** What was posted in the meantime may be what the run waits for. */
  async function suspended(waiting: Waiting): Promise<Ended | undefined> {
    const { news, cancelled } = await drain();
    if (cancelled !== undefined) return { status: 'cancelled', why: cancelled };
    return news ? undefined : { status: 'suspended', waiting };
  }
}

type Doing = Extract<Decision, { kind: 'act' | 'candidates' | 'call' }>;

/** The program as the review mended it. */
function amended(decision: Doing, code: string | undefined): Doing {
  if (code === undefined) return decision;
  if (decision.kind === 'act') return { ...decision, code };
  return decision.kind === 'candidates' ? { ...decision, first: code } : decision;
}
