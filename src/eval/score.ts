/**
 * What a score is made of: named assertions, each passed, failed or unknown, and never a bare number.
 *
 * A verdict fails closed: what could not be judged counts as not passed, and says so. A judgement of a model is marked and
 * is never added up with those of the world (AppWorld's and tau2's state checks are the model for this; see
 * docs/eval.md).
 *
 * @module
 */
import type { Json, RunEvent, RunStatus } from '../record/index.ts';

export type AssertionVerdict = 'pass' | 'fail' | 'unknown';

/** One thing that should hold of an attempt. */
export interface Assertion {
  /** Short and the same for every attempt at the task: `answer`, `state: nothing else changed`. */
  name: string;
  verdict: AssertionVerdict;
  /** In a sentence: what was expected and what there was. Of a pass, too. */
  reason: string;
  /** Who judged. @default 'environment' */
  by?: 'environment' | 'judge';
}

/** What is judged: how a run ended, and what it said. */
export interface Attempt {
  /** Left out where there is none. */
  answer?: Json;
  status: RunStatus;
  /** Empty where nothing was run: an answer of a script. */
  log: readonly RunEvent[];
}

/** Assertions of one kind of judge, added up. */
export interface Sum {
  /** Every assertion passed, and there was one. */
  success: boolean;
  /** Share of assertions that passed, from 0 to 1. */
  value: number;
  /** Some could not be judged, or there was none. */
  unknown: boolean;
}

/** The assertions of an attempt. What a model judged stands beside what the environment did, and is never added to it. */
export interface Score extends Sum {
  /** Of the assertions that a model judged; left out where there are none. */
  judged?: Sum;
  /** All of them. */
  assertions: readonly Assertion[];
}

/** Judges an attempt. One that throws makes the score unknown, not wrong. */
export type Scorer = (attempt: Attempt) => readonly Assertion[] | Promise<readonly Assertion[]>;

/**
 * Adds assertions up.
 *
 * @example
 * ```ts
 * import { scoreOf } from 'poact/eval';
 *
 * scoreOf([{ name: 'answer', verdict: 'pass', reason: 'It is 12.' }]).success; // true
 * ```
 */
export function scoreOf(assertions: readonly Assertion[]): Score {
  const judged = assertions.filter(({ by }) => by === 'judge');
  return {
    ...sumOf(assertions.filter(({ by }) => by !== 'judge')),
    ...(judged.length > 0 && { judged: sumOf(judged) }),
    assertions,
  };
}

function sumOf(assertions: readonly Assertion[]): Sum {
  const passed = assertions.filter(({ verdict }) => verdict === 'pass').length;
  return {
    success: assertions.length > 0 && passed === assertions.length,
    value: assertions.length === 0 ? 0 : passed / assertions.length,
    unknown: assertions.length === 0 || assertions.some(({ verdict }) => verdict === 'unknown'),
  };
}

/** Longest time that a scorer has, in milliseconds. */
const SCORE_MS = 120_000;

/**
 * Judges an attempt. Never throws: where the scorer does, takes too long or asserts nothing, the score is unknown and says why.
 */
export async function scored(
  scorer: Scorer,
  attempt: Attempt,
  { ms = SCORE_MS }: { /** Longest time, in milliseconds. @default 120_000 */ ms?: number } = {},
): Promise<Score> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`It took longer than ${ms} ms.`)), ms);
  });
  try {
    const assertions = await Promise.race([scorer(attempt), late]);
    if (assertions.length > 0) return scoreOf(assertions);
    return unknownScore('The scorer asserted nothing.');
  } catch (error) {
    return unknownScore(`The scorer failed: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

const unknownScore = (reason: string): Score => scoreOf([{ name: 'score', verdict: 'unknown', reason }]);
