/**
 * Rules about promises: one that is used as if it were its value gets its `await`, where that is certain.
 *
 * A mended program is compiled and looked at again, so that a function which became asynchronous is awaited in turn.
 *
 * @module
 */
import ts from 'typescript';
import type { Compiled } from './compile.ts';
import {
  brief,
  canAwait,
  containerOf,
  eachNode,
  type FunctionNode,
  isAsync,
  isPromise,
  isPromiseArray,
  referencesTo,
  toolOf,
  topStatements,
  unwrapped,
  wrapEdits,
} from './nodes.ts';
import { isAssignment } from './outline.ts';
import { amend, block, type Report } from './rule.ts';
import type { CheckRuleName } from './rules.ts';

const ALL = ['Promise.all(', ')'] as const;
const ON_PROMISES = new Set(['then', 'catch', 'finally', 'constructor']);
/** Methods that look at what a callback returns, and do not wait for it. */
const IMPATIENT = /^(?:filter|some|every|find|findIndex|findLast|findLastIndex|sort|toSorted|flatMap)$/;
const READERS =
  /^(?:console\.\w+|JSON\.stringify|Math\.\w+|Number|String|Boolean|parseInt|parseFloat|isNaN|isFinite|Number\.\w+|Object\.(?:keys|values|entries))$/;

/** Promises used as values, with `await-missing`; given to answer(), with `promise-in-answer`. */
export function awaitMissing(compiled: Compiled, report: Report): void {
  const mender = new Mender(compiled, report);
  eachNode(compiled, (node) => {
    for (const { use, rule } of usesIn(compiled, node)) mender.use(use, rule);
    if (ts.isAwaitExpression(node) && !canAwait(node)) mender.asynchronous(node);
    if (ts.isCallExpression(node)) impatient(compiled, report, node);
    if (ts.isExpressionStatement(node)) mender.statement(node);
  });
}

/** A call at the top level that nobody waits for: `main();` */
export function mainNotAwaited(compiled: Compiled, report: Report): void {
  for (const statement of topStatements(compiled)) {
    if (!ts.isExpressionStatement(statement)) continue;
    const call = unwrapped(statement.expression);
    if (!ts.isCallExpression(call) || toolOf(compiled, call) !== undefined || isChain(call)) continue;
    if (!isPromise(compiled.checker.getTypeAtLocation(call))) continue;
    const message = `Nobody waits for \`${brief(call)}\`; \`await\` was added.`;
    amend(report, 'main-not-awaited', call, message, wrapEdits(statement.expression));
  }
}

/** `work().catch(log)` says itself what happens next. */
function isChain(call: ts.CallExpression): boolean {
  return ts.isPropertyAccessExpression(call.expression) && ON_PROMISES.has(call.expression.name.text);
}

interface Use {
  use: ts.Expression;
  rule: CheckRuleName;
}

