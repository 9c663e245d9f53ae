/**
 * Circles in which a run is stopped: small rules over what its steps decided and saw.
 *
 * @module
 */
import { type DecisionData, type Part, type Projection, type RunEvent, type RunView, textOf } from '../record/index.ts';
import type { LoopLimits } from './run.ts';

/** What a step did, and what came of it. */
interface Step {
  decision: DecisionData;
  saw?: readonly Part[];
  blocked?: string;
  /** It called a tool that is asked again and again. */
  polls?: true;
  /** It called a tool that may change something. */
  acts?: true;
  /** What was decided and seen, as text; when the step is over. */
  texts?: { did: string; saw: readonly string[] };
}

interface Circles {
  /** The step that is under way. */
  now?: Step;
  /** The two before it. */
  before?: Step;
  beforeThat?: Step;
  /** Whether `now` was compared with them. */
  counted: boolean;
  /** Equal steps in a row, the last one included. */
  same: number;
  /** Steps in a row that were equal to the last but one and not to the last. */
  swings: number;
  /** Steps in a row that had nothing new. */
  stale: number;
  /** What was decided and seen in the turn. */
  seen: Set<string>;
}

const anew = (): Circles => ({ counted: true, same: 0, swings: 0, stale: 0, seen: new Set() });

/** What came from outside may make the same step another one. */
const ANEW: ReadonlySet<RunEvent['kind']> = new Set(['task', 'reply', 'message', 'undo']);

type Stop = (view: RunView) => string | undefined;

/** The rules that are on. `polls` are tools whose calls are no circle. */
export function loopStops({ same, swings, stale }: Required<LoopLimits>, polls: ReadonlySet<string>): Stop[] {
  const circles = circling(polls, Number.isFinite(stale));
  const rule =
    (most: number, count: (circles: Circles) => number, why: string): Stop =>
    (view: RunView) =>
      count(view.project(circles)) >= most ? why : undefined;
  const rules: [number, Stop][] = [
    [
      same,
      rule(same, (all) => all.same, `The last ${same} steps decided the same and saw the same (limit \`loops.same\`).`),
    ],
    [
      swings,
      // A B is one round, and its second step the first that could be equal to the last but one.
      rule(
        swings,
        ({ swings }) => (swings === 0 ? 0 : (swings + 2) / 2),
        `It went to and fro between two steps ${swings} times (limit \`loops.swings\`).`,
      ),
    ],
    [stale, rule(stale, (all) => all.stale, `The last ${stale} steps brought nothing new (limit \`loops.stale\`).`)],
  ];
  return rules.filter(([most]) => Number.isFinite(most)).map(([, stop]) => stop);
}

/** Counts each step when it is over: when the next decision, or the path's review, comes. */
const circling = (polls: ReadonlySet<string>, withSeen: boolean): Projection<Circles> => ({
  start: anew,
  next(state, event) {
    if (ANEW.has(event.kind)) return anew();
    if (event.kind === 'decision' && event.by !== 'action') {
      count(state, withSeen);
      if (state.before !== undefined) state.beforeThat = state.before;
      if (state.now !== undefined) state.before = state.now;
      state.now = { decision: event.decision };
      state.counted = false;
      return state;
    }
    const { now } = state;
    if (now === undefined) return state;
    if (event.kind === 'call') {
      if (event.effect !== 'read') now.acts = true;
      if (polls.has(event.tool)) now.polls = true;
    }
    if (event.kind === 'observation') now.saw = event.parts;
    if (event.kind === 'review') {
      if (event.what === 'path') count(state, withSeen);
      else if (event.verdict === 'block') {
        now.blocked = event.rule;
        count(state, withSeen);
      } else if (event.what === 'decision' && hasNoEffect(now.decision)) count(state, withSeen);
    }
    return state;
  },
});

const hasNoEffect = ({ kind }: DecisionData) => kind === 'think' || kind === 'widen' || kind === 'correct';

function count(state: Circles, withSeen: boolean): void {
  const { now, before, beforeThat } = state;
  if (state.counted || now === undefined) return;
  state.counted = true;
  const did = didIn(now.decision);
  const saw = sawIn(now);
  now.texts = { did, saw };
  if (now.polls) {
    state.same = 0;
    state.swings = 0;
    state.stale = 0;
    return;
  }
  const isSame = before !== undefined && isEqual(before, now);
  state.same = isSame ? state.same + 1 : 1;
  state.swings = !isSame && beforeThat !== undefined && isEqual(beforeThat, now) ? state.swings + 1 : 0;
  if (!withSeen) return;
  const { seen } = state;
  const size = seen.size;
  for (const text of saw) seen.add(text);
  // What was done to the world is new, too, and what was thought.
  if (now.acts || hasNoEffect(now.decision)) seen.add(did);
  state.stale = seen.size > size ? 0 : state.stale + 1;
}

function isEqual({ texts: one }: Step, { texts: other }: Step): boolean {
  if (one === undefined || other === undefined || one.did !== other.did) return false;
  return one.saw.length === other.saw.length && one.saw.every((text, at) => text === other.saw[at]);
}

/** What was decided, without the ids of calls, which are fresh each time. */
function didIn(decision: DecisionData): string {
  switch (decision.kind) {
    case 'act':
      return decision.code;
    case 'candidates':
      return decision.first;
    case 'call': {
      const [first, ...more] = decision.calls.map(({ tool, args }) => `${tool} ${JSON.stringify(args)}`);
      return more.length === 0 ? (first ?? '') : [first, ...more].join('\n');
    }
    case 'think':
    case 'say':
      return decision.text;
    case 'widen':
      return decision.need;
    case 'correct':
      return decision.problem;
    case 'ask':
      return decision.question;
    default:
      return JSON.stringify(decision.value);
  }
}

const sawIn = ({ saw = [], blocked }: Step): string[] =>
  blocked === undefined
    ? saw.map((part) => ('result' in part ? `${part.tool} ${JSON.stringify(part.value)}` : textOf([part])))
    : [`blocked by ${blocked}`];
