/**
 * What to do where a program asks a row, or an id, for what only the row has that it names.
 *
 * The checker knows plain types alone. Which column names rows of which table stands in the shown ones.
 *
 * @module
 */
import type { DataVariable, Finding } from '../record/index.ts';
import { accessTo, fieldsIn, foundBy, optional, referencesOf } from './task-columns.ts';

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
  const named = new Map(data.map((one) => [one.name, one]));
  const isId = type === 'string' || type === 'number';
  for (const reference of referencesOf(data)) {
    const target = named.get(reference.variable);
    if (target === undefined || target.name === reference.from || !fieldsIn(target.type).includes(field)) continue;
    if (isId) return `It is an id of \`${target.name}\`: take \`${foundBy(reference, 'id')}${optional(field)}\`.`;
    if (reference.list || !isRowOf(named.get(reference.from)?.type ?? '', type)) continue;
    const own = `row${accessTo(reference.field)}`;
    if (field === reference.of) return `\`${own}\` is the \`${field}\` of \`${target.name}\`: take that.`;
    return `\`${target.name}\` has it: take \`${foundBy(reference, own)}${optional(field)}\`.`;
  }
  return undefined;
}

/** The compiler shortens long types. */
function isRowOf(table: string, type: string): boolean {
  const [begin = ''] = type.split(/\.\.\.|…/);
  return begin.length > 2 && table.startsWith(begin.replace(/[;\s}]+$/, ''));
}
