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

/** Milliseconds of a second, a minute, an hour, a day. */
const SPANS: ReadonlySet<number> = new Set([1_000, 60_000, 3_600_000, 86_400_000]);

/** `(last.day - first.day) / 86_400_000` of days that are texts is no number; as dates they are subtracted. */
export function textsSubtracted(compiled: Compiled, report: Report): void {
  eachNode(compiled, (node) => {
    if (!isOperation(node, ts.SyntaxKind.MinusToken) || !isDividedBySpan(node)) return;
    const texts = [node.left, node.right].filter(
      (operand) => !isNumber(compiled, operand) && !isMoment(compiled, operand),
    );
    if (texts.length === 0) return;
    const names = texts.map((text) => `\`${text.getText().slice(0, NAME_CHARS)}\``).join(' and ');
    const edits = texts.flatMap((text) => [
      { at: text.getStart(), length: 0, text: 'new Date(' },
      { at: text.end, length: 0, text: ').getTime()' },
    ]);
    amend(
      report,
      'texts-subtracted',
      node,
      `${names} ${texts.length > 1 ? 'are' : 'is'} no number; subtracted as a date.`,
      edits,
    );
  });
}

const NAME_CHARS = 40;

/** What is subtracted is divided by the milliseconds of a span of time, `Math.abs` of it too. */
function isDividedBySpan(node: ts.BinaryExpression): boolean {
  let inner: ts.Node = node;
  for (;;) {
    const { parent } = inner;
    const isAround =
      ts.isParenthesizedExpression(parent) ||
      (ts.isCallExpression(parent) && /^Math\.abs$/.test(parent.expression.getText()));
    if (!isAround) break;
    inner = parent;
  }
  const { parent } = inner;
  return isOperation(parent, ts.SyntaxKind.SlashToken) && parent.left === inner && SPANS.has(productOf(parent.right));
}

/** The product of the numbers that stand there; not a number where something else does. */
function productOf(expression: ts.Expression): number {
  const node = unwrapped(expression);
  if (ts.isNumericLiteral(node)) return Number(node.text);
  return isOperation(node, ts.SyntaxKind.AsteriskToken) ? productOf(node.left) * productOf(node.right) : Number.NaN;
}

const isNumber = ({ checker }: Compiled, expression: ts.Expression): boolean =>
  (checker.getTypeAtLocation(expression).flags & ts.TypeFlags.NumberLike) !== 0;

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
