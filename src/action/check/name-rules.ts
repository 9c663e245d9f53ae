/**
 * Rules about names: what exists already is used, not made anew.
 *
 * @module
 */
import ts from 'typescript';
import type { Compiled } from './compile.ts';
import type { Edit } from './edits.ts';
import { brief, containerOf, eachNode, isAsync, referencesTo, topStatements, unwrapped } from './nodes.ts';
import { amend, block, type Report } from './rule.ts';

/** Programs have no modules to load. */
export function importUsed(compiled: Compiled, report: Report): void {
  eachNode(compiled, (node) => {
    const isImport =
      ts.isImportDeclaration(node) ||
      (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) ||
      (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) ||
      (ts.isCallExpression(node) &&
        ts.isIdentifier(node.expression) &&
        node.expression.text === 'require' &&
        isUndeclared(compiled, node.expression));
    if (!isImport) return;
    const remedy = 'Leave it out: tools and data are there already, as globals.';
    block(report, 'import-used', node, `Programs cannot load modules: \`${brief(node)}\`.`, remedy);
  });
}

function isUndeclared({ checker }: Compiled, node: ts.Identifier): boolean {
  return (checker.getSymbolAtLocation(node)?.declarations ?? []).length === 0;
}

/** A tool, and `answer`, exist; a function of its name would be made up. Other variables of its name are renamed. */
export function toolRedefined(compiled: Compiled, report: Report): void {
  const { tools } = compiled;
  const isGiven = (name: string) => name === 'answer' || tools.names.has(name);
  const remedy = (name: string) => `${name} exists already; leave this declaration out and call it.`;
  eachNode(compiled, (node) => {
    if ((ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) && node.name && isGiven(node.name.text)) {
      block(
        report,
        'tool-redefined',
        node,
        `The program declares its own \`${node.name.text}\`.`,
        remedy(node.name.text),
      );
    }
    if (!(ts.isVariableDeclaration(node) || ts.isBindingElement(node)) || !ts.isIdentifier(node.name)) return;
    const name = node.name.text;
    if (!isGiven(name)) return;
    const value = node.initializer === undefined ? undefined : unwrapped(node.initializer);
    if (
      value !== undefined &&
      (ts.isFunctionExpression(value) || ts.isArrowFunction(value) || ts.isClassExpression(value))
    ) {
      block(report, 'tool-redefined', node, `The program declares its own \`${name}\`.`, remedy(name));
      return;
    }
    // A variable named `answer` is how small models say their answer.
    if (tools.names.has(name)) renameTool(compiled, report, node, name);
  });
}

/** `const price = await price(…)` means the tool on the right, and takes it away on the left. */
function renameTool(
  compiled: Compiled,
  report: Report,
  declaration: ts.VariableDeclaration | ts.BindingElement,
  name: string,
): void {
  const symbol = compiled.checker.getSymbolAtLocation(declaration.name);
  if (symbol === undefined) return;
  const isCallee = (one: ts.Identifier) => ts.isCallExpression(one.parent) && one.parent.expression === one;
  const references = referencesTo(compiled, symbol);
  const root = rootDeclaration(declaration);
  const isTop = root !== undefined && containerOf(root) === undefined && isTopLevel(root);
  if (!isTop && !references.some(isCallee)) return;
  const free = freeName(compiled, `${name}Value`);
  const edits = references.filter((one) => !isCallee(one)).map((one) => renameEdit(one, free));
  amend(
    report,
    'tool-redefined',
    declaration,
    `\`${name}\` is a tool; the variable of that name was renamed to \`${free}\`.`,
    edits,
  );
}

function rootDeclaration(node: ts.Node): ts.VariableDeclaration | undefined {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent)
    if (ts.isVariableDeclaration(at)) return at;
  return undefined;
}

function isTopLevel(declaration: ts.VariableDeclaration): boolean {
  const statement = declaration.parent.parent;
  return ts.isVariableStatement(statement) && ts.isSourceFile(statement.parent);
}

function renameEdit(node: ts.Identifier, name: string): Edit {
  const { parent } = node;
  const isShort =
    ts.isShorthandPropertyAssignment(parent) ||
    (ts.isBindingElement(parent) &&
      parent.name === node &&
      parent.propertyName === undefined &&
      ts.isObjectBindingPattern(parent.parent) &&
      parent.dotDotDotToken === undefined);
  return { at: node.getStart(), length: node.text.length, text: isShort ? `${node.text}: ${name}` : name };
}

