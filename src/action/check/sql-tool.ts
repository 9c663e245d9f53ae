/**
 * Statements of SQL that are given to the wrong tool: an INSERT to the one that runs a SELECT.
 *
 * @module
 */
import ts from 'typescript';
import type { Compiled } from './compile.ts';
import { eachNode, toolOf } from './nodes.ts';
import { amend, type Report } from './rule.ts';
import { isStatement, type Statement } from './sql-statement.ts';

const VERBS = /\b(?:SELECT|INSERT|UPDATE|DELETE)\b/g;
/** A variable, the object it has, and the text in that. */
const MOST_STEPS = 4;

/** Calls the one tool whose description has the statement's verb. */
export function sqlTool(compiled: Compiled, report: Report): void {
  let tools: SqlTool[] | undefined;
  eachNode(compiled, (node) => {
    const name = toolOf(compiled, node);
    if (name === undefined || !ts.isCallExpression(node)) return;
    tools ??= toolsOf(compiled);
    const called = tools.find((tool) => tool.name === name);
    const [argument] = node.arguments;
    if (called === undefined || argument === undefined) return;
    const verb = verbOf(statementIn(compiled, argument, MOST_STEPS));
    if (verb === undefined || called.verbs.has(verb)) return;
    const [other, ...more] = tools.filter(({ verbs, takes }) => verbs.has(verb) && takes === called.takes);
    if (other === undefined || more.length > 0) return;
    const at = node.expression.getStart();
    const message = `${name} is not for ${verb}; ${other.name} is called.`;
    amend(report, 'sql-tool', node, message, [{ at, length: name.length, text: other.name }]);
  });
}

const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE']);

/** Runs a change once: `execute(args); answer(await execute(args))`, where only the second says what came of it. */
export function sqlTwice(compiled: Compiled, report: Report): void {
  eachNode(compiled, (node) => {
    if (!ts.isExpressionStatement(node) || !(ts.isBlock(node.parent) || ts.isSourceFile(node.parent))) return;
    const call = ts.isAwaitExpression(node.expression) ? node.expression.expression : node.expression;
    const [argument] = ts.isCallExpression(call) ? call.arguments : [];
    if (argument === undefined || toolOf(compiled, call) === undefined) return;
    if (!CHANGES.has(verbOf(statementIn(compiled, argument, MOST_STEPS)) ?? '')) return;
    const { statements } = node.parent;
    const again = (other: ts.Node): boolean =>
      (ts.isCallExpression(other) && other.getText() === call.getText()) ||
      (ts.forEachChild(other, (child) => again(child) || undefined) ?? false);
    if (!statements.slice(statements.indexOf(node) + 1).some(again)) return;
    const edits = [{ at: node.getStart(), length: node.end - node.getStart(), text: '' }];
    amend(report, 'sql-twice', node, 'The program makes the same change twice; it is made once.', edits);
  });
}

interface SqlTool {
  name: string;
  verbs: ReadonlySet<string>;
  /** The text of its parameters' types. */
  takes: string;
}

/** Tools whose descriptions name verbs of SQL. */
function toolsOf({ tools: { file } }: Compiled): SqlTool[] {
  return file.statements.flatMap((statement) => {
    if (!ts.isFunctionDeclaration(statement) || statement.name === undefined) return [];
    const comment = file.text.slice(statement.pos, statement.getStart(file));
    const verbs = new Set(comment.match(VERBS) ?? []);
    const takes = statement.parameters.map(({ type }) => type?.getText(file) ?? '').join();
    return verbs.size === 0 ? [] : [{ name: statement.name.text, verbs, takes }];
  });
}

function verbOf(statement: Statement | undefined): string | undefined {
  if (statement === undefined) return undefined;
  const text = ts.isTemplateExpression(statement) ? statement.head.text : statement.text;
  return /^\s*(select|insert|update|delete)\b/i.exec(text)?.[1]?.toUpperCase();
}

/** The one statement that an argument has in it, by way of constants that the program declares. */
function statementIn(compiled: Compiled, node: ts.Expression, steps: number): Statement | undefined {
  if (isStatement(node)) return node;
  if (steps === 0) return undefined;
  const inner = (one: ts.Expression) => statementIn(compiled, one, steps - 1);
  if (ts.isParenthesizedExpression(node)) return inner(node.expression);
  if (ts.isObjectLiteralExpression(node)) {
    for (const property of node.properties) {
      const found = ts.isPropertyAssignment(property)
        ? inner(property.initializer)
        : ts.isShorthandPropertyAssignment(property)
          ? inner(property.name)
          : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!ts.isIdentifier(node)) return undefined;
  const { checker, file } = compiled;
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
  const declaration = symbol?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration) || declaration.getSourceFile() !== file)
    return undefined;
  const isConstant = (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
  return isConstant && declaration.initializer !== undefined ? inner(declaration.initializer) : undefined;
}
