/**
 * Several programs for one step: pulled one at a time, each reviewed and run in a fork of the session, until their
 * results decide the vote. The winner's session becomes the run's.
 *
 * Forks only read. A program that would do more is set aside; where no other gives a result, the first of them runs
 * for real.
 *
 * @module
 */
import {
  type Candidates,
  cutMiddle,
  type Finding,
  type GuestError,
  type Json,
  type RunEvent,
  type Verdict,
} from '../record/index.ts';
import type { Turn } from '../sandbox/index.ts';
import type { Outcome, RunContext } from './action.ts';
import { isEmptyValue, type Mended, mendAnswer } from './answer-form.ts';
import { isNothing, WEIGHED, weightOf } from './candidate-weight.ts';
import { drive } from './drive.ts';
import { type ExecuteCodeParts, observe, observeNothing, suspend } from './execute-code.ts';
import { askedSchema, currentTask, history, taskText } from './history.ts';
import { howToRank } from './how-to-rank.ts';
import { dropSession, keepSession, liveSession } from './live-session.ts';
import { withoutComments } from './numbers.ts';
import { proposalOf } from './propose.ts';
import { withoutRefuted } from './refuted.ts';
import { renderError } from './render.ts';
import { resultFindings } from './review-result.ts';
import { valueFindings } from './review-values.ts';
import type { RuleName } from './rules.ts';
import { type Facts, type LiveSession, noFacts } from './session-state.ts';
import { SQL_WORD } from './sql-data.ts';
import { usedIn } from './task-columns.ts';
import { normalised } from './turns.ts';
import { variationFindings } from './variations.ts';
import { CLEAN } from './verdict.ts';
import { isRounded, keyOf, saysTheSame } from './vote-key.ts';

export interface CandidatesOptions {
  /**
   * So many equal results decide the vote before all are pulled; `Infinity` pulls until nobody can overtake. One of a
   * program that the review warned about counts half, of one with two warnings a third, and such votes alone do not decide
   * it: at 1, a program without a warning decides alone.
   *
   * @default 1
   */
  agreeing?: number;
}

export interface CandidateParts extends ExecuteCodeParts {
  agreeing: number;
  on(rule: RuleName): boolean;
  /** Judges one program before it runs. */
  reviewProgram(code: string, run: RunContext): Promise<Verdict>;
  /** Judges the calls that one made: what it finds takes the program out of the vote. */
  reviewCalls?(calls: readonly RunEvent<'call'>[], run: RunContext): Finding | undefined;
}

/** What became of a candidate. Only `voted` ones have a key. */
type State = 'voted' | 'empty' | 'failed' | 'blocked' | 'effect' | 'waiting';

interface Candidate {
  id: string;
  code: string;
  state: State;
  key?: string;
  value?: Json;
  facts?: Facts;
  live?: LiveSession;
  /** What the review warned of: such a vote counts less. */
  doubts?: readonly Finding[];
  /** It was worked out in words, and is no program of its own. */
  inWords?: true;
  /** What the review did not let pass. */
  blocked?: readonly Finding[];
  /** Why it cannot win, for the observation when none does. */
  why?: string;
}

/** Runs the candidates of decision `of`; called again after a suspension or a crash, it goes on. */
export async function executeCandidates(
  parts: CandidateParts,
  action: Candidates & { of: number },
  run: RunContext,
): Promise<Outcome> {
  const { of } = action;
  const made = run.view.project(history).choices.get(of);
  const forReal = made?.candidates.find(({ id, state }) => id === made.winner && state === 'effect');
  const live = await liveSession(parts, of, run);
  if (forReal?.code !== undefined) return runForReal(parts, { of, id: forReal.id, code: forReal.code, live }, run);

  const candidates = await pullUntilDecided(parts, action, live, run);
  const { winner, votes, tieBreak, agreed } = elect(candidates);
  if (made === undefined) appendChoice(of, candidates, { winner, votes, tieBreak, agreed }, run);
  for (const candidate of candidates) if (candidate !== winner) candidate.live?.session.close();

  if (winner === undefined) {
    return { state: 'observed', observation: observeNothing(of, whyNone(candidates), run) };
  }
  if (winner.live === undefined || winner.facts === undefined) {
    return runForReal(parts, { of, id: winner.id, code: winner.code, live }, run);
  }
  keepSession(winner.live, run);
  const { code, facts } = winner;
  return { state: 'observed', observation: await observe(parts, { live: winner.live, of, code, facts }, run) };
}

