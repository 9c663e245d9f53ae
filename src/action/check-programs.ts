/**
 * The type checker, told of tools, data and the session's earlier programs.
 *
 * @module
 */
import type { ProgramReview } from './review-program.ts';

/** Builds the check of one agent's programs. */
export function checkPrograms(): NonNullable<ProgramReview['check']> {
  return async () => ({ findings: [] });
}
