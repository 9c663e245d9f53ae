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
  pull: NonNullable<Decision['pull']>,
  least = 1,
): Decision {
  const harmless = space.tools.every((tool) => tool.effect === 'read');
  if (most === 1 || !harmless) return { kind: 'act', code: program };
  return { kind: 'candidates', first: program, most, ...(least > 1 && { least }), pull };
}

/** What a further program is told, and how it is sampled: greedily where the prompt is one that was not answered yet. */
export interface FurtherSample {
  hints: string;
  greedy: boolean;
}

/**
 * @param n Programs of the step that came before.
 * @param found What was found of each of them, in order.
 */
export function furtherSample(n: number, found: readonly (readonly Finding[])[] = []): FurtherSample {
  const hints = hintsOf(found.flat());
  const told = Array.from({ length: n }, (_, at) => hintsOf(found.slice(0, at).flat()));
  return { hints, greedy: !told.includes(hints) };
}

const HINTS = 2;
const MESSAGE_CHARS = 200;
/** A remedy that is an expression is of no use in part. */
const REMEDY_CHARS = 500;

/**
 * What blocked earlier programs, the last first, as facts for the next one, which does not see them: a small model that is shown its
 * failed program writes it again.
 */
export function hintsOf(findings: readonly Finding[]): string {
  const hints = findings.map(({ message, remedy = '' }) => {
    const what = message.replace(/ on type '.*?'(?=[.,]? |[.,]?$)/s, '').slice(0, MESSAGE_CHARS);
    return `${what} ${remedy.slice(0, REMEDY_CHARS)}`.trim();
  });
  return [...new Set(hints.toReversed())]
    .slice(0, HINTS)
    .map((hint) => `Note: ${hint}\n`)
    .join('');
}

/** Text that is a program, though no fence says so. */
export const LOOKS_LIKE_CODE = /^(?:const|let|var|await|async|function|import|console\.log|answer\()/m;