async function pullUntilDecided(
  parts: CandidateParts,
  { of, first, most, least = 1, inWords, pull }: Candidates & { of: number },
  live: LiveSession,
  run: RunContext,
): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (let n = 0; n < most; n++) {
    const found = candidates.map(({ blocked = [], doubts = [] }) => [...blocked, ...doubts]);
    const next = async () => (await pull?.(n, found)) ?? null;
    const code = n === 0 ? first : await run.memo(`candidate ${of}.${n}`, next);
    if (code === null) break;
    const trial = { of, id: `c${n + 1}`, code, live };
    const candidate =
      inWords && n % 2 === 0
        ? { ...(await tryCandidate({ ...parts, ...UNJUDGED }, trial, run)), inWords }
        : await tryCandidate(parts, trial, run);
    candidates.push(withKey(candidate, candidates));
    if (candidates.length < least) continue;
    if (isDecided(candidates, most, parts.agreeing) || isStuck(candidates)) break;
  }
  return candidates;
}

/** What was worked out in words is not judged as a program. */
const UNJUDGED: Pick<CandidateParts, 'on' | 'reviewProgram'> = { on: () => false, reviewProgram: async () => CLEAN };

async function tryCandidate(
  parts: CandidateParts,
  { of, id, code: written, live }: { of: number; id: string; code: string; live: LiveSession },
  run: RunContext,
): Promise<Candidate> {
  const { verdict, reason, amended, findings } = await parts.reviewProgram(written, run);
  const code = amended ?? written;
  const doubts = findings.filter(({ rule }) => WEIGHED.has(rule));
  if (verdict === 'block') return { id, code, state: 'blocked', why: reason, blocked: findings };
  const fork: LiveSession = { ...live, session: await live.session.fork() };
  const at = run.view.project(history).programs.get(of)?.at ?? new Date(run.clock.now()).toISOString();
  const reads = new Set(parts.tools.filter(({ effect }) => effect === 'read').map(({ name }) => name));
  const admits = (tool: string) => reads.has(tool) || (live.asks && tool === SQL_WORD);
  const driven = await drive(fork, { of, code, at, prefix: `${of}.${id}`, scope: id, admits }, run).catch(
    (error: unknown) => {
      fork.session.close();
      throw error;
    },
  );
  if (driven.state !== 'ended') {
    fork.session.close();
    return { id, code, state: driven.state === 'refused' ? 'effect' : 'waiting', why: 'It would do more than read.' };
  }
  const { facts } = driven;
  const { lastCalls } = run.view.project(history);
  const own = lastCalls.filter((call) => call.id.startsWith(`${of}.${id}.`));
  const wrong = parts.reviewCalls?.(own, run);
  if (wrong !== undefined) {
    fork.session.close();
    return { id, code, state: 'blocked', facts, why: wrong.message, blocked: [wrong] };
  }
  if (facts.error !== undefined) {
    const why = renderError(facts.error, code);
    return { id, code, state: 'failed', facts, live: fork, why, blocked: [failureFinding(facts.error, code, run)] };
  }
  const result = resultOf(parts, facts, code, run);
  if (result === undefined)
    return { id, code, state: 'empty', facts, live: fork, blocked: formFinding(parts, facts, code, run) };
  const past = run.view.project(history);
  const again = ({ logs, ms, value, answer }: Turn) =>
    resultOf(parts, { ...noFacts(), logs, ms, ...(value && { value }), ...(answer && { answer }) }, code, run);
  const varied = { code, now: Date.parse(at), task: taskText(past), data: past.data, session: live.session, result };
  const schema = askedSchema(past);
  const hangs =
    facts.calls > 0
      ? []
      : [
          ...(await variationFindings({ ...varied, resultOf: again, on: parts.on })),
          ...(await valueFindings({ ...varied, schema, on: parts.on })),
        ];
  const odd = resultFindings({ value: result, code, data: past.data, schema, task: taskText(past) }, parts.on);
  const left = await withoutRefuted([...doubts, ...hangs, ...odd], varied);
  return { id, code, state: 'voted', facts, live: fork, value: result, doubts: left };
}

