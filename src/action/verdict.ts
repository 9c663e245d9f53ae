/**
 * From findings to a verdict.
 *
 * @module
 */
import type { Finding, Verdict } from '../record/index.ts';

/** Nothing was found. */
export const CLEAN: Verdict = { verdict: 'pass', rule: 'clean', reason: 'Nothing was found.', findings: [] };

/** The verdict that findings come to: the first block decides, else the first warning. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  const decisive = findings.find(({ severity }) => severity === 'block') ?? findings[0];
  if (decisive === undefined) return CLEAN;
  const { severity, rule, message, remedy } = decisive;
  const reason = remedy === undefined ? message : `${message} ${remedy}`;
  return { verdict: severity, rule, reason, findings: [...findings] };
}
