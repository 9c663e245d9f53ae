/**
 * What to do where a program asks a row, or an id, for what only the row has that it names.
 *
 * The checker knows plain types alone. Which column names rows of which table stands in the shown ones.
 *
 * @module
 */
import { referencesIn } from '../environment/index.ts';
import type { DataVariable, Finding } from '../record/index.ts';
import { foundBy } from './review-data.ts';
import { accessTo, fieldsIn } from './task-columns.ts';

const MISSING = /^Property '(.+?)' does not exist on type '(.+)'\.?$/s;

/** The findings, and how the row is found where one asks for a field that another table has. */
export function withReferenceRemedies(findings: readonly Finding[], data: readonly DataVariable[]): Finding[] {
  return findings.map((finding) => {
    const [, field, type] = MISSING.exec(finding.message) ?? [];
    const remedy = field === undefined || type === undefined ? undefined : remedyFor(field, type, data);
    return remedy === undefined ? finding : { ...finding, remedy };
  });
}

function remedyFor(field: string, type: string, data: readonly DataVariable[]): string | undefined {
  for (const { name: from, shown = '', type: own } of data) {
    for (const reference of referencesIn(shown)) {
      const target = data.find(({ name }) => name === reference.variable);
      if (target === undefined || target.name === from || !fieldsIn(target.type).includes(field)) continue;
      const isId = type === 'string' || type === 'number';
      if (!isId && !isRowOf(own, type)) continue;
      if (!isId && !reference.list && field === reference.of)
        return `\`row${accessTo(reference.field)}\` is the \`${field}\` of \`${target.name}\`: take that.`;
      const found = foundBy(reference, isId ? 'id' : `row${accessTo(reference.field)}`);
      if (isId) return `It is an id of \`${target.name}\`: take \`${found}?.${field}\`.`;
      if (!reference.list) return `\`${target.name}\` has it: take \`${found}?.${field}\`.`;
    }
  }
  return undefined;
}

/** The compiler shortens long types. */
function isRowOf(table: string, type: string): boolean {
  const [begin = ''] = type.split(/\.\.\.|…/);
  return begin.length > 2 && table.startsWith(begin.replace(/[;\s}]+$/, ''));
}
