/**
 * Judges the path after an observation: does it lead on, or in circles?
 *
 * @module
 */
import type { PathVerdict, RunEvent } from '../record/index.ts';
import type { RunContext } from './action.ts';
import { isEmptyValue, mendAnswer } from './answer-form.ts';
import { askedSchema, currentTask, type History, history } from './history.ts';
import { taskPercentages } from './numbers.ts';
import { percentInCalls } from './percent.ts';
import { planIsDone } from './propose.ts';
import { type AnswerReview, reviewAnswer } from './review-answer.ts';
import type { RuleName } from './rules.ts';
import { type Turns, turns } from './turns.ts';

export interface PathReview extends AnswerReview {
  /** Judges what an observation proposes. */
  answers: boolean;
}

interface Case extends PathReview {
  past: History;
  last: RunEvent<'observation'>;
  seen: Turns;
  /** Percentages that the task names. */
  named: readonly number[];
}

type PathRule = (path: Case) => Omit<PathVerdict, 'rule'> | undefined;

/** Rules that find circles: asking again until something has happened is none. */
const CIRCLES: ReadonlySet<string> = new Set(['same-turn-twice', 'no-new-fact']);

export const GO_ON: PathVerdict = { verdict: 'go-on', rule: 'clean', reason: 'Nothing was found.' };

/** Judges the path by rules; the first that applies decides. */
export function reviewPath(parts: PathReview, run: RunContext): PathVerdict {
  const past = run.view.project(history);
  const last = past.observations.at(-1);
  if (last === undefined) return GO_ON;
  const refused = parts.answers ? refusalOf(parts, past, last, run) : undefined;
  if (refused !== undefined) return refused;
  const seen = run.view.project(turns);
  const named = run.view.project(taskPercentages);
  const path: Case = { ...parts, past, last, seen, named };
  for (const [rule, test] of ASKED) {
    const found = test(path);
    if (found === undefined || !parts.on(rule as RuleName)) continue;
    if (!CIRCLES.has(rule) || !polls(path)) return { rule, ...found };
  }
  return GO_ON;
}

const polls = ({ tools, past }: Case): boolean =>
  past.lastCalls.some((call) => tools.some(({ name, poll }) => poll && name === call.tool));

/** A proposal that may not be the answer is tried again afresh, so its turn leaves the prompt. */
function refusalOf(
  parts: PathReview,
  past: History,
  { of, seq, proposed }: RunEvent<'observation'>,
  run: RunContext,
): PathVerdict | undefined {
  if (proposed === undefined) return undefined;
  const { verdict, rule, reason } = reviewAnswer(parts, { kind: 'answer', value: proposed.value, rests: seq }, run);
  return verdict === 'block' ? { verdict: 'retry', rule, reason, ...pruned(parts, past, of) } : undefined;
}

/** The turn leaves the prompt, unless it changed something or looked at something: that must stay visible. */
const pruned = (parts: Pick<PathReview, 'tools'>, past: History, of: number): Pick<PathVerdict, 'prune'> =>
  past.lastCalls.every(({ effect }) => effect === 'read') && !looked(parts, past) ? { prune: [of] } : {};

/** It called a tool that gives more than a number: what that showed, the next program needs. */
function looked({ tools }: Pick<PathReview, 'tools'>, { lastCalls }: History): boolean {
  return lastCalls.some(({ tool: name }) => {
    const type = tools.find((tool) => tool.name === name)?.output?.type;
    return type !== 'number' && type !== 'integer' && type !== 'boolean';
  });
}

/** In the order in which they are asked. */
const PATH_RULES: { readonly [Rule in RuleName]?: PathRule } = {
  'percent-in-call': ({ tools, past, last, named }) => {
    const found = percentInCalls(tools, past.lastCalls, named);
    if (found === undefined) return undefined;
    return { verdict: 'retry', reason: `${found.message} ${found.remedy}`, ...pruned({ tools }, past, last.of) };
  },
  'space-lacks': ({ tools, past, last }) => {
    if (last.state !== 'failed') return undefined;
    const missing = /^['"`]?([\w$]+)['"`]? is not defined/.exec(last.error?.message ?? '')?.[1];
    const tool = tools.find(({ name }) => name === missing);
    return tool === undefined || past.needs.some((need) => need.includes(tool.name))
      ? undefined
      : { verdict: 'widen', reason: `${tool.name}: ${tool.description}` };
  },
  'answer-observed': ({ past, last }) => {
    if (past.plan === undefined || last.state !== 'done' || last.proposed !== undefined || last.value === undefined)
      return undefined;
    const schema = askedSchema(past);
    if (schema === undefined || schema.type === undefined || schema.type === 'string') return undefined;
    if (!planIsDone(past, 0)) return undefined;
    const mended = mendAnswer(schema, last.value, currentTask(past));
    if (!('value' in mended) || isEmptyValue(mended.value)) return undefined;
    return {
      verdict: 'end',
      reason: 'The plan is done, and its last result is the answer.',
      answer: mended.value,
      rests: last.seq,
    };
  },
  'same-turn-twice': ({ tools, past, last, seen: { lastSeen: same } }) => {
    if (same < 2) return undefined;
    const reason = 'The same program gave the same observation again.';
    return same === 2
      ? { verdict: 'retry', reason, ...pruned({ tools }, past, last.of) }
      : { verdict: 'replan', reason };
  },
  'failed-afresh': ({ tools, past, last, seen: { failed } }) => {
    if (failed !== 1 || !isProgramsFault(past, last) || looked({ tools }, past)) return undefined;
    const reason = `The program failed: ${last.error?.message ?? 'none of the candidates ran to its end'}.`;
    const changed = past.lastCalls.some(({ effect }) => effect !== 'read');
    return changed ? undefined : { verdict: 'retry', reason, prune: [last.of] };
  },
  'failed-thrice': ({ seen: { failed } }) =>
    failed >= 3 && failed % 3 === 0 ? { verdict: 'replan', reason: 'Three executions in a row failed.' } : undefined,
  'no-new-fact': ({ seen: { stale } }) =>
    stale >= 3 && stale % 3 === 0
      ? { verdict: 'replan', reason: 'Three observations in a row said nothing new.' }
      : undefined,
};

/** The program was wrong; a tool that fails says something that the next program should know. */
function isProgramsFault({ programs }: History, { of, error }: RunEvent<'observation'>): boolean {
  if (programs.get(of)?.inSession === false) return true;
  return ['ReferenceError', 'TypeError', 'SyntaxError', 'RangeError'].includes(error?.name ?? '');
}

const ASKED = Object.entries(PATH_RULES);
