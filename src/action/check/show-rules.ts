/**
 * A program shows what it worked out.
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
