/**
 * A list is no dictionary: what is stored in it under a text is lost to `length`, `sort`, loops and JSON.
 *
 * @module
 */
import ts from 'typescript';
import type { Compiled } from './compile.ts';
import { eachNode, referencesTo, unwrapped } from './nodes.ts';
import { type Report, warn } from './rule.ts';

/** A variable that begins as `[]`, is counted in by name, and is used as a list too: one of the two is lost. */
export function listByName(compiled: Compiled, report: Report): void {
  eachNode(compiled, (node) => {
    if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name) || node.initializer === undefined) return;
    if (!ts.isArrayLiteralExpression(unwrapped(node.initializer))) return;
    const symbol = compiled.checker.getSymbolAtLocation(node.name);
    if (symbol === undefined) return;
    const uses = referencesTo(compiled, symbol).filter((use) => use !== node.name);
    if (!uses.some((use) => isByText(compiled, use)) || !uses.some(isAsList)) return;
    const { text } = node.name;
    const message = `\`${text}\` is a list, and values are stored in it by name.`;
    warn(report, 'list-by-name', node, message, 'Count in an object: `const counts: Record<string, number> = {}`.');
  });
}

/** `list[member.club]`, `member.club in list`. */
function isByText({ checker }: Compiled, use: ts.Identifier): boolean {
  const { parent } = use;
  if (ts.isElementAccessExpression(parent)) return isText(checker, parent.argumentExpression);
  const isIn = ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InKeyword;
  return isIn && parent.right === use && isText(checker, parent.left);
}

/** A text that is not the key of a `for … in` loop: over a list, those are its places. */
function isText(checker: ts.TypeChecker, node: ts.Expression): boolean {
  const [declared] = checker.getSymbolAtLocation(node)?.declarations ?? [];
  const isKey = declared !== undefined && ts.isForInStatement(declared.parent.parent);
  return !isKey && (checker.getTypeAtLocation(node).flags & ts.TypeFlags.StringLike) !== 0;
}

/** `list.push(…)`, `list.length`, `for (… of list)`, `list = […]`, `answer(list)`. */
function isAsList(use: ts.Identifier): boolean {
  const { parent } = use;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === use;
  if (ts.isForOfStatement(parent)) return parent.expression === use;
  if (ts.isCallExpression(parent)) return ts.isIdentifier(parent.expression) && parent.expression.text === 'answer';
  return (
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    parent.left === use &&
    ts.isArrayLiteralExpression(unwrapped(parent.right))
  );
}
