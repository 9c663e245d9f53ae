/**
 * Arguments of tools: what a tool surely refuses is not sent.
 *
 * The compiler alone is too strict here. Text of unknown content may well be one of the names a tool knows; only what no
 * run could make right is found.
 *
 * @module
 */
import ts from 'typescript';
import { nearest } from '../nearest.ts';
import type { Compiled } from './compile.ts';
import { brief, eachNode, elementOf, isFree, isOpen, isPromise, membersOf, toolOf, unwrapped } from './nodes.ts';
import { amend, block, type Report } from './rule.ts';

interface Wrong {
  node: ts.Node;
  message: string;
  remedy: string;
}

export function toolArguments(compiled: Compiled, report: Report, isDoubtful: (node: ts.Expression) => boolean): void {
  const { checker } = compiled;
  eachNode(compiled, (node) => {
    const tool = toolOf(compiled, node);
    if (tool === undefined || !ts.isCallExpression(node)) return;
    const parameter = checker.getResolvedSignature(node)?.parameters[0];
    const declaration = parameter?.valueDeclaration;
    if (parameter === undefined || declaration === undefined || !ts.isParameter(declaration)) return;
    if (node.arguments.some(ts.isSpreadElement)) return;
    const target = checker.getTypeOfSymbol(parameter);
    const shape = shapeText(compiled, tool, target);
    const [first, second] = node.arguments;
    if (first === undefined) {
      if (declaration.questionToken === undefined) {
        block(report, 'tool-arguments', node, `${tool} is called without its arguments.`, `Write ${shape}.`);
      }
      return;
    }
    if (isDoubtful(first)) return;
    const bare = second === undefined ? bareProperty(compiled, first, target) : undefined;
    if (bare !== undefined) {
      amend(
        report,
        'argument-bare',
        first,
        `${tool} takes one object; \`${brief(first)}\` was taken for its \`${bare}\`.`,
        [
          { at: first.getStart(), length: 0, text: `{ ${bare}: ` },
          { at: first.end, length: 0, text: ' }' },
        ],
      );
      return;
    }
    const wrong = wrongIn({ compiled, isDoubtful }, first, target, '');
    if (wrong !== undefined) {
      const remedy = wrong.remedy === '' ? `Write ${shape}.` : wrong.remedy;
      block(report, 'tool-arguments', wrong.node, `${tool}: ${wrong.message}`, remedy);
    } else if (second !== undefined) {
      block(
        report,
        'tool-arguments',
        second,
        `${tool} takes one object, and got ${node.arguments.length} arguments.`,
        `Write ${shape}.`,
      );
    }
  });
}

/** `price({ item: … })` */
function shapeText({ checker }: Compiled, tool: string, target: ts.Type): string {
  const names = checker
    .getPropertiesOfType(target)
    .filter(({ flags }) => (flags & ts.SymbolFlags.Optional) === 0)
    .map(({ name }) => `${name}: …`);
  return names.length === 0 ? `${tool}({})` : `${tool}({ ${names.join(', ')} })`;
}

/** The one property of a tool, for a call that gives its value alone. */
function bareProperty({ checker }: Compiled, argument: ts.Expression, target: ts.Type): string | undefined {
  if (target.isUnion()) return undefined;
  const properties = checker.getPropertiesOfType(target);
  const required = properties.filter(({ flags }) => (flags & ts.SymbolFlags.Optional) === 0);
  const [one, ...others] = required.length > 0 ? required : properties;
  if (one === undefined || others.length > 0 || checker.getIndexInfosOfType(target).length > 0) return undefined;
  const given = checker.getTypeAtLocation(argument);
  const isValue = membersOf(given).every(
    (member) =>
      (member.flags & (ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike)) !== 0 ||
      checker.isArrayType(member),
  );
  if (!isValue || membersOf(given).length === 0 || isSurelyWrong(checker, given, checker.getTypeOfSymbol(one)))
    return undefined;
  return one.name;
}

