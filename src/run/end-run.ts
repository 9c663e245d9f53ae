/**
 * How a run ended or waits, as the log says it.
 *
 * @module
 */
import { isPoactError } from '../record/index.ts';
import { expiryOf } from './expire.ts';
import type { Limits } from './limits.ts';
import type { RunLog } from './log.ts';
import type { Ended } from './loop.ts';
import { failureOf, warningsOf } from './results.ts';

/** The log itself cannot be written: there is nowhere to say so. */
export function isOfStore(error: unknown): boolean {
  return isPoactError(error) && (error.code === 'store-failed' || error.code === 'run-busy');
}

/** Appends `run-end` or `suspend`. */
export function endRun(
  log: RunLog,
  ended: Ended | { error: unknown; cancelled: boolean },
  { waitMs }: Pick<Limits, 'waitMs'>,
): void {
  if ('error' in ended) {
    const error = failureOf(ended.error);
    const status =
      error.code === 'budget-exceeded'
        ? 'stopped'
        : ended.cancelled || error.code === 'cancelled'
          ? 'cancelled'
          : 'failed';
    log.append<'run-end'>({
      kind: 'run-end',
      by: 'loop',
      status,
      why: error.message,
      ...(status === 'failed' && { error }),
    });
  } else if (ended.status === 'suspended') {
    const { waiting } = ended;
    const until = expiryOf(log.view, waiting, waitMs);
    log.append<'suspend'>({ kind: 'suspend', by: 'loop', waiting, ...(until !== undefined && { until }) });
  } else if (ended.status === 'answered') {
    const warnings = warningsOf(log.view);
    log.append<'run-end'>({
      kind: 'run-end',
      by: 'loop',
      status: 'answered',
      why: 'It has an answer.',
      answer: ended.answer,
      ...(warnings.length > 0 && { warnings }),
    });
  } else log.append<'run-end'>({ kind: 'run-end', by: 'loop', ...ended });
}
