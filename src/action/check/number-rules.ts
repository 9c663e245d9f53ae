/**
 * What a program works out, worked out as it was meant.
 *
 * @module
 */
import ts from 'typescript';
import type { Compiled } from './compile.ts';
import { eachNode, unwrapped } from './nodes.ts';
import { amend, type Report } from './rule.ts';

/** `end.getTime() - begin.getTime() / DAY` takes a few thousand from a moment: the difference was to be divided. */
export function differenceDivided(compiled: Compiled, report: Report): void {
  eachNode(compiled, (node) => {
    if (!isOperation(node, ts.SyntaxKind.MinusToken) || !isMoment(compiled, node.left)) return;
    let divided: ts.Expression = node.right;
    while (isOperation(divided, ts.SyntaxKind.SlashToken)) divided = divided.left;
    if (divided === node.right || !isMoment(compiled, divided)) return;
    const message = 'Only the second time was divided; the difference of both is divided now.';
    amend(report, 'difference-divided', node, message, [
      { at: node.left.getStart(), length: 0, text: '(' },
      { at: divided.end, length: 0, text: ')' },
    ]);
  });
}

const isOperation = (node: ts.Node, operator: ts.SyntaxKind): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) && node.operatorToken.kind === operator;

/** A `Date`, or the number that stands for one. */
function isMoment({ checker }: Compiled, expression: ts.Expression): boolean {
  const node = unwrapped(expression);
  if (checker.getTypeAtLocation(node).symbol?.name === 'Date') return true;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const { name, expression: of } = node.expression;
  return name.text === 'getTime' || name.text === 'valueOf' || (name.text === 'parse' && of.getText() === 'Date');
}