/** A result that says what an earlier one said, in another form, votes for that one. */
function withKey(candidate: Candidate, earlier: readonly Candidate[]): Candidate {
  const { value } = candidate;
  if (value === undefined) return candidate;
  const same = earlier.find(
    (other) =>
      other.value !== undefined &&
      (saysTheSame(other.value, value) ||
        isRounded(other.value, value) ||
        keyOf(once(other.value)) === keyOf(once(value))),
  );
  return { ...candidate, key: same?.key ?? keyOf(value) };
}

/** A list of names that has one of them again says what the list without does; which of the two is answered, their doubts decide. */
const once = (value: Json): Json =>
  Array.isArray(value) && value.every((one) => typeof one === 'string') ? [...new Set(value)] : value;

/** What a program votes for: its proposal in the form asked for, else what it showed last. */
function resultOf(parts: CandidateParts, facts: Facts, code: string, run: RunContext): Json | undefined {
  const { proposed, mended } = proposedBy(parts, facts, code, run);
  const value = proposed === undefined ? shownBy(facts) : 'issue' in mended ? undefined : mended.value;
  return value === undefined || isEmptyValue(value) ? undefined : value;
}

const shownBy = ({ value, logs }: Facts): Json | undefined => value?.json ?? logs.at(-1)?.value ?? logs.at(-1)?.text;

/** What is wrong with the form of what a program answered: the next one is told. */
function formFinding(parts: CandidateParts, facts: Facts, code: string, run: RunContext): Finding[] {
  const { proposed, mended } = proposedBy(parts, facts, code, run);
  if (proposed === undefined || !('issue' in mended)) return [];
  const message = `The program answered ${cutMiddle(JSON.stringify(proposed.value), ANSWER_CHARS)}: ${mended.issue}.`;
  return [{ rule: 'answer-form', severity: 'block', message }];
}

type Proposed = { proposed: { value: Json }; mended: Mended } | { proposed?: undefined; mended?: undefined };

/** What a program proposes, and the same in the form asked for. */
function proposedBy({ propose }: CandidateParts, facts: Facts, code: string, run: RunContext): Proposed {
  const past = run.view.project(history);
  const proposed = proposalOf(facts, code, past, propose);
  if (proposed === undefined) return {};
  const asked = askedSchema(past);
  return {
    proposed,
    mended: asked === undefined ? { value: proposed.value } : mendAnswer(asked, proposed.value, currentTask(past)),
  };
}

/** What a program failed of, and in which line: the next one is told, and how to rank where that is what it tried. */
function failureFinding({ name, message, line = 0 }: GuestError, code: string, run: RunContext): Finding {
  const source = code.split('\n')[line - 1]?.trim() ?? '';
  const where = source === '' ? '' : ` in \`${cutMiddle(source, LINE_CHARS)}\``;
  const past = run.view.project(history);
  const remedy = howToRank({ code, used: usedIn(withoutComments(code), past.data), task: taskText(past) });
  const what = `${name}${where}: ${cutMiddle(message, LINE_CHARS)}.`;
  return { rule: 'failed', severity: 'block', message: what, ...(remedy === undefined ? {} : { remedy }) };
}

const ANSWER_CHARS = 60;
const LINE_CHARS = 80;

interface Tally {
  votes: number;
  weight: number;
  /** One of them is by a program that nothing speaks against. */
  clean: boolean;
}

/** What speaks for each result, in the order in which results first came. */
function weigh(candidates: readonly Candidate[]): Map<string, Tally> {
  const tally = new Map<string, Tally>();
  for (const candidate of candidates) {
    if (candidate.key === undefined) continue;
    const { votes, weight, clean } = tally.get(candidate.key) ?? { votes: 0, weight: 0, clean: false };
    const own = weightOf(candidate);
    // Conditions that hold for no row agree whatever they are: all of them count as the best of them.
    const both = isNothing(candidate.value) ? Math.max(weight, own) : weight + own;
    tally.set(candidate.key, { votes: votes + 1, weight: both, clean: clean || own === 1 });
  }
  return tally;
}

