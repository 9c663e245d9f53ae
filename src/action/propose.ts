/**
 * Which value of a program is proposed as the answer.
 *
 * `answer(value)` always proposes. A small model often only logs its result; then the last thing logged is proposed
 * where it stands alone and the plan, if there is one, is done. Whatever is proposed is reviewed as an answer.
 *
 * @module
 */
import type { Json } from '../record/index.ts';
import type { History } from './history.ts';
import type { Facts } from './session-state.ts';

/** Ways to propose beside `answer(value)`. */
export interface ProposeOptions {
  /** A variable named `answer`, `finalAnswer` or `result` that is logged last. @default true */
  variable?: boolean;
  /** The one scalar a program logs, or its last value, where it looks at nothing else. @default true */
  log?: boolean;
}

export type Proposed = { value: Json; how: 'answer' | 'log' | 'variable' };

const NAMED = /\b(?:console\.log\s*\(\s*)?(answer|finalAnswer|final_answer|result|finalResult)\s*\)?\s*;?\s*$/;

/** An expression that looks around instead of working something out. */
const LOOKS_AROUND = /\.length\b|\btypeof\b|Object\.(?:keys|entries)|\[\s*0\s*\]\s*\)?\s*;?\s*$/;

/** Longest text that a log proposes: a longer one is something to read. */
const PROPOSED_CHARS = 400;

/** The proposal, if the program makes one. */
export function proposalOf(
  facts: Facts,
  code: string,
  past: History,
  options: ProposeOptions = {},
): Proposed | undefined {
  const { variable = true, log = true } = options;
  if (facts.error !== undefined) return undefined;
  if (facts.answer !== undefined) return { value: facts.answer.value, how: 'answer' };
  if (!planIsDone(past, 1)) return undefined;
  const last = lastShown(facts);
  if (last === undefined) return undefined;
  const statement = lastLine(code);
  if (variable && NAMED.test(statement)) return { value: last, how: 'variable' };
  const alone = facts.logs.length + (facts.value === undefined ? 0 : 1) === 1;
  if (log && alone && isScalar(last) && !LOOKS_AROUND.test(statement)) return { value: last, how: 'log' };
  return undefined;
}

/** A plan is done when as many programs and calls went well since it was made as it has steps; `unseen` ones are not observed yet. */
export function planIsDone({ plan, observations }: Pick<History, 'plan' | 'observations'>, unseen: number): boolean {
  if (plan === undefined) return true;
  const steps = plan.text.split('\n').filter((line) => /^\s*(?:\d+[.)]|[-*•])\s+\S/.test(line)).length;
  const went = observations.filter(({ of, state }) => of > plan.seq && state === 'done');
  return went.length + unseen >= steps;
}

/** The last single value that was shown. */
function lastShown({ logs, value }: Facts): Json | undefined {
  if (value?.json !== undefined) return value.json;
  const last = logs.at(-1);
  return last === undefined ? undefined : (last.value ?? last.text);
}

function lastLine(code: string): string {
  const lines = code.split('\n').map((line) => line.replace(/\/\/.*$/, '').trim());
  return lines.filter((line) => line !== '' && line !== '}').at(-1) ?? '';
}

function isScalar(value: Json): boolean {
  if (typeof value === 'string')
    return value.trim() !== '' && value.length <= PROPOSED_CHARS && !/^[[{]/.test(value.trim());
  return typeof value === 'number' || typeof value === 'boolean';
}
