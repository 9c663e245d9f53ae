/**
 * What can be seen of a program without its types.
 *
 * @module
 */
import ts from 'typescript';

/** Names of a program. */
export interface Outline {
  /** Top-level names. */
  names: Set<string>;
  /** Every identifier in it. */
  used: Set<string>;
  /** Names it assigns to. */
  assigned: Set<string>;
  /** Names of properties it writes. */
  written: Set<string>;
}

/** Reads the names of a parsed program. */
export function outlineOf(file: ts.SourceFile): Outline {
  const made: Outline = { names: new Set(), used: new Set(), assigned: new Set(), written: new Set() };
  for (const statement of file.statements) for (const name of namesOf(statement)) made.names.add(name);
  const assign = (target: ts.Node): void => {
    if (ts.isIdentifier(target)) made.assigned.add(target.text);
    else if (ts.isPropertyAccessExpression(target)) made.written.add(target.name.text);
    else if (ts.isElementAccessExpression(target) && ts.isStringLiteralLike(target.argumentExpression)) {
      made.written.add(target.argumentExpression.text);
    } else if (ts.isObjectLiteralExpression(target) || ts.isArrayLiteralExpression(target))
      ts.forEachChild(target, assign);
    else if (ts.isPropertyAssignment(target)) assign(target.initializer);
    else if (ts.isShorthandPropertyAssignment(target)) made.assigned.add(target.name.text);
    else if (ts.isSpreadElement(target) || ts.isParenthesizedExpression(target)) assign(target.expression);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) made.used.add(node.text);
    else if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) assign(node.left);
    else if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && isStep(node.operator))
      assign(node.operand);
    else if (
      (ts.isForOfStatement(node) || ts.isForInStatement(node)) &&
      !ts.isVariableDeclarationList(node.initializer)
    ) {
      assign(node.initializer);
    } else if (ts.isCallExpression(node) && isWriting(node.expression)) {
      for (const argument of node.arguments) keysOf(argument, made.written);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return made;
}

/** `Object.assign(row, { total: 1 })` and `Object.defineProperty(row, 'total', …)` write properties. */
function isWriting(callee: ts.Expression): boolean {
  return (
    ts.isPropertyAccessExpression(callee) &&
    /^(?:assign|definePropert(?:y|ies)|setPrototypeOf|set)$/.test(callee.name.text)
  );
}

function keysOf(argument: ts.Expression, into: Set<string>): void {
  if (ts.isStringLiteralLike(argument)) into.add(argument.text);
  if (!ts.isObjectLiteralExpression(argument)) return;
  for (const { name } of argument.properties) {
    if (name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteralLike(name))) into.add(name.text);
  }
}

export function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

export function isStep(operator: ts.SyntaxKind): boolean {
  return operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;
}

/** The names a statement declares. */
export function namesOf(statement: ts.Node): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
  }
  if (!(ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement))) {
    return [];
  }
  return statement.name === undefined ? [] : [statement.name.text];
}

export function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(element.name)));
}