/** Enough agree, not all of them doubted: programs with one mistake agree, too. Or nobody can overtake the leader any more. */
function isDecided(candidates: readonly Candidate[], most: number, agreeing: number): boolean {
  const [leader, second] = [...weigh(candidates).values()].sort((one, other) => other.weight - one.weight);
  if (leader === undefined) return false;
  const { weight: behind } = second ?? { weight: 0 };
  if (leader.clean && leader.weight >= agreeing && leader.weight > behind) return true;
  return leader.weight > behind + (most - candidates.length);
}

const MOST_REPEATED = 2;

/** The same programs are written over and over, and none of them gives a result. */
function isStuck(candidates: readonly Candidate[]): boolean {
  const without = candidates.filter(({ key }) => key === undefined).map(({ code }) => normalised(code));
  return without.length - new Set(without).size >= MOST_REPEATED;
}

interface Election {
  winner: Candidate | undefined;
  votes: Map<string, number>;
  tieBreak: string;
  agreed: boolean | undefined;
}

function elect(candidates: readonly Candidate[]): Election {
  const tally = weigh(candidates);
  const votes = new Map([...tally].map(([key, its]) => [key, its.votes]));
  const [top] = [...tally].sort(([, one], [, other]) => other.weight - one.weight);
  if (top !== undefined) {
    const [key, leading] = top;
    const cast = [...tally.values()].reduce((sum, { weight }) => sum + weight, 0);
    const tied = [...tally.values()].filter(({ weight }) => weight === leading.weight).length > 1;
    const agreed = candidates.length === 1 ? undefined : leading.votes >= 2 && leading.weight * 2 > cast;
    const its = candidates.filter((candidate) => candidate.key === key);
    const clean = its.filter(({ doubts = [] }) => doubts.length === 0);
    const winner = clean.find(({ inWords }) => inWords === undefined) ?? clean[0] ?? its[0];
    return { winner, votes, tieBreak: tied ? 'first in order' : 'none', agreed };
  }
  const byState = (state: State) => candidates.find((candidate) => candidate.state === state);
  const winner = byState('empty') ?? byState('effect');
  return { winner, votes, tieBreak: winner === undefined ? 'none' : 'nobody voted: first in order', agreed: undefined };
}

function appendChoice(of: number, candidates: readonly Candidate[], election: Election, run: RunContext): void {
  const { winner, votes, tieBreak, agreed } = election;
  run.append<'choice'>({
    kind: 'choice',
    by: 'action',
    cause: of,
    of,
    candidates: candidates.map(({ id, code, state, key, value, doubts = [] }) => ({
      id,
      code,
      state,
      ...(doubts.length === 0 ? {} : { doubts: doubts.map(({ rule }) => rule) }),
      ...(key === undefined ? {} : { key: key.slice(0, 400) }),
      ...(value === undefined || JSON.stringify(value).length > 400 ? {} : { value }),
    })),
    ...(winner === undefined ? {} : { winner: winner.id }),
    votes: Object.fromEntries([...votes].map(([key, n]) => [key.slice(0, 400), n])),
    tieBreak,
    ...(agreed === undefined ? {} : { agreed }),
  });
}

function whyNone(candidates: readonly Candidate[]): string {
  const [first] = candidates.filter(({ state }) => state === 'failed');
  const { why = 'There was no program.' } = first ?? candidates[0] ?? {};
  return candidates.length === 1 ? why : `None of ${candidates.length} programs ran to its end. The first:\n${why}`;
}

/** A program that does more than read runs in the run's own session. What it read in its fork is not read again. */
async function runForReal(
  parts: CandidateParts,
  { of, id, code, live }: { of: number; id: string; code: string; live: LiveSession },
  run: RunContext,
): Promise<Outcome> {
  const at = run.view.project(history).programs.get(of)?.at ?? new Date(run.clock.now()).toISOString();
  const driven = await drive(live, { of, code, at, prefix: `${of}.${id}` }, run).catch((error: unknown) => {
    // Half a program stands in it: the log rebuilds it.
    dropSession(run);
    throw error;
  });
  if (driven.state === 'suspended') return suspend(live, of, driven, run);
  const observation: RunEvent<'observation'> = await observe(parts, { live, of, code, facts: driven.facts }, run);
  return { state: 'observed', observation };
}