function freeName(compiled: Compiled, wanted: string): string {
  const used = new Set<string>([
    ...compiled.tools.names.keys(),
    ...compiled.data.names.keys(),
    ...compiled.session.names.keys(),
  ]);
  eachNode(compiled, (node) => {
    if (ts.isIdentifier(node)) used.add(node.text);
  });
  let name = wanted;
  for (let count = 2; used.has(name); count++) name = `${wanted}${count}`;
  return name;
}

/** Data are given; values of the program’s own in their place would be made up. */
export function dataRedefined(compiled: Compiled, report: Report): void {
  const { data } = compiled;
  eachNode(compiled, (node) => {
    if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name) || !data.names.has(node.name.text)) return;
    if (!ts.isVariableStatement(node.parent.parent)) return;
    const isTop = isTopLevel(node);
    const { initializer } = node;
    const isWiped = initializer === undefined || isEmpty(initializer);
    if (isWiped ? !isTop : !isLiteral(initializer)) return;
    const name = node.name.text;
    const message = `\`${name}\` is given data, and the program replaces it by values of its own.`;
    block(report, 'data-redefined', node, message, `Leave this declaration out and use \`${name}\`.`);
  });
}

function isEmpty(node: ts.Expression): boolean {
  const value = unwrapped(node);
  if (ts.isArrayLiteralExpression(value)) return value.elements.length === 0;
  return ts.isObjectLiteralExpression(value) && value.properties.length === 0;
}

/** Made of literals alone. */
function isLiteral(node: ts.Expression): boolean {
  const value = unwrapped(node);
  if (ts.isLiteralExpression(value)) return true;
  if ([ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword].includes(value.kind))
    return true;
  if (ts.isPrefixUnaryExpression(value)) return isLiteral(value.operand);
  if (ts.isArrayLiteralExpression(value)) return value.elements.every(isLiteral);
  if (ts.isObjectLiteralExpression(value)) {
    return value.properties.every((property) => ts.isPropertyAssignment(property) && isLiteral(property.initializer));
  }
  return ts.isCallExpression(value) && value.expression.getText() === 'JSON.parse' && value.arguments.every(isLiteral);
}

/** A program that only defines what it would do does nothing. */
export function mainNotCalled(compiled: Compiled, report: Report): void {
  const { checker, file } = compiled;
  const functions: { name: ts.Identifier; node: ts.SignatureDeclaration }[] = [];
  for (const statement of topStatements(compiled)) {
    if (ts.isFunctionDeclaration(statement) && statement.name)
      functions.push({ name: statement.name, node: statement });
    else if (ts.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations) {
        const value = initializer === undefined ? undefined : unwrapped(initializer);
        if (
          ts.isIdentifier(name) &&
          value !== undefined &&
          (ts.isArrowFunction(value) || ts.isFunctionExpression(value))
        ) {
          functions.push({ name, node: value });
        } else if (initializer !== undefined && hasCall(initializer)) return;
      }
    } else if (!ts.isEmptyStatement(statement)) return;
  }
  const uncalled = functions.filter(({ name }) => {
    const symbol = checker.getSymbolAtLocation(name);
    return symbol !== undefined && referencesTo(compiled, symbol).length === 1;
  });
  const [main, ...others] = uncalled;
  if (main === undefined || others.length > 0 || !works(compiled, main.node)) return;
  const required = main.node.parameters.filter((one) => !one.initializer && !one.dotDotDotToken && !one.questionToken);
  if (required.length > 0) return;
  const { text } = main.name;
  const call = `${isAsync(main.node) ? 'await ' : ''}${text}();`;
  const end = file.text.slice(0, compiled.length).trimEnd().length;
  amend(report, 'main-not-called', main.name, `\`${text}\` was defined and never called; a call was added.`, [
    { at: end, length: 0, text: `\n${call}` },
  ]);
}

function hasCall(node: ts.Node): boolean {
  let found = false;
  const visit = (inner: ts.Node): void => {
    if (ts.isCallExpression(inner) || ts.isAwaitExpression(inner)) found = true;
    else if (!ts.isFunctionLike(inner)) ts.forEachChild(inner, visit);
  };
  visit(node);
  return found;
}

/** It calls a tool, answers or logs: it is what the program is for, and no helper for later. */
function works({ tools }: Compiled, node: ts.Node): boolean {
  let found = false;
  const visit = (inner: ts.Node): void => {
    if (ts.isCallExpression(inner)) {
      const callee = inner.expression;
      if (ts.isIdentifier(callee) && (callee.text === 'answer' || tools.names.has(callee.text))) found = true;
      if (ts.isPropertyAccessExpression(callee) && callee.expression.getText() === 'console') found = true;
    }
    if (!found) ts.forEachChild(inner, visit);
  };
  visit(node);
  return found;
}

