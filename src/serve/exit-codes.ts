/**
 * What the exit code says. `docs/cli.md` and `--help` have the same table, and a test compares them.
 *
 * @module
 */
import type { RunStatus } from '../run/index.ts';

/** Every exit code, with its meaning. */
export const EXIT_CODES = {
  0: 'answered, or done',
  1: 'failed',
  2: 'wrong usage',
  3: 'suspended: waits for an approval or a reply',
  4: 'stopped by a limit',
  5: 'cancelled; the run can be resumed',
  6: 'a condition of `eval --fail-if` holds, or there is no figure to tell by',
  130: 'ended at once by a second Ctrl-C',
} as const;

export type ExitCode = keyof typeof EXIT_CODES;

const BY_STATUS: { readonly [Status in RunStatus]: ExitCode } = {
  answered: 0,
  failed: 1,
  suspended: 3,
  stopped: 4,
  cancelled: 5,
};

export const exitCodeOf = (status: RunStatus): ExitCode => BY_STATUS[status];

/** Wrong usage: the command line, not the run. */
export class UsageError extends Error {}
