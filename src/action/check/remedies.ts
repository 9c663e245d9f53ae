/**
 * What to do about what the compiler found, in a sentence for the model.
 *
 * @module
 */
import ts from 'typescript';
import { nearest } from '../nearest.ts';
import type { Compiled } from './compile.ts';
import { brief, isPromise, membersOf } from './nodes.ts';

const MESSAGE_CHARS = 300;

export function propertyRemedy(
  compiled: Compiled,
  diagnostic: ts.Diagnostic,
  access: { name: string; receiver?: ts.Expression; type: ts.Type } | undefined,
): string | undefined {
  const { checker } = compiled;
  const suggested = suggestedIn(diagnostic);
  if (suggested !== undefined) return `Did you mean \`${suggested}\`?`;
  if (access === undefined) return undefined;
  const [first] = membersOf(access.type);
  if (first === undefined) return undefined;
  if (isPromise(first)) return 'Await it first.';
  const element = checker.isArrayType(first) ? checker.getTypeArguments(first as ts.TypeReference)[0] : undefined;
  if (element !== undefined) {
    const isInElement = checker.getPropertyOfType(element, access.name) !== undefined;
    return isInElement
      ? 'It is an array: take one element, or go through all.'
      : 'It is an array, and has the methods of one.';
  }
  if ((first.flags & ts.TypeFlags.Object) === 0) return undefined;
  const names = checker.getPropertiesOfType(first).map(({ name }) => name);
  const meant = nearest(access.name, names);
  if (meant !== undefined) return `Did you mean \`${meant}\`?`;
  const within = withinRemedy(compiled, first, access);
  if (within !== undefined) return within;
  const holder = dataWith(compiled, access.name);
  if (holder !== undefined) {
    const shared = names.find((name) => declares(compiled.data.names.get(holder) ?? '', name));
    if (shared === undefined) return `\`${holder}\` has \`${access.name}\`.`;
    const written = access.receiver?.parent.getText() ?? '';
    const without = written === '' || written.length > 40 ? '' : `Leave \`${written}\` out: `;
    return `${without}\`${holder}.find(${sameRow(access, shared)})\` has it.`;
  }
  if (names.length === 0 || names.length > 40) return undefined;
  return [`It has ${names.slice(0, 12).join(', ')}.`, ...otherData(compiled, names)].join(' ');
}

/** What is looked for stands one level below: in the rows of a list, or in an object. */
function withinRemedy(
  { checker }: Compiled,
  type: ts.Type,
  { name, receiver }: { name: string; receiver?: ts.Expression },
): string | undefined {
  const own = receiver === undefined || receiver.getText().length > 20 ? 'it' : receiver.getText();
  for (const property of checker.getPropertiesOfType(type)) {
    const [inner] = membersOf(checker.getTypeOfSymbol(property));
    if (inner === undefined || (inner.flags & ts.TypeFlags.Object) === 0) continue;
    const isList = checker.isArrayType(inner);
    const element = isList ? checker.getTypeArguments(inner as ts.TypeReference)[0] : inner;
    if (element === undefined || checker.getPropertyOfType(element, name) === undefined) continue;
    return isList
      ? `Each of \`${own}.${property.name}\` has it: go through that list.`
      : `Did you mean \`${own}.${property.name}.${name}\`?`;
  }
  return undefined;
}

const MOST_OTHERS = 2;
const MOST_FIELDS = 8;

/** What the rows of other data have: what is looked for may stand there by another name. */
function otherData({ data }: Compiled, names: readonly string[]): string[] {
  const rows = [...data.names].flatMap(([name, type]) => {
    if (!/\}\[\];?\s*$/.test(type)) return [];
    const fields = [...type.matchAll(/[{;]\s*"?([\p{L}\p{N}_$]+)"?\??:/gu)].map(([, field = '']) => field);
    return fields.length === 0 || fields.every((field) => names.includes(field)) ? [] : [{ name, fields }];
  });
  if (rows.length > MOST_OTHERS) return [];
  return rows.map(({ name, fields }) => `\`${name}\` has ${fields.slice(0, MOST_FIELDS).join(', ')}.`);
}

/** Which row of other data belongs to this one, and has the value that the field is compared with. */
function sameRow({ name, receiver }: { name: string; receiver?: ts.Expression }, shared: string): string {
  const own = receiver === undefined || receiver.getText().length > 20 ? 'row' : receiver.getText();
  const compared = receiver?.parent.parent;
  const value =
    compared !== undefined &&
    ts.isBinaryExpression(compared) &&
    compared.operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken &&
    ts.isStringLiteral(compared.right)
      ? ` && one.${name} === ${compared.right.getText()}`
      : '';
  return `(one) => one.${shared} === ${own}.${shared}${value}`;
}

/** The data variable whose rows have a field of this name. */
function dataWith({ data }: Compiled, field: string): string | undefined {
  for (const [name, text] of data.names) if (declares(text, field)) return name;
  return undefined;
}

const declares = (type: string, field: string) =>
  new RegExp(`[{;]\\s*"?${field.replaceAll('$', '\\$')}"?\\??:`).test(type);

const HOST_NAMES =
  /^(?:fetch|require|process|document|window|fs|path|alert|prompt|axios|Buffer|URL|XMLHttpRequest|module|__dirname|localStorage|structuredClone|Intl)$/;

export function nameRemedy({ tools, data }: Compiled, diagnostic: ts.Diagnostic, node: ts.Node): string {
  const suggested = suggestedIn(diagnostic) ?? nearest(node.getText(), [...tools.names.keys(), ...data.names.keys()]);
  if (suggested !== undefined) return `Did you mean \`${suggested}\`?`;
  const names = [...data.names.keys(), ...tools.names.keys()];
  const some =
    names.length === 0 ? '' : ` There are: ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}.`;
  if (HOST_NAMES.test(node.getText())) return `Programs have the language and what is declared, no more.${some}`;
  return `Declare it first, or use what is declared.${some}`;
}

function suggestedIn(diagnostic: ts.Diagnostic): string | undefined {
  return /Did you mean (?:to (?:use|access) )?'([^']+)'/.exec(messageOf(diagnostic))?.[1];
}

export function unusableRemedy({ checker }: Compiled, used: ts.Expression, code: number): string {
  if (isPromise(checker.getTypeAtLocation(used))) return 'Await it first.';
  if (code === 2349 && used.getText() === 'answer') {
    return 'Give the variable `answer` another name: `answer(…)` gives the final answer.';
  }
  if (code === 2349) return `\`${brief(used)}\` is no function: leave the parentheses out.`;
  if (code === 2348) return `Write \`new ${brief(used)}\`.`;
  if (code === 2351) return `\`${brief(used)}\` is no class.`;
  return `\`${brief(used)}\` is no list: go through Object.entries(${brief(used, 20)}).`;
}

export const LATE_REMEDIES: { readonly [code: number]: string } = {
  1108: 'Call answer(value), or let the value stand as the last line.',
  1308: 'Make the function around it async.',
};

export function messageOf({ messageText }: ts.Diagnostic): string {
  const text = ts.flattenDiagnosticMessageText(messageText, ' ').replaceAll(/\s+/g, ' ');
  return text.length > MESSAGE_CHARS ? `${text.slice(0, MESSAGE_CHARS - 1)}…` : text;
}
