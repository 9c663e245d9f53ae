/**
 * Small questions about nodes and types.
 *
 * @module
 */
import ts from 'typescript';
import type { Compiled } from './compile.ts';
import type { Edit } from './edits.ts';

/** Visits every node of the program itself. */
export function eachNode({ file, length }: Compiled, visit: (node: ts.Node) => void): void {
  const walk = (node: ts.Node): void => {
    // What is appended to the program is ours.
    if (node.pos > length || (node.parent === file && node.getStart() >= length)) return;
    visit(node);
    ts.forEachChild(node, walk);
  };
  ts.forEachChild(file, walk);
}

export const topStatements = ({ file, length }: Compiled): ts.Statement[] =>
  file.statements.filter((statement) => statement.getStart() < length);

export function unwrapped(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) ? unwrapped(node.expression) : node;
}

/** The name of the tool that a call calls, if it is the tool and not something of that name. */
export function toolOf({ checker, tools }: Compiled, node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
  const { text } = node.expression;
  if (!tools.names.has(text)) return undefined;
  const declaration = checker.getSymbolAtLocation(node.expression)?.declarations?.[0];
  return declaration?.getSourceFile() === tools.file ? text : undefined;
}

/** The members of a union; nullish ones are left out. */
export function membersOf(type: ts.Type): ts.Type[] {
  const members = type.isUnion() ? type.types : [type];
  return members.filter(
    ({ flags }) => (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null | ts.TypeFlags.Void)) === 0,
  );
}

/** Surely a promise. */
export function isPromise(type: ts.Type): boolean {
  const members = membersOf(type);
  return members.length > 0 && members.every((member) => member.symbol?.name === 'Promise' && !isFree(member));
}

/** Surely an array of promises. */
export function isPromiseArray({ checker }: Compiled, type: ts.Type): boolean {
  const element = elementOf(checker, type);
  return element !== undefined && isPromise(element);
}

export function elementOf(checker: ts.TypeChecker, type: ts.Type): ts.Type | undefined {
  if (!checker.isArrayType(type)) return undefined;
  return checker.getTypeArguments(type as ts.TypeReference)[0];
}

/** Anything goes. */
export function isFree({ flags }: ts.Type): boolean {
  return (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter | ts.TypeFlags.Never)) !== 0;
}

/** The compiler's mark for object literals of JavaScript, which may grow. */
const JS_LITERAL = 4_096;

/** An object that may have more than its type says. */
export function isOpen(checker: ts.TypeChecker, type: ts.Type): boolean {
  if (isFree(type)) return true;
  if (((type as ts.ObjectType).objectFlags & JS_LITERAL) !== 0 && (type.flags & ts.TypeFlags.Object) !== 0) return true;
  return checker.getIndexInfosOfType(type).some(({ keyType }) => (keyType.flags & ts.TypeFlags.String) !== 0);
}

export type FunctionNode = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction;

/** The function a node stands in; `undefined` at the top level. */
export function containerOf(node: ts.Node): ts.SignatureDeclaration | ts.ClassElement | undefined {
  for (let at: ts.Node | undefined = node.parent; at !== undefined; at = at.parent) {
    if (ts.isFunctionLike(at)) return at;
    if (ts.isPropertyDeclaration(at) || ts.isClassStaticBlockDeclaration(at)) return at;
  }
  return undefined;
}

/** Whether `await` may be written at a place. */
export function canAwait(node: ts.Node): boolean {
  const container = containerOf(node);
  return container === undefined || isAsync(container);
}

export function isAsync(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword)
  );
}

/** Is not taken apart by `await` before it. */
function isTight(node: ts.Expression): boolean {
  return (
    ts.isLeftHandSideExpression(node) &&
    !ts.isArrowFunction(node) &&
    !(ts.isNewExpression(node) && node.arguments === undefined)
  );
}

/** Edits that put `before … after` around an expression, with the parentheses it needs where it stands. */
export function wrapEdits(node: ts.Expression, before = '', after = ''): Edit[] {
  const { parent } = node;
  const isReceiver =
    ((ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent) || ts.isCallExpression(parent)) &&
      parent.expression === node) ||
    (ts.isTaggedTemplateExpression(parent) && parent.tag === node) ||
    (ts.isBinaryExpression(parent) &&
      parent.left === node &&
      parent.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskToken);
  const inner = before === '' && !isTight(node);
  const opening = `${isReceiver ? '(' : ''}await ${before}${inner ? '(' : ''}`;
  const closing = `${inner ? ')' : ''}${after}${isReceiver ? ')' : ''}`;
  const edits: Edit[] = [{ at: node.getStart(), length: 0, text: opening }];
  if (closing !== '') edits.push({ at: node.end, length: 0, text: closing });
  return edits;
}

/** Every identifier of the program that means a symbol. */
export function referencesTo(compiled: Compiled, symbol: ts.Symbol): ts.Identifier[] {
  const found: ts.Identifier[] = [];
  eachNode(compiled, (node) => {
    if (!ts.isIdentifier(node) || node.text !== symbol.name) return;
    const isShorthand = ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node;
    const meant = isShorthand
      ? compiled.checker.getShorthandAssignmentValueSymbol(node.parent)
      : compiled.checker.getSymbolAtLocation(node);
    if (meant === symbol) found.push(node);
  });
  return found;
}

/** A node as one short line. */
export function brief(node: ts.Node, chars = 60): string {
  const text = node.getText().replaceAll(/\s+/g, ' ');
  return text.length > chars ? `${text.slice(0, chars - 1)}…` : text;
}
