/**
 * What a rule of the checker is.
 *
 * @module
 */
import type ts from 'typescript';
import type { Edit } from './edits.ts';
import type { CheckRuleName } from './rules.ts';

/** Something found, at a node of the program. */
export interface Found {
  rule: string;
  severity: 'block' | 'warn';
  message: string;
  remedy?: string;
  at: number;
}

/** What rules report to. */
export interface Report {
  found: Found[];
  edits: (Edit & { rule: CheckRuleName })[];
}

/** A rule that blocks. */
export function block(report: Report, rule: CheckRuleName, node: ts.Node, message: string, remedy: string): void {
  report.found.push({ rule, severity: 'block', message, remedy, at: node.getStart() });
}

/** A rule that only suspects. */
export function warn(report: Report, rule: CheckRuleName, node: ts.Node, message: string, remedy: string): void {
  report.found.push({ rule, severity: 'warn', message, remedy, at: node.getStart() });
}

/** A rule that mends, and says so. */
export function amend(report: Report, rule: CheckRuleName, node: ts.Node, message: string, edits: Edit[]): void {
  report.found.push({ rule, severity: 'warn', message, at: node.getStart() });
  report.edits.push(...edits.map((edit) => ({ ...edit, rule })));
}
