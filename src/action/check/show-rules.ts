/**
 * A program shows what it worked out, as one value.
 *
 * @module
 */
import ts from 'typescript';
import type { Compiled } from './compile.ts';
import { eachNode, referencesTo, topStatements, unwrapped } from './nodes.ts';
import { amend, type Report, warn } from './rule.ts';

/**
 * A small model works the result out, stores it in a last `const`, and stops. Where the program neither answers nor logs,
 * that variable is its value, as it would be at a prompt.
 */
export function resultNotShown(compiled: Compiled, report: Report): void {
  const last = topStatements(compiled).at(-1);
  if (last === undefined || !ts.isVariableStatement(last) || shows(compiled, isAnswer, isLog)) return;
  const declaration = last.declarationList.declarations.at(-1);
  if (declaration?.initializer === undefined || !ts.isIdentifier(declaration.name)) return;
  if (ts.isFunctionLike(unwrapped(declaration.initializer))) return;
  const { text } = declaration.name;
  const end = compiled.file.text.slice(0, compiled.length).trimEnd().length;
  const message = `The program ended without showing \`${text}\`; it was taken for the program’s value.`;
  amend(report, 'result-not-shown', declaration, message, [{ at: end, length: 0, text: `\n${text};` }]);
}

/** `answer(supplier, cost)` means both: an object of the names, or a list where a value has none. */
export function answerMany(compiled: Compiled, report: Report): void {
  eachNode(compiled, (node) => {
    if (!ts.isCallExpression(node) || node.arguments.length < 2) return;
    if (!ts.isIdentifier(node.expression) || node.expression.text !== 'answer') return;
    const [opening, closing] = node.arguments.every(ts.isIdentifier) ? ['{ ', ' }'] : ['[', ']'];
    const from = node.arguments[0]?.getStart() ?? node.arguments.pos;
    const to = node.arguments.at(-1)?.end ?? node.arguments.end;
    amend(report, 'answer-many', node, '`answer` takes one value; the values were put together.', [
      { at: from, length: 0, text: opening },
      { at: to, length: 0, text: closing },
    ]);
  });
}

/** A total that is summed up and then forgotten: the answer is probably not what was meant. */
export function resultUnused(compiled: Compiled, report: Report): void {
  if (!shows(compiled, isAnswer)) return;
  eachNode(compiled, (node) => {
    if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name)) return;
    const list = node.parent.parent;
    const { initializer } = node;
    if (ts.isForOfStatement(list) || ts.isForInStatement(list) || ts.isCatchClause(node.parent)) return;
    if (initializer !== undefined && ts.isFunctionLike(unwrapped(initializer))) return;
    if (initializer !== undefined && changesWhatIsRead(compiled, initializer)) return;
    const symbol = compiled.checker.getSymbolAtLocation(node.name);
    if (symbol === undefined) return;
    const uses = referencesTo(compiled, symbol).filter((use) => use !== node.name);
    const isWorked = uses.length > 0 || (initializer !== undefined && isWork(initializer));
    const amount = uses.length === 0 ? amountOf(node) : undefined;
    if (!(isWorked || amount !== undefined) || !uses.every(isOnlyWritten)) return;
    const { text } = node.name;
    const what = amount === undefined ? 'is worked out' : `is ${amount}`;
    const message = `\`${text}\` ${what}, and nothing reads it.`;
    warn(report, 'result-unused', node, message, `Use \`${text}\`, or leave it out.`);
  });
}

const CHANGING = /^(?:sort|reverse|splice|push|pop|shift|unshift|fill|copyWithin|set|add|delete)$/;

/** `const sorted = orders.sort(…)` beside `orders[0]`: the list itself was sorted. */
function changesWhatIsRead(compiled: Compiled, initializer: ts.Expression): boolean {
  const call = unwrapped(initializer);
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return false;
  if (!CHANGING.test(call.expression.name.text)) return false;
  let of: ts.Expression = unwrapped(call.expression.expression);
  while (ts.isPropertyAccessExpression(of) || ts.isElementAccessExpression(of)) of = unwrapped(of.expression);
  const symbol = ts.isIdentifier(of) ? compiled.checker.getSymbolAtLocation(of) : undefined;
  if (symbol === undefined) return false;
  const again = againFrom(initializer);
  return referencesTo(compiled, symbol).some(
    ({ pos, end }) => pos >= initializer.end || (again !== undefined && pos >= again.pos && end <= initializer.pos),
  );
}

/** The outermost loop or function around a node: what stands before the node there may run after it. */
function againFrom(node: ts.Node): ts.Node | undefined {
  let found: ts.Node | undefined;
  for (let at: ts.Node = node; at !== undefined; at = at.parent) {
    if (ts.isIterationStatement(at, false) || ts.isFunctionLike(at)) found = at;
  }
  return found;
}

/** `total += price;` as a statement of its own. */
function isOnlyWritten(node: ts.Identifier): boolean {
  const { parent } = node;
  if (!ts.isExpressionStatement(parent.parent)) return false;
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) return true;
  if (!ts.isBinaryExpression(parent)) return false;
  const { kind } = parent.operatorToken;
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment && parent.left === node;
}

/** The amount that a constant holds: a small model writes all numbers of its task down, and forgets one. */
function amountOf({ initializer, parent }: ts.VariableDeclaration): string | undefined {
  if (initializer === undefined || !ts.isNumericLiteral(initializer) || !(parent.flags & ts.NodeFlags.Const))
    return undefined;
  return Number(initializer.text) > 1 ? initializer.text : undefined;
}

/** Calls something or reckons. */
function isWork(node: ts.Expression): boolean {
  const value = unwrapped(node);
  return ts.isCallExpression(value) || ts.isAwaitExpression(value) || ts.isBinaryExpression(value);
}

const isAnswer = (callee: ts.Expression) => ts.isIdentifier(callee) && callee.text === 'answer';
const isLog = (callee: ts.Expression) =>
  ts.isPropertyAccessExpression(callee) && callee.expression.getText() === 'console';

/** It answers, or logs, somewhere. */
function shows(compiled: Compiled, ...ways: ((callee: ts.Expression) => boolean)[]): boolean {
  let found = false;
  eachNode(compiled, (node) => {
    if (ts.isCallExpression(node) && ways.some((way) => way(node.expression))) found = true;
  });
  return found;
}
