/**
 * What every policy that writes programs does with one.
 *
 * @module
 */
import type { ActionSpace, Decision, Finding } from '../record/index.ts';

/** A program to run, or the first of several to try where none of them could have an effect. */
export function toTry(
  program: string,
  most: number,
  space: ActionSpace,
  pull: (n: number) => Promise<string | undefined>,
): Decision {
  const harmless = space.tools.every((tool) => tool.effect === 'read');
  if (most === 1 || !harmless) return { kind: 'act', code: program };
  return { kind: 'candidates', first: program, most, pull };
}

/** What was wrong with the last program, told only from the second blocked one on. */
export function adviceOf(tries: number, findings: readonly Finding[]): string {
  if (tries < 2 || findings.length === 0) return '';
  const lines = findings
    .slice(0, 2)
    .map(({ message, remedy }) => `Avoid: ${message}${remedy === undefined ? '' : ` ${remedy}`}`);
  return `${lines.join('\n')}\n`;
}

/** Text that is a program, though no fence says so. */
export const LOOKS_LIKE_CODE = /^(?:const|let|var|await|async|function|import|console\.log|answer\()/m;
