/**
 * What a run came to, read off its log.
 *
 * @module
 */
import { cleanMessage } from '../action/index.ts';
import {
  isPoactError,
  type Json,
  type RunEvent,
  type RunResult,
  type RunStatus,
  type RunView,
} from '../record/index.ts';
import { openChildren } from './children.ts';
import { usageOf } from './spent.ts';

/** The result of a run that ended or waits. */
export function resultOf(view: RunView): RunResult {
  const end = view.last('run-end');
  const suspend = view.last('suspend');
  const waits = suspend !== undefined && suspend.seq > (end?.seq ?? -1);
  const common = { run: view.run, usage: usageOf(view), log: view.events().slice() };
  if (waits) return { ...common, status: 'suspended', why: whyWaiting(suspend, view), warnings: warningsOf(view) };
  const status: RunStatus = end?.status ?? 'stopped';
  return {
    ...common,
    status,
    why: end?.why ?? 'It has not ended.',
    warnings: end?.warnings ?? [],
    ...(end?.status === 'answered' && end.answer !== undefined ? { answer: end.answer } : {}),
  };
}

const WAITING = {
  approval: 'an approval of call',
  reply: 'a reply to question',
  doubt: 'word on whether this call happened:',
  later: 'what was put off:',
} as const;

function whyWaiting({ waiting }: RunEvent<'suspend'>, view: RunView): string {
  const children = [...view.project(openChildren).values()];
  const ofChild = (call: string) => children.some(({ key }) => key?.startsWith(`${call}/`));
  const own = waiting.filter(({ id }) => !ofChild(id)).map(({ for: what, id }) => `${WAITING[what]} ${id}`);
  const items = [...own, ...children.map(({ child }) => `run ${child} within it`)];
  return `It waits for ${items.join(', ') || 'somebody'}.`;
}

/** What the user should know of the answer: what its review found. */
export function warningsOf(view: RunView): string[] {
  const review = view.last('review');
  if (review?.what !== 'answer' || review.verdict !== 'warn') return [];
  const findings = (review.findings ?? []).map(({ message }) => message);
  return findings.length > 0 ? findings : [review.reason ?? review.rule];
}

/** A failure as the log holds it. */
export function failureOf(error: unknown): { code: string; message: string; facts?: { [key: string]: Json } } {
  if (isPoactError(error)) {
    const { code, message, facts } = error;
    return { code, message, ...(Object.keys(facts).length > 0 && { facts }) };
  }
  return { code: nameOf(error), message: cleanMessage(error) };
}

/** Anything may be thrown, and an error may say anything. */
function nameOf(error: unknown): string {
  try {
    if (error instanceof Error && typeof error.name === 'string' && error.name !== '') return error.name;
  } catch {
    // A proxy may throw when it is asked.
  }
  return 'Error';
}