/** What stands in a node's value positions and is a promise, or an array of them where that matters. */
function usesIn(compiled: Compiled, node: ts.Node): Use[] {
  const { checker } = compiled;
  const uses: Use[] = [];
  const value = (expression: ts.Expression | undefined): void => {
    if (expression === undefined || !mayPromise(unwrapped(expression))) return;
    if (isPromise(checker.getTypeAtLocation(expression))) uses.push({ use: expression, rule: 'await-missing' });
  };
  /** Read whole: promises in its literals, too, and arrays of promises. */
  const whole = (expression: ts.Expression, rule: CheckRuleName): void => {
    const inner = unwrapped(expression);
    if (ts.isObjectLiteralExpression(inner)) {
      for (const property of inner.properties) {
        if (ts.isPropertyAssignment(property)) whole(property.initializer, rule);
        if (ts.isShorthandPropertyAssignment(property)) whole(property.name, rule);
      }
    } else if (ts.isArrayLiteralExpression(inner)) for (const element of inner.elements) whole(element, rule);
    else if (ts.isSpreadElement(inner)) whole(inner.expression, rule);
    else if (mayPromise(inner)) {
      const type = typeOf(compiled, inner);
      if (isPromise(type) || isPromiseArray(compiled, type)) uses.push({ use: expression, rule });
    }
  };
  if (ts.isPropertyAccessExpression(node)) {
    if (!ON_PROMISES.has(node.name.text)) value(node.expression);
  } else if (ts.isElementAccessExpression(node)) value(node.expression);
  else if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    if (isComputing(kind)) value(node.left);
    if (isComputing(kind) || isComputingAssignment(kind)) value(node.right);
    if (
      kind === ts.SyntaxKind.EqualsToken &&
      (ts.isObjectLiteralExpression(node.left) || ts.isArrayLiteralExpression(node.left))
    ) {
      value(node.right);
    }
  } else if (ts.isPrefixUnaryExpression(node)) value(node.operand);
  else if (ts.isTemplateSpan(node)) whole(node.expression, 'await-missing');
  else if (
    ts.isIfStatement(node) ||
    ts.isWhileStatement(node) ||
    ts.isDoStatement(node) ||
    ts.isSwitchStatement(node)
  ) {
    value(node.expression);
  } else if (ts.isConditionalExpression(node)) value(node.condition);
  else if (ts.isForOfStatement(node) && node.awaitModifier === undefined) value(node.expression);
  else if (ts.isSpreadElement(node) || ts.isSpreadAssignment(node)) value(node.expression);
  else if (ts.isVariableDeclaration(node) && !ts.isIdentifier(node.name)) value(node.initializer);
  else if (ts.isCallExpression(node)) {
    const isAnswer = ts.isIdentifier(node.expression) && node.expression.text === 'answer';
    if (isAnswer || toolOf(compiled, node) !== undefined || READERS.test(node.expression.getText())) {
      for (const argument of node.arguments) whole(argument, isAnswer ? 'promise-in-answer' : 'await-missing');
    }
  }
  return uses;
}

/** Whether an expression could be a promise at all: asking for the type of every part of a long sum takes long. */
function mayPromise(node: ts.Expression): boolean {
  if (ts.isBinaryExpression(node))
    return !isComputing(node.operatorToken.kind) && !isComputingAssignment(node.operatorToken.kind);
  return !(
    ts.isAwaitExpression(node) ||
    ts.isLiteralExpression(node) ||
    ts.isTemplateExpression(node) ||
    ts.isPrefixUnaryExpression(node) ||
    ts.isPostfixUnaryExpression(node) ||
    ts.isObjectLiteralExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node)
  );
}

function typeOf({ checker }: Compiled, node: ts.Expression): ts.Type {
  const { parent } = node;
  const symbol =
    ts.isShorthandPropertyAssignment(parent) && parent.name === node
      ? checker.getShorthandAssignmentValueSymbol(parent)
      : undefined;
  return symbol === undefined ? checker.getTypeAtLocation(node) : checker.getTypeOfSymbolAtLocation(symbol, node);
}

/** Comparison, equality and arithmetic: all that looks at its operands. */
function isComputing(kind: ts.SyntaxKind): boolean {
  return (
    kind >= ts.SyntaxKind.LessThanToken &&
    kind <= ts.SyntaxKind.CaretToken &&
    kind !== ts.SyntaxKind.EqualsGreaterThanToken
  );
}

function isComputingAssignment(kind: ts.SyntaxKind): boolean {
  return (
    isAssignment(kind) &&
    kind !== ts.SyntaxKind.EqualsToken &&
    kind !== ts.SyntaxKind.BarBarEqualsToken &&
    kind !== ts.SyntaxKind.AmpersandAmpersandEqualsToken &&
    kind !== ts.SyntaxKind.QuestionQuestionEqualsToken
  );
}

/** A callback that gives a promise where a value is looked at: `filter(async …)` keeps everything. */
function impatient(compiled: Compiled, report: Report, call: ts.CallExpression): void {
  const { checker } = compiled;
  const { expression } = call;
  if (!ts.isPropertyAccessExpression(expression) || !IMPATIENT.test(expression.name.text)) return;
  if (!checker.isArrayType(checker.getTypeAtLocation(expression.expression))) return;
  const callback = call.arguments[0] === undefined ? undefined : unwrapped(call.arguments[0]);
  if (callback === undefined || !(ts.isArrowFunction(callback) || ts.isFunctionExpression(callback))) return;
  const signature = checker.getSignatureFromDeclaration(callback);
  if (signature === undefined || !isPromise(checker.getReturnTypeOfSignature(signature))) return;
  const method = expression.name.text;
  block(
    report,
    'await-missing',
    callback,
    `\`${method}\` does not wait for a promise; every promise counts as true.`,
    `Get the values first, in a for…of loop with await, then ${method} them.`,
  );
}