/** `return` at the end of a program means its value. */
export function returnAtTop(compiled: Compiled, report: Report): void {
  const statement = topStatements(compiled).at(-1);
  if (statement === undefined || !ts.isReturnStatement(statement) || statement.expression === undefined) return;
  const { expression } = statement;
  const message = 'A `return` outside of a function is no JavaScript; it was taken for the program’s value.';
  amend(report, 'return-at-top', statement, message, [
    { at: statement.getStart(), length: expression.getStart() - statement.getStart(), text: ';(' },
    { at: expression.end, length: 0, text: ')' },
  ]);
}

/** `total = 5` without a declaration throws. Where its first mention is that assignment, a declaration is certain. */
export function undeclared(compiled: Compiled, report: Report): void {
  const { checker, file } = compiled;
  const seen = new Set<string>();
  eachNode(compiled, (node) => {
    if (!ts.isIdentifier(node) || seen.has(node.text) || isPropertyName(node)) return;
    seen.add(node.text);
    const { parent } = node;
    const isFirst =
      ts.isBinaryExpression(parent) && parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    const isLoop = (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) && parent.initializer === node;
    if (!(isFirst || isLoop) || (checker.getSymbolAtLocation(node)?.declarations ?? []).length > 0) return;
    const inPlace =
      isLoop ||
      (ts.isForStatement(parent.parent) && parent.parent.initializer === parent) ||
      (ts.isExpressionStatement(parent.parent) && parent.parent.parent === file);
    const edit = inPlace
      ? { at: node.getStart(), length: 0, text: 'let ' }
      : { at: 0, length: 0, text: `let ${node.text}; ` };
    amend(report, 'undeclared', node, `\`${node.text}\` was never declared; a declaration was added.`, [edit]);
  });
}

/** `for (const order of order)` throws: the loop's variable hides what it goes through. It is given another name. */
export function loopHides(compiled: Compiled, report: Report): void {
  const { checker } = compiled;
  eachNode(compiled, (node) => {
    if (!ts.isForOfStatement(node) && !ts.isForInStatement(node)) return;
    const declaration = ts.isVariableDeclarationList(node.initializer) ? node.initializer.declarations[0] : undefined;
    if (declaration === undefined || !ts.isIdentifier(declaration.name)) return;
    const { text } = declaration.name;
    const symbol = checker.getSymbolAtLocation(declaration.name);
    if (symbol === undefined) return;
    const isGoneThrough = (one: ts.Identifier) =>
      one.getStart() >= node.expression.getStart() && one.end <= node.expression.end;
    const references = referencesTo(compiled, symbol);
    if (!references.some(isGoneThrough)) return;
    if (!checker.getSymbolsInScope(node.parent, ts.SymbolFlags.Variable).some(({ name }) => name === text)) return;
    const free = freeName(compiled, `${text}Item`);
    const edits = references.filter((one) => !isGoneThrough(one)).map((one) => renameEdit(one, free));
    const message = `The loop’s variable \`${text}\` hides what it goes through; it was renamed to \`${free}\`.`;
    amend(report, 'loop-hides', declaration, message, edits);
  });
}

/** A constant that is assigned to was meant to be a variable: assigning throws. */
export function constAssigned(compiled: Compiled, report: Report): void {
  const { checker } = compiled;
  const seen = new Set<ts.Node>();
  eachNode(compiled, (node) => {
    if (!ts.isIdentifier(node) || !isAssigned(node)) return;
    const declaration = checker.getSymbolAtLocation(node)?.valueDeclaration;
    const root = declaration === undefined ? undefined : rootDeclaration(declaration);
    if (root === undefined || root.getSourceFile() !== node.getSourceFile()) return;
    const list = root.parent;
    if (!ts.isVariableDeclarationList(list) || (list.flags & ts.NodeFlags.BlockScoped) !== ts.NodeFlags.Const) return;
    if (seen.has(list)) return;
    seen.add(list);
    const edit = { at: list.getStart(), length: 'const'.length, text: 'let' };
    amend(
      report,
      'const-assigned',
      node,
      `\`${node.text}\` is a constant and is assigned to; it was made a variable.`,
      [edit],
    );
  });
}

function isAssigned(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) {
    const { kind } = parent.operatorToken;
    return parent.left === node && kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
  }
  if (!ts.isPrefixUnaryExpression(parent) && !ts.isPostfixUnaryExpression(parent)) return false;
  return parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken;
}

function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  return ts.isPropertyAssignment(parent) && parent.name === node;
}
