/**
 * Programs that say in `.then(…)` what to do with a result, and in `.catch(…)` only that it failed.
 *
 * What such a program declares is gone when it ends, and a failure that it tells as a text is none that anyone can act on.
 *
 * @module
 */
import ts from 'typescript';
import type { Compiled } from './compile.ts';
import { isPromise, referencesTo, topStatements, unwrapped } from './nodes.ts';
import { amend, type Report } from './rule.ts';

/** Writes `work().then((rows) => { … }).catch(console.error)`, alone at the top level, as `const rows = await work(); …`. */
export function thenHandled(compiled: Compiled, report: Report): void {
  for (const statement of topStatements(compiled)) {
    if (!ts.isExpressionStatement(statement)) continue;
    const chain = chainOf(compiled, statement.expression);
    if (chain === undefined) continue;
    const { work, handler } = chain;
    const [parameter] = handler.parameters;
    const named = parameter === undefined ? '' : `const ${parameter.name.getText()} = `;
    const body = ts.isBlock(handler.body) ? handler.body.getText().slice(1, -1).trim() : `${handler.body.getText()};`;
    const inner = `${named}await ${work.getText()};\n${body}`;
    const text = isFree(compiled, handler) ? inner : `{\n${inner}\n}`;
    const at = statement.getStart();
    amend(report, 'then-handled', statement, '`.catch` only tells that it failed; the result is awaited instead.', [
      { at, length: statement.end - at, text },
    ]);
  }
}

interface Chain {
  work: ts.Expression;
  handler: ts.ArrowFunction | ts.FunctionExpression;
}

/** `work.then(handler).catch(tell)`. */
function chainOf(compiled: Compiled, expression: ts.Expression): Chain | undefined {
  const outer = unwrapped(expression);
  const end = methodCall(ts.isAwaitExpression(outer) ? unwrapped(outer.expression) : outer);
  const [tell] = end?.args ?? [];
  if (end?.method !== 'catch' || tell === undefined || !onlyTells(compiled, tell)) return undefined;
  const last = methodCall(end.receiver);
  const [argument, ...more] = last?.args ?? [];
  if (last?.method !== 'then' || argument === undefined || more.length > 0) return undefined;
  const handler = unwrapped(argument);
  if (!(ts.isArrowFunction(handler) || ts.isFunctionExpression(handler)) || handler.parameters.length > 1)
    return undefined;
  if (returns(handler) || !isPromise(compiled.checker.getTypeAtLocation(last.receiver))) return undefined;
  // What was handled before gives the value that is handled here.
  return methodCall(last.receiver) === undefined ? { work: last.receiver, handler } : undefined;
}

function methodCall(
  node: ts.Expression,
): { receiver: ts.Expression; method: string; args: readonly ts.Expression[] } | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { expression, name } = node.expression;
  return ['then', 'catch', 'finally'].includes(name.text)
    ? { receiver: unwrapped(expression), method: name.text, args: node.arguments }
    : undefined;
}

/** It says the error that it is given: `console.error`, or a function of one statement that names its parameter. */
function onlyTells(compiled: Compiled, tell: ts.Expression): boolean {
  const handler = unwrapped(tell);
  if (/^console\.\w+$/.test(handler.getText())) return true;
  if (!(ts.isArrowFunction(handler) || ts.isFunctionExpression(handler))) return false;
  const [parameter] = handler.parameters;
  if (parameter === undefined || !ts.isIdentifier(parameter.name)) return false;
  const said: readonly ts.Node[] = ts.isBlock(handler.body) ? handler.body.statements : [handler.body];
  const symbol = compiled.checker.getSymbolAtLocation(parameter.name);
  const uses = symbol === undefined ? [] : referencesTo(compiled, symbol);
  return said.every((one) => {
    const call = ts.isExpressionStatement(one) ? one.expression : one;
    if (!ts.isCallExpression(call) || !/^(?:console\.\w+|answer)$/.test(call.expression.getText())) return false;
    return call.expression.getText() !== 'answer' || uses.some((use) => use.pos >= call.pos && use.end <= call.end);
  });
}

/** It gives a value, or goes on to another `return`. */
function returns(handler: Chain['handler']): boolean {
  let found = false;
  const walk = (node: ts.Node): void => {
    if (ts.isReturnStatement(node)) found = true;
    else if (!ts.isFunctionLike(node)) ts.forEachChild(node, walk);
  };
  walk(handler.body);
  return found;
}

/** Nothing that the handler declares stands elsewhere at the top level. */
function isFree({ own, session }: Compiled, handler: Chain['handler']): boolean {
  const [parameter] = handler.parameters;
  if (parameter !== undefined && !ts.isIdentifier(parameter.name)) return false;
  const statements = ts.isBlock(handler.body) ? handler.body.statements : [];
  const names = [
    ...(parameter === undefined ? [] : [parameter.name.getText()]),
    ...statements.flatMap((statement) =>
      ts.isVariableStatement(statement)
        ? statement.declarationList.declarations.map(({ name }) => name.getText())
        : ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)
          ? [statement.name?.text ?? '']
          : [],
    ),
  ];
  return new Set(names).size === names.length && !names.some((name) => own.names.has(name) || session.names.has(name));
}