/** Puts `await` where it belongs, each place once. */
class Mender {
  readonly #compiled: Compiled;
  readonly #report: Report;
  readonly #done = new Set<ts.Node>();

  constructor(compiled: Compiled, report: Report) {
    this.#compiled = compiled;
    this.#report = report;
  }

  use(use: ts.Expression, rule: CheckRuleName): void {
    const origin = this.#origin(unwrapped(use));
    if (origin !== undefined) {
      this.#wrap(origin.node, rule, use, origin.all);
      return;
    }
    const all = !isPromise(typeOf(this.#compiled, use));
    if (canAwait(use)) this.#wrap(use, rule, use, all);
    else this.#make(containerOf(use), rule, use);
  }

  /** Where a variable got its promise, or the array of promises a callback goes through. */
  #origin(use: ts.Expression): { node: ts.Expression; all: boolean } | undefined {
    if (!ts.isIdentifier(use)) return undefined;
    const { checker, file } = this.#compiled;
    const symbol = ts.isShorthandPropertyAssignment(use.parent)
      ? checker.getShorthandAssignmentValueSymbol(use.parent)
      : checker.getSymbolAtLocation(use);
    const declaration = symbol?.valueDeclaration;
    if (declaration === undefined || declaration.getSourceFile() !== file) return undefined;
    if (ts.isVariableDeclaration(declaration) && ts.isIdentifier(declaration.name) && declaration.initializer) {
      const { initializer } = declaration;
      if ((declaration.parent.flags & ts.NodeFlags.Const) === 0 || !canAwait(declaration)) return undefined;
      const type = checker.getTypeAtLocation(initializer);
      if (isPromise(type)) return { node: initializer, all: false };
      return isPromiseArray(this.#compiled, type) ? { node: initializer, all: true } : undefined;
    }
    if (!ts.isParameter(declaration)) return undefined;
    const call = ts.isCallExpression(declaration.parent.parent) ? declaration.parent.parent : undefined;
    if (call === undefined || !ts.isPropertyAccessExpression(call.expression)) return undefined;
    const receiver = call.expression.expression;
    if (!isPromiseArray(this.#compiled, checker.getTypeAtLocation(receiver)) || !canAwait(receiver)) return undefined;
    return { node: receiver, all: true };
  }

  #wrap(node: ts.Expression, rule: CheckRuleName, use: ts.Expression, all: boolean): void {
    if (this.#done.has(node)) return;
    this.#done.add(node);
    const [before, after] = all ? ALL : ['', ''];
    const { parent } = node;
    const isShort = ts.isShorthandPropertyAssignment(parent) && parent.name === node;
    const edits = isShort
      ? [{ at: node.end, length: 0, text: `: await ${before}${node.getText()}${after}` }]
      : wrapEdits(node, before, after);
    const what = all ? 'holds promises' : 'is a promise';
    amend(this.#report, rule, use, `\`${brief(use)}\` ${what}; \`await\` was added.`, edits);
  }

  /** `await` in a function that is not asynchronous. */
  asynchronous(node: ts.AwaitExpression): void {
    this.#make(containerOf(node), 'await-missing', node);
  }

  #make(container: ts.Node | undefined, rule: CheckRuleName, use: ts.Expression): void {
    if (container === undefined || this.#done.has(container)) return;
    this.#done.add(container);
    const start = this.#asyncPlace(container);
    if (start === undefined) {
      const remedy = 'Use a for…of loop with await at the top level, outside of this function.';
      block(
        this.#report,
        rule,
        use,
        `\`${brief(use)}\` needs \`await\`, and the function around it cannot wait.`,
        remedy,
      );
      return;
    }
    amend(this.#report, rule, use, `\`${brief(use)}\` needs \`await\`; the function around it was made async.`, [
      { at: start, length: 0, text: 'async ' },
    ]);
  }

  /** Where `async` goes, if everyone who calls the function can wait for it. */
  #asyncPlace(container: ts.Node): number | undefined {
    const { checker } = this.#compiled;
    if (!(ts.isFunctionDeclaration(container) || ts.isFunctionExpression(container) || ts.isArrowFunction(container)))
      return undefined;
    if (isAsync(container) || (!ts.isArrowFunction(container) && container.asteriskToken !== undefined))
      return undefined;
    const start = functionStart(container);
    if (ts.isFunctionDeclaration(container)) {
      return container.name !== undefined && this.#onlyCalled(container.name) ? start : undefined;
    }
    let outer: ts.Node = container;
    while (ts.isParenthesizedExpression(outer.parent)) outer = outer.parent;
    const { parent } = outer;
    if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) {
      return this.#onlyCalled(parent.name) ? start : undefined;
    }
    if (!ts.isCallExpression(parent)) return undefined;
    if (parent.expression === outer) return start;
    if (parent.arguments[0] !== outer && parent.expression.getText() !== 'Array.from') return undefined;
    if (!ts.isPropertyAccessExpression(parent.expression)) return undefined;
    const { name, expression } = parent.expression;
    if (ON_PROMISES.has(name.text)) return start;
    if (parent.expression.getText() === 'Array.from') return start;
    if (name.text !== 'map' && name.text !== 'forEach') return undefined;
    return checker.isArrayType(checker.getTypeAtLocation(expression)) ? start : undefined;
  }

  #onlyCalled(name: ts.Identifier): boolean {
    const symbol = this.#compiled.checker.getSymbolAtLocation(name);
    if (symbol === undefined) return false;
    return referencesTo(this.#compiled, symbol).every(
      (one) => one === name || (ts.isCallExpression(one.parent) && one.parent.expression === one),
    );
  }

  /** A tool call, or a pass over promises, that stands alone: what follows must not run before it is done. */
  statement(statement: ts.ExpressionStatement): void {
    const compiled = this.#compiled;
    const call = unwrapped(statement.expression);
    if (!ts.isCallExpression(call) || !canAwait(statement)) return;
    if (toolOf(compiled, call) !== undefined) {
      this.#wrap(statement.expression, 'await-missing', call, false);
      return;
    }
    if (!ts.isPropertyAccessExpression(call.expression) || !isFollowed(compiled, statement)) return;
    if (isPromiseArray(compiled, compiled.checker.getTypeAtLocation(call))) {
      this.#wrap(statement.expression, 'await-missing', call, true);
      return;
    }
    this.#forEach(call, call.expression);
  }

  /** `forEach` does not wait for its callback. Done one after another, nothing that the callback adds up is lost. */
  #forEach(call: ts.CallExpression, callee: ts.PropertyAccessExpression): void {
    const { checker } = this.#compiled;
    const [argument, ...more] = call.arguments;
    if (callee.name.text !== 'forEach' || argument === undefined || more.length > 0) return;
    const callback = unwrapped(argument);
    if (!(ts.isArrowFunction(callback) || ts.isFunctionExpression(callback)) || !isAsync(callback)) return;
    if (!checker.isArrayType(checker.getTypeAtLocation(callee.expression))) return;
    const from = callee.name.getStart();
    amend(
      this.#report,
      'await-missing',
      callee.name,
      '`forEach` does not wait for its async function; it was made to.',
      [
        { at: call.getStart(), length: 0, text: 'await ' },
        {
          at: from,
          length: argument.getStart() - from,
          text: 'reduce(async (before, ...each) => { await before; await (',
        },
        { at: argument.end, length: call.end - argument.end, text: ')(...each); }, undefined)' },
      ],
    );
  }
}

function functionStart(node: FunctionNode): number {
  if (ts.isArrowFunction(node)) return node.getStart();
  const keyword = node.getChildren().find(({ kind }) => kind === ts.SyntaxKind.FunctionKeyword);
  return keyword?.getStart() ?? node.getStart();
}

/** Something runs after a statement that may rest on it. */
function isFollowed({ length }: Compiled, statement: ts.Statement): boolean {
  const { parent } = statement;
  if (!ts.isBlock(parent) && !ts.isSourceFile(parent)) return true;
  const next = parent.statements[parent.statements.indexOf(statement) + 1];
  return next !== undefined && next.getStart() < length;
}