interface Looking {
  compiled: Compiled;
  isDoubtful(node: ts.Expression): boolean;
}

function wrongIn(looking: Looking, given: ts.Expression, target: ts.Type, path: string): Wrong | undefined {
  const { checker } = looking.compiled;
  const node = unwrapped(given);
  if (isFree(target) || looking.isDoubtful(node)) return undefined;
  const members = membersOf(target);
  if (ts.isObjectLiteralExpression(node)) {
    const objects = members.filter(
      (member) =>
        (member.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0 && !checker.isArrayType(member),
    );
    if (objects.length > 0) {
      const tries = objects.map((member) => wrongInObject(looking, node, member, path));
      return tries.includes(undefined) ? undefined : tries[0];
    }
  }
  if (ts.isArrayLiteralExpression(node)) {
    const [array] = members;
    const element = array === undefined || members.length > 1 ? undefined : elementOf(checker, array);
    if (element !== undefined) {
      for (const [at, one] of node.elements.entries()) {
        const wrong = ts.isSpreadElement(one) ? undefined : wrongIn(looking, one, element, `${path}[${at}]`);
        if (wrong !== undefined) return wrong;
      }
      return undefined;
    }
  }
  const type = checker.getTypeAtLocation(node);
  if (!isSurelyWrong(checker, type, target)) return undefined;
  const what = path === '' ? '' : `\`${path}\` `;
  const shown = checker.typeToString(target, undefined, ts.TypeFormatFlags.None);
  const options = members.flatMap((member) => (member.isStringLiteral() ? [member.value] : []));
  const meant = type.isStringLiteral() ? nearest(type.value, options) : undefined;
  return {
    node,
    message: `${what}expected ${shown}, got ${checker.typeToString(type)}.`,
    remedy: meant === undefined ? (path === '' ? '' : `Give ${shown}.`) : `Did you mean ${JSON.stringify(meant)}?`,
  };
}

function wrongInObject(
  looking: Looking,
  node: ts.ObjectLiteralExpression,
  target: ts.Type,
  path: string,
): Wrong | undefined {
  const { checker } = looking.compiled;
  const known = checker.getPropertiesOfType(target);
  const index = checker.getIndexInfosOfType(target).find(({ keyType }) => (keyType.flags & ts.TypeFlags.String) !== 0);
  const given = new Set<string>();
  let isWhole = true;
  for (const property of node.properties) {
    const { name } = property;
    const text = name === undefined || ts.isComputedPropertyName(name) ? undefined : (name as ts.Identifier).text;
    if (text === undefined) {
      isWhole = false;
      continue;
    }
    given.add(text);
    const at = path === '' ? text : `${path}.${text}`;
    const wanted = known.find((one) => one.name === text);
    if (wanted === undefined) {
      if (index !== undefined || isFree(target) || known.length === 0) continue;
      const names = known.map((one) => one.name);
      const meant = nearest(
        text,
        names.filter((one) => !node.properties.some((other) => other.name?.getText() === one)),
      );
      const remedy = meant === undefined ? `It takes ${names.slice(0, 12).join(', ')}.` : `Did you mean \`${meant}\`?`;
      return { node: property, message: `there is no \`${at}\` to give.`, remedy };
    }
    const type = checker.getTypeOfSymbol(wanted);
    const value = ts.isPropertyAssignment(property) ? property.initializer : undefined;
    const wrong = value === undefined ? wrongShort(looking, property, type, at) : wrongIn(looking, value, type, at);
    if (wrong !== undefined) return wrong;
  }
  if (!isWhole) return undefined;
  const missing = known.find(({ name, flags }) => (flags & ts.SymbolFlags.Optional) === 0 && !given.has(name));
  if (missing === undefined) return undefined;
  const at = path === '' ? missing.name : `${path}.${missing.name}`;
  return { node, message: `\`${at}\` is missing.`, remedy: '' };
}

function wrongShort(
  { compiled, isDoubtful }: Looking,
  property: ts.ObjectLiteralElementLike,
  target: ts.Type,
  path: string,
): Wrong | undefined {
  const { checker } = compiled;
  if (!ts.isShorthandPropertyAssignment(property) || isDoubtful(property.name)) return undefined;
  const symbol = checker.getShorthandAssignmentValueSymbol(property);
  const type = symbol === undefined ? undefined : checker.getTypeOfSymbolAtLocation(symbol, property.name);
  if (type === undefined || !isSurelyWrong(checker, type, target)) return undefined;
  const shown = checker.typeToString(target);
  return {
    node: property,
    message: `\`${path}\` expected ${shown}, got ${checker.typeToString(type)}.`,
    remedy: `Give ${shown}.`,
  };
}

const MOST_DEPTH = 6;

/** No value of the one type can be one of the other. */
export function isSurelyWrong(checker: ts.TypeChecker, given: ts.Type, wanted: ts.Type, depth = 0): boolean {
  if (isFree(given) || isFree(wanted) || depth > MOST_DEPTH) return false;
  const givens = membersOf(given);
  const wanteds = membersOf(wanted);
  if (givens.length === 0 || wanteds.length === 0) return false;
  return givens.every((one) => wanteds.every((other) => isApart(checker, one, other, depth)));
}

const { TypeFlags } = ts;

function isApart(checker: ts.TypeChecker, given: ts.Type, wanted: ts.Type, depth: number): boolean {
  if (isFree(given) || isFree(wanted)) return false;
  for (const kind of [TypeFlags.StringLike, TypeFlags.NumberLike, TypeFlags.BooleanLike, TypeFlags.BigIntLike]) {
    const isGiven = (given.flags & kind) !== 0;
    const isWanted = (wanted.flags & kind) !== 0;
    if (!isGiven && !isWanted) continue;
    // A date becomes text on its way to the tool.
    if (!isGiven)
      return (
        (given.flags & TypeFlags.Object) === 0 ||
        given.getProperty('toJSON') === undefined ||
        kind !== TypeFlags.StringLike
      );
    if (!isWanted) return true;
    return (
      (given.isLiteral() && wanted.isLiteral() && given.value !== wanted.value) ||
      isOtherBoolean(checker, given, wanted)
    );
  }
  if ((given.flags & TypeFlags.Object) === 0 || (wanted.flags & TypeFlags.Object) === 0) return false;
  if (isPromise(given)) return !isPromise(wanted);
  if (given.getCallSignatures().length > 0)
    return wanted.getCallSignatures().length === 0 && checker.getPropertiesOfType(wanted).length > 0;
  const element = elementOf(checker, wanted);
  if (element !== undefined) {
    const own = elementOf(checker, given);
    return own === undefined ? isPlain(checker, given) : isSurelyWrong(checker, own, element, depth + 1);
  }
  if (elementOf(checker, given) !== undefined)
    return checker.getPropertiesOfType(wanted).some((one) => !isOptional(one));
  return checker.getPropertiesOfType(wanted).some((one) => {
    const own = given.getProperty(one.name);
    if (own === undefined) return !isOptional(one) && !isOpen(checker, given);
    return isSurelyWrong(checker, checker.getTypeOfSymbol(own), checker.getTypeOfSymbol(one), depth + 1);
  });
}

const isOptional = ({ flags }: ts.Symbol) => (flags & ts.SymbolFlags.Optional) !== 0;

function isOtherBoolean(checker: ts.TypeChecker, given: ts.Type, wanted: ts.Type): boolean {
  const literal = TypeFlags.BooleanLiteral;
  return (
    (given.flags & literal) !== 0 &&
    (wanted.flags & literal) !== 0 &&
    checker.typeToString(given) !== checker.typeToString(wanted)
  );
}

/** An object that is surely no array. */
function isPlain(checker: ts.TypeChecker, type: ts.Type): boolean {
  return !isOpen(checker, type) && type.getProperty('length') === undefined;
}
