/**
 * Names under another spelling: `{ base_price }` where `basePrice` was declared, because the parameter is spelt so; `mail.ask` where
 * the field is `asks`.
 *
 * @module
 */
import ts from 'typescript';
import type { Compiled } from './compile.ts';
import type { UnknownProperty } from './diagnose.ts';
import { eachNode } from './nodes.ts';
import { amend, type Report } from './rule.ts';

/** Names that only case and underscores tell apart are one. */
const plain = (name: string) => name.replaceAll('_', '').toLowerCase();

/** Names what is not declared by the one variable that is spelt alike. */
export function nameRespelt(compiled: Compiled, report: Report): void {
  const declared = namesIn(compiled);
  eachNode(compiled, (node) => {
    if (!ts.isIdentifier(node) || isDeclared(compiled, node)) return;
    const meant = declared.get(plain(node.text));
    if (meant === undefined || meant.size !== 1 || meant.has(node.text)) return;
    const [name = ''] = meant;
    const isShort = ts.isShorthandPropertyAssignment(node.parent);
    const edit = { at: node.getStart(), length: node.text.length, text: isShort ? `${node.text}: ${name}` : name };
    amend(report, 'name-respelt', node, `\`${node.text}\` is not declared; \`${name}\` was meant.`, [edit]);
  });
}

/** A field by the one name that is spelt alike. */
export function fieldRespelt(unknown: readonly UnknownProperty[], report: Report): void {
  for (const { node, name, names } of unknown) {
    const [meant, ...others] = names.filter((one) => isRespelt(name, one));
    if (meant === undefined || others.length > 0 || !NAME.test(meant)) continue;
    const isShort = ts.isBindingElement(node.parent) && node.parent.propertyName === undefined;
    const edit = { at: node.getStart(), length: node.getText().length, text: isShort ? `${meant}: ${name}` : meant };
    amend(report, 'field-respelt', node, `There is no field \`${name}\`; \`${meant}\` was meant.`, [edit]);
  }
}

const NAME = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;
const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const monthOf = (name: string) =>
  MONTHS.findIndex((month) => month === name || (name.length >= 3 && month.startsWith(name)));
const isPlural = (many: string, one: string) => one.length >= 3 && (many === `${one}s` || many === `${one}es`);

/** Case, underscores, one or many, and a month cut short. */
function isRespelt(written: string, name: string): boolean {
  const [one, other] = [plain(written), plain(name)];
  return (
    one === other ||
    isPlural(one, other) ||
    isPlural(other, one) ||
    (monthOf(one) >= 0 && monthOf(one) === monthOf(other))
  );
}

function isDeclared({ checker }: Compiled, node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) {
    return (checker.getShorthandAssignmentValueSymbol(parent)?.declarations ?? []).length > 0;
  }
  const isRead =
    (ts.isExpression(parent) && !(ts.isPropertyAccessExpression(parent) && parent.name === node)) ||
    (ts.isVariableDeclaration(parent) && parent.initializer === node) ||
    (ts.isPropertyAssignment(parent) && parent.initializer === node) ||
    ts.isTemplateSpan(parent) ||
    ts.isExpressionStatement(parent) ||
    ts.isReturnStatement(parent);
  // Assigned to, it is about to be declared.
  const isWritten =
    ts.isBinaryExpression(parent) && parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return !isRead || isWritten || (checker.getSymbolAtLocation(node)?.declarations ?? []).length > 0;
}

/** Variables of the program, of earlier ones, and data, by their plain spelling. */
function namesIn(compiled: Compiled): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  const add = (name: string) => names.set(plain(name), (names.get(plain(name)) ?? new Set()).add(name));
  for (const name of [...compiled.data.names.keys(), ...compiled.session.names.keys()]) add(name);
  eachNode(compiled, (node) => {
    if (!ts.isVariableDeclaration(node) && !ts.isBindingElement(node) && !ts.isParameter(node)) return;
    if (ts.isIdentifier(node.name)) add(node.name.text);
  });
  return names;
}
