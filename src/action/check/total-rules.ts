/**
 * A total that goes on from row to row, and is compared at each.
 *
 * @module
 */
import ts from 'typescript';
import type { Compiled } from './compile.ts';
import { eachNode, unwrapped } from './nodes.ts';
import { type Report, warn } from './rule.ts';

/**
 * `for (const row of rows) { total += …; if (total < 100) count++; }`: begun before the loop, it is the total of all rows up to
 * there. Where the first row that passes the limit is looked for, that is what is meant: the loop ends there, or keeps that row alone.
 */
export function totalAcrossRows(compiled: Compiled, report: Report): void {
  eachNode(compiled, (node) => {
    const body = bodyOf(node);
    if (body === undefined) return;
    const { added, setAnew, compared } = usesIn(compiled, body);
    const total = compared.find(
      (one) => added.has(one.text) && !setAnew.has(one.text) && !isFirstLookedFor(one, body, ts.isForOfStatement(node)),
    );
    if (total === undefined) return;
    const message = `\`${total.text}\` holds all rows up to there when it is compared, not one.`;
    const remedy = `Declare \`${total.text}\` inside the loop, so that each row begins anew.`;
    warn(report, 'total-across-rows', total, message, remedy);
  });
}

/** What is done for each row: of `for … of`, of `forEach`. */
function bodyOf(node: ts.Node): ts.Node | undefined {
  if (ts.isForOfStatement(node)) return node.statement;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const [each] = node.arguments;
  if (node.expression.name.text !== 'forEach' || each === undefined) return undefined;
  return ts.isArrowFunction(each) || ts.isFunctionExpression(each) ? each.body : undefined;
}

interface Uses {
  added: Set<string>;
  setAnew: Set<string>;
  /** Compared with a number. */
  compared: ts.Identifier[];
}

function usesIn(compiled: Compiled, body: ts.Node): Uses {
  const uses: Uses = { added: new Set(), setAnew: new Set(), compared: [] };
  const walk = (node: ts.Node): void => {
    if (ts.isForStatement(node) || bodyOf(node) !== undefined) return;
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) uses.setAnew.add(node.name.text);
    if (ts.isBinaryExpression(node)) note(compiled, node, uses);
    ts.forEachChild(node, walk);
  };
  walk(body);
  return uses;
}

function note(compiled: Compiled, node: ts.BinaryExpression, { added, setAnew, compared }: Uses): void {
  const { kind } = node.operatorToken;
  const [left, right] = [unwrapped(node.left), unwrapped(node.right)];
  if (ORDERS.has(kind) && ts.isIdentifier(left) && isLimit(compiled, right)) compared.push(left);
  if (ORDERS.has(kind) && ts.isIdentifier(right) && isLimit(compiled, left)) compared.push(right);
  if (!ts.isIdentifier(left)) return;
  if (kind === ts.SyntaxKind.PlusEqualsToken && !ts.isNumericLiteral(right)) added.add(left.text);
  if (kind !== ts.SyntaxKind.EqualsToken) return;
  const parts = summandsOf(right);
  const isItself = (part: ts.Expression) => ts.isIdentifier(part) && part.text === left.text;
  if (!parts.some(isItself)) setAnew.add(left.text);
  else if (parts.some((part) => !isItself(part) && !ts.isNumericLiteral(part))) added.add(left.text);
}

/** `a + b + c`: the three. */
function summandsOf(expression: ts.Expression): ts.Expression[] {
  const node = unwrapped(expression);
  const isSum = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken;
  return isSum ? [...summandsOf(node.left), ...summandsOf(node.right)] : [node];
}

/** A number that stands there, or a constant that is one. */
const isLimit = ({ checker }: Compiled, node: ts.Expression): boolean =>
  ts.isNumericLiteral(node) || (ts.isIdentifier(node) && checker.getTypeAtLocation(node).isNumberLiteral());

const ORDERS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
]);

/** The row is looked for where the total passes the limit. */
function isFirstLookedFor(compared: ts.Identifier, body: ts.Node, canEnd: boolean): boolean {
  const branching = branchingOf(compared, body);
  if (branching === undefined) return false;
  if (canEnd && (has(branching, isExit) || (has(branching, ts.isContinueStatement) && hasAfter(branching, isExit))))
    return true;
  return isKeptOnce(branching, compared.text);
}

/** The `if` whose condition has the comparison. */
function branchingOf(node: ts.Node, body: ts.Node): ts.IfStatement | undefined {
  for (let at = node; at !== body; at = at.parent) {
    if (ts.isIfStatement(at.parent)) return at.parent.expression === at ? at.parent : undefined;
    if (ts.isStatement(at)) return undefined;
  }
  return undefined;
}

const isExit = (node: ts.Node) => ts.isBreakStatement(node) || ts.isReturnStatement(node) || ts.isThrowStatement(node);

/** A node of the same function is so. */
function has(node: ts.Node, is: (node: ts.Node) => boolean): boolean {
  return (
    is(node) || (!ts.isFunctionLike(node) && ts.forEachChild(node, (child) => has(child, is) || undefined) === true)
  );
}

/** A statement that follows is so. */
function hasAfter(statement: ts.Statement, is: (node: ts.Node) => boolean): boolean {
  const { parent } = statement;
  return ts.isBlock(parent) && parent.statements.some((other) => other.pos >= statement.end && has(other, is));
}

/** `if (sum > 200 && !day) day = row.day`, `if (sum > 200) day ??= row.day`: only the first is kept. */
function isKeptOnce(branching: ts.IfStatement, total: string): boolean {
  const asked = new Set<string>();
  const kept = new Set<string>();
  const read = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) asked.add(node.text);
    ts.forEachChild(node, read);
  };
  const isOnce = has(branching, (node) => {
    if (ts.isIfStatement(node)) read(node.expression);
    if (!ts.isBinaryExpression(node)) return false;
    const { kind } = node.operatorToken;
    if (OR_ELSE.has(kind)) read(node.left);
    if (kind === ts.SyntaxKind.EqualsToken && ts.isIdentifier(node.left)) kept.add(node.left.text);
    return kind === ts.SyntaxKind.QuestionQuestionEqualsToken || kind === ts.SyntaxKind.BarBarEqualsToken;
  });
  return isOnce || [...kept].some((name) => name !== total && asked.has(name));
}

const OR_ELSE: ReadonlySet<ts.SyntaxKind> = new Set([ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken]);
