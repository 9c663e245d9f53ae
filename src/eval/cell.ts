/**
 * What came of one attempt, read off its log.
 *
 * @module
 */
import { inventsObservation } from '../policy/index.ts';
import { type Json, type RunEvent, type RunStatus, viewOf } from '../record/index.ts';
import { activeMs, resultOf } from '../run/index.ts';
import { outageIn } from './outage.ts';
import type { PlannedAttempt } from './plan.ts';
import { type Assertion, type Attempt, type Sum, scoreOf } from './score.ts';

/** One attempt in numbers. What is counted is counted with the runs within it, failed calls and inventions aside. */
export interface Cell extends PlannedAttempt {
  /** The run, in the experiment's store: that of the first answer. */
  run: string;
  /** Tries that were broken off. */
  brokenOff: number;
  /** Id of the model, and name and version of the policy, as the run began with them. */
  model: string;
  policy: string;
  status: RunStatus;
  /** Why it ended, in a sentence. */
  why: string;
  answer?: Json;
  /** By the environment. */
  success: boolean;
  /** By the environment: share of assertions that passed. */
  value: number;
  /** Some could not be judged. */
  unknown: boolean;
  /** By a model, where one was asked. */
  judged?: Sum;
  assertions: readonly Assertion[];
  /** How often it was told that it was not right; what stands beside this is of the first answer. Left out where it never was. */
  retried?: number;
  /** The last answer was right. Left out where there was no other than the first. */
  successWithRetry?: boolean;
  /** What the user was told to doubt. */
  warnings: readonly string[];
  /** It answered, the environment says that something is wrong, and nothing was said against the answer. */
  wrongWithoutWarning: boolean;
  steps: number;
  modelCalls: number;
  toolCalls: number;
  /** Tool calls that failed. */
  failedCalls: number;
  /** Replies in which the model made an observation up. */
  inventedObservations: number;
  /** Tokens of prompts, those of them that were evaluated, and those of replies. */
  sent: number;
  evaluated: number;
  written: number;
  /** Left out where a price is unknown. */
  costUsd?: number;
  /** At work, with the time that shared replies took when they were made. */
  seconds: number;
}

/** Who appends scores. */
export const SCORED_BY = 'eval';

/** What is judged of a run's log. */
export function attemptIn(run: string, events: readonly RunEvent[]): Attempt {
  const { answer, status } = resultOf(viewOf(run, events));
  return { ...(answer !== undefined && { answer }), status, log: events };
}

/**
 * Says whether an attempt is over: it was scored, and the environment finds nothing wrong with it, or it was told so often enough
 * that something is, or cannot go on. One whose model could not be asked is not made. Of what nobody could judge, and of what a model judged, it is told nothing.
 */
export function isMade(run: string, events: readonly RunEvent[], retries = 0): boolean {
  const turns = scoredAnswers(events);
  const last = turns.at(-1);
  if (last === undefined) return false;
  if (turns.length > retries) return true;
  if (events.slice(last.upTo).some(({ kind }) => kind === 'task')) return false;
  if (!isFoundWrong(last.scores.flatMap(assertionsOf))) return true;
  const { status } = resultOf(viewOf(run, events.slice(0, last.upTo)));
  return status !== 'answered' && status !== 'stopped';
}

/** Says whether the first answer is scored: it stays the first, whatever becomes of the retry. */
export const hasFirstAnswer = (events: readonly RunEvent[]): boolean => scoredAnswers(events).length > 0;

/** Says whether something was said of the attempt, and be it that nobody could make it. */
export const isScored = (events: readonly RunEvent[]): boolean => events.some(isScore);

/** Those that the model was asked for. */
const scoredAnswers = (events: readonly RunEvent[]) =>
  scoredTurns(events).filter(({ upTo }) => outageIn(events.slice(0, upTo)) === undefined);

/** Scores of one answer after another, each with what came before it. */
function scoredTurns(events: readonly RunEvent[]): { upTo: number; scores: RunEvent<'reward'>[] }[] {
  const turns: { upTo: number; scores: RunEvent<'reward'>[] }[] = [];
  let isOpen = false;
  for (const [at, event] of events.entries()) {
    if (event.kind === 'task') isOpen = false;
    if (!isScore(event)) continue;
    if (isOpen) turns.at(-1)?.scores.push(event);
    else turns.push({ upTo: at, scores: [event] });
    isOpen = true;
  }
  return turns;
}

/** By the environment. */
const isFoundWrong = (assertions: readonly Assertion[]): boolean =>
  assertions.some(({ verdict, by }) => verdict === 'fail' && by !== 'judge');

const isScore = (event: RunEvent): event is RunEvent<'reward'> => event.kind === 'reward' && event.by === SCORED_BY;

/** Reads a scored run's log. */
export function cellOf(attempt: PlannedAttempt, run: string, brokenOff: number, all: readonly RunEvent[]): Cell {
  const [first = scoredTurns(all)[0], ...others] = scoredAnswers(all);
  const events = all.slice(0, first?.upTo ?? all.length);
  const view = viewOf(run, events);
  const { answer, status, why, warnings, usage } = resultOf(view);
  const { success, value, unknown, judged, assertions } = scoreOf((first?.scores ?? []).flatMap(assertionsOf));
  const again = others.at(-1);
  const { model = '', policy = '' } = view.last('run-start') ?? {};
  const { steps, modelCalls, toolCalls, sent, evaluated, written, costUsd } = usage;
  return {
    ...attempt,
    run,
    brokenOff,
    model,
    policy,
    status,
    why,
    ...(answer !== undefined && { answer }),
    success,
    value,
    unknown,
    ...(judged !== undefined && { judged }),
    assertions,
    ...(again !== undefined && {
      retried: others.length,
      successWithRetry: scoreOf(again.scores.flatMap(assertionsOf)).success,
    }),
    warnings,
    wrongWithoutWarning: status === 'answered' && isFoundWrong(assertions) && warnings.length === 0,
    steps,
    modelCalls,
    toolCalls,
    failedCalls: events.filter((event) => event.kind === 'call-result' && !event.ok).length,
    inventedObservations: events.filter(isInvention).length,
    sent,
    evaluated,
    written,
    ...(costUsd !== undefined && { costUsd }),
    seconds: (activeMs(view) + sharedMs(events)) / 1000,
  };
}

/** An earlier try has the first answer, this one is its retry, made anew: it says how the last answer came out, and nothing else. */
export function retriedCell(first: Cell, { brokenOff, retried = 1, success, successWithRetry = success }: Cell): Cell {
  return { ...first, brokenOff, retried, successWithRetry };
}

const assertionsOf = ({ assertions = [], from }: RunEvent<'reward'>): Assertion[] =>
  assertions.map((assertion) => (from === 'judge' ? { ...assertion, by: 'judge' } : assertion));

const isInvention = (event: RunEvent) =>
  event.kind === 'model-call' && event.reply !== undefined && inventsObservation(event.reply.text);

/** A reply that was given from a record took no time here. */
const sharedMs = (events: readonly RunEvent[]) =>
  events.reduce((sum, event) => sum + (event.kind === 'model-call' && event.cached ? (event.ms ?? 0) : 0), 0);
