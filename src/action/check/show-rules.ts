/**
 * A program shows what it worked out, as one value.
 *
 * @module
 */
import ts from 'typescript';
import type { Compiled } from './compile.ts';
import { eachNode, topStatements, unwrapped } from './nodes.ts';
import { amend, type Report } from './rule.ts';

/**
 * A small model works the result out, stores it in a last `const`, and stops. Where the program neither answers nor logs,
 * that variable is its value, as it would be at a prompt.
 */
export function resultNotShown(compiled: Compiled, report: Report): void {
  const last = topStatements(compiled).at(-1);
  if (last === undefined || !ts.isVariableStatement(last) || shows(compiled)) return;
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

/** It answers or logs somewhere. */
function shows(compiled: Compiled): boolean {
  let found = false;
  eachNode(compiled, (node) => {
    if (!ts.isCallExpression(node)) return;
    const callee = node.expression;
    if (ts.isIdentifier(callee) && callee.text === 'answer') found = true;
    if (ts.isPropertyAccessExpression(callee) && callee.expression.getText() === 'console') found = true;
  });
  return found;
}
