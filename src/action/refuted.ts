/**
 * Takes back doubts that the data themselves refute: a type does not show that each row is another group, nor that a text is a number.
 *
 * @module
 */
import type { DataVariable, Finding } from '../record/index.ts';
import { groupField } from './how-to-rank.ts';
import { withoutComments } from './numbers.ts';
import { accessTo, usedIn } from './task-columns.ts';
import { type VariationCase, valueIn } from './variations.ts';

export type RefutedCase = Pick<VariationCase, 'code' | 'now' | 'task' | 'data' | 'session' | 'result'>;

/** The findings without those that the session's data refute. */
export async function withoutRefuted(findings: readonly Finding[], refuted: RefutedCase): Promise<Finding[]> {
  const used = usedIn(withoutComments(refuted.code), refuted.data).filter(({ type }) => type.endsWith('[]'));
  const left: Finding[] = [];
  for (const finding of findings) {
    const test = TESTS[finding.rule]?.(used, refuted);
    if (test === undefined || (await valueIn(refuted.session, test, refuted.now)) !== true) left.push(finding);
  }
  return left;
}

/** An expression that is true where the finding is wrong. */
const TESTS: { readonly [rule: string]: (used: readonly DataVariable[], refuted: RefutedCase) => string | undefined } =
  {
    // Who has one row each is added up already.
    'groups-not-added': (used, { task }) => {
      const tests = used.flatMap((table) => {
        const by = groupField(table, task);
        return by === undefined
          ? []
          : [`new Set(${table.name}.map((row) => row${accessTo(by)})).size === ${table.name}.length`];
      });
      return tests.length === 0 ? undefined : tests.join(' && ');
    },
    // A room, a year, a code: the data have it as a text.
    'answer-is-number': (used, { result }) =>
      typeof result === 'string' && used.length > 0
        ? `[${used.map(({ name }) => name).join(', ')}].flat().some((row) => Object.values(row ?? {}).includes(${JSON.stringify(result)}))`
        : undefined,
  };
