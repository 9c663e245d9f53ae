/**
 * Conditions that can never hold.
 *
 * @module
 */
import ts from 'typescript';
import type { Compiled } from './compile.ts';
import { eachNode, membersOf, unwrapped } from './nodes.ts';
import { amend, type Report } from './rule.ts';

/**
 * `order.supplier === "Delta" && …` beside `prices.find((one) => one.supplier === "Delta")`: orders have no supplier, and those that have one
 * are asked for theirs already. The condition is left out.
 */
export function foreignCondition(compiled: Compiled, report: Report): void {
  const compared: Comparison[] = [];
  eachNode(compiled, (node) => {
    const comparison = comparisonOf(compiled, node);
    if (comparison !== undefined) compared.push(comparison);
  });
  for (const { node, access, text, isKnown } of compared) {
    const joint = jointOf(node);
    if (isKnown || joint === undefined) continue;
    const own = compared.find((one) => one.isKnown && one.text === text && one.access.name.text === access.name.text);
    if (own === undefined) continue;
    const message = `\`${access.getText()}\` does not exist, and \`${own.access.getText()}\` is compared with ${JSON.stringify(text)}; the condition on the first was left out.`;
    amend(report, 'foreign-condition', node, message, [joint]);
    return;
  }
}

interface Comparison {
  node: ts.BinaryExpression;
  access: ts.PropertyAccessExpression;
  text: string;
  /** What is read from has such a field. */
  isKnown: boolean;
}

/** A field that is compared with a text: `row.supplier === "Delta"`. */
function comparisonOf({ checker }: Compiled, node: ts.Node): Comparison | undefined {
  if (!ts.isBinaryExpression(node)) return undefined;
  const { EqualsEqualsToken, EqualsEqualsEqualsToken } = ts.SyntaxKind;
  const { kind } = node.operatorToken;
  if (kind !== EqualsEqualsToken && kind !== EqualsEqualsEqualsToken) return undefined;
  const access = unwrapped(node.left);
  if (!ts.isPropertyAccessExpression(access) || !ts.isStringLiteralLike(node.right)) return undefined;
  const types = membersOf(checker.getTypeAtLocation(access.expression));
  if (types.length === 0 || types.some((type) => (type.flags & ts.TypeFlags.Object) === 0)) return undefined;
  const has = (type: ts.Type) =>
    checker.getPropertyOfType(type, access.name.text) !== undefined || checker.getIndexInfosOfType(type).length > 0;
  const isKnown = types.every(has);
  return { node, access, text: node.right.text, isKnown };
}

/** The cut that takes a condition and its `&&` away; none where it stands alone. */
function jointOf(node: ts.BinaryExpression) {
  const { parent } = node;
  if (!ts.isBinaryExpression(parent) || parent.operatorToken.kind !== ts.SyntaxKind.AmpersandAmpersandToken)
    return undefined;
  const [from, to] = parent.right === node ? [parent.left.end, node.end] : [node.getStart(), parent.right.getStart()];
  return { at: from, length: to - from, text: '' };
}
