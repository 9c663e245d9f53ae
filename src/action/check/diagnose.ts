/**
 * What the compiler says, sorted: what surely fails at run time blocks, the rest warns or is left out.
 *
 * @module
 */
import ts from 'typescript';
import type { Compiled } from './compile.ts';
import { containerOf, eachNode, isFree, isOpen, isPromise, membersOf, referencesTo, unwrapped } from './nodes.ts';
import { LATE_REMEDIES, messageOf, nameRemedy, propertyRemedy, unusableRemedy } from './remedies.ts';
import type { Found } from './rule.ts';

/** A name that is not there. */
const UNKNOWN_NAME = new Set([
  2304, 2552, 2503, 2580, 2581, 2582, 2583, 2584, 2591, 2592, 2593, 2693, 2708, 18_004, 2585, 2868,
]);
/** A property that is not there. */
const UNKNOWN_PROPERTY = new Set([2339, 2551, 2550, 2568]);
/** Errors of syntax that only the checker sees. */
const LATE_SYNTAX = new Set([
  1100, 1101, 1102, 1103, 1104, 1105, 1107, 1108, 1114, 1116, 1121, 1162, 1163, 1212, 1213, 1214, 1215, 1308, 1359,
  2364, 2357, 2462, 2480, 2487, 2777, 2778, 2779, 2781,
]);
/** Calls and loops over what cannot be called or gone through. */
const UNUSABLE = new Set([2349, 2348, 2351, 2488, 2495, 2548, 2549, 2763]);
/** Types that do not fit: they say something of a variable, and nothing of what happens at run time. */
const MISFIT = new Set([
  2322, 2345, 2769, 2739, 2740, 2741, 2353, 2554, 2555, 2362, 2363, 2365, 2367, 2561, 2559, 2820,
]);
/** What is worth a warning: the rest is the compiler's taste. */
const WARNED = new Set([2345, 2769, 2554, 2555, 2362, 2363, 2365, 2367, 2448, 2454, 2721, 2722, 2723]);
/** Arithmetic on what is no number: with texts and dates it mostly works, with objects it does not. */
const ARITHMETIC = new Set([2362, 2363, 2365]);

/** Expressions whose type is not what the compiler thinks, because something that does not fit was put there. */
export type Doubt = (node: ts.Expression) => boolean;

/** The compiler's diagnostics of the program itself. */
export function diagnosticsOf({ program, file, length }: Compiled): {
  syntax: readonly ts.Diagnostic[];
  types: () => readonly ts.Diagnostic[];
} {
  const own = (one: ts.Diagnostic) => one.start === undefined || one.start <= length;
  return {
    // What is wrong behind its end is what the program left open.
    syntax: program.getSyntacticDiagnostics(file).filter(({ code }) => code < 8_000 || code >= 9_000),
    types: () =>
      program.getSemanticDiagnostics(file).filter((one) => own(one) && one.category === ts.DiagnosticCategory.Error),
  };
}

export function syntaxFound(diagnostics: readonly ts.Diagnostic[]): Found[] {
  return diagnostics.slice(0, 1).map((one) => ({
    rule: 'syntax',
    severity: 'block',
    message: messageOf(one),
    remedy: 'Write the whole program again, as plain JavaScript.',
    at: one.start ?? 0,
  }));
}

/** Which variables hold something else than the compiler thinks. */
export function doubtOf(compiled: Compiled, diagnostics: readonly ts.Diagnostic[]): Doubt {
  const { checker, file } = compiled;
  const doubtful = new Set<ts.Symbol>();
  for (const { code, start } of diagnostics) {
    if (!MISFIT.has(code) || start === undefined) continue;
    for (let at: ts.Node | undefined = nodeAt(file, start); at !== undefined && !ts.isBlock(at); at = at.parent) {
      const target = ts.isBinaryExpression(at)
        ? at.left
        : ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression)
          ? at.expression.expression
          : ts.isVariableDeclaration(at) && ts.isIdentifier(at.name)
            ? at.name
            : undefined;
      const root = target === undefined ? undefined : rootOf(target);
      const symbol = root === undefined ? undefined : checker.getSymbolAtLocation(root);
      // Tools and data are what they are declared to be.
      if (symbol?.valueDeclaration?.getSourceFile() === file) doubtful.add(symbol);
    }
  }
  eachNode(compiled, (node) => {
    if (!ts.isVariableDeclaration(node) || node.initializer === undefined || !keepsRow(compiled, node.initializer))
      return;
    const symbol = checker.getSymbolAtLocation(node.name);
    if (symbol !== undefined) doubtful.add(symbol);
  });
  const seen = new Map<ts.Symbol, boolean>();
  const isDoubtful = (node: ts.Node): boolean => {
    const root = rootOf(node);
    const symbol = root === undefined ? undefined : checker.getSymbolAtLocation(root);
    if (symbol === undefined) return false;
    if (doubtful.has(symbol)) return true;
    const known = seen.get(symbol);
    if (known !== undefined) return known;
    seen.set(symbol, false);
    const origin = symbol.valueDeclaration === undefined ? undefined : originOf(symbol.valueDeclaration);
    const result = origin !== undefined && isDoubtful(origin);
    seen.set(symbol, result);
    return result;
  };
  return (node) => doubtful.size > 0 && isDoubtful(node);
}

/**
 * `rows.reduce((most, row) => (row.eur > most.eur ? row : most), { eur: 0 })`: the compiler takes the beginning's type, and what
 * comes out is a whole row.
 */
function keepsRow(compiled: Compiled, initializer: ts.Expression): boolean {
  const call = unwrapped(initializer);
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return false;
  const [callback, beginning] = call.arguments;
  if (call.expression.name.text !== 'reduce' || callback === undefined || !ts.isFunctionLike(callback)) return false;
  if (beginning === undefined || !ts.isObjectLiteralExpression(unwrapped(beginning))) return false;
  const row = callback.parameters[1];
  const symbol = row === undefined ? undefined : compiled.checker.getSymbolAtLocation(row.name);
  if (symbol === undefined) return false;
  return referencesTo(compiled, symbol).some((use) => use !== row?.name && isGivenOut(use));
}

/** The value itself, and not a part of it. */
const isGivenOut = ({ parent }: ts.Identifier): boolean =>
  ts.isReturnStatement(parent) || ts.isConditionalExpression(parent) || ts.isArrowFunction(parent);

/** The variable an expression begins with. */
function rootOf(node: ts.Node): ts.Identifier | undefined {
  if (ts.isIdentifier(node)) return node;
  if (
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isCallExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isSpreadElement(node)
  ) {
    return rootOf(node.expression);
  }
  return undefined;
}

/** Where a variable's value comes from. */
function originOf(declaration: ts.Node): ts.Node | undefined {
  if (ts.isBindingElement(declaration)) return originOf(declaration.parent.parent);
  if (ts.isVariableDeclaration(declaration)) {
    if (declaration.initializer !== undefined) return declaration.initializer;
    const loop = declaration.parent.parent;
    return ts.isForOfStatement(loop) ? loop.expression : undefined;
  }
  if (!ts.isParameter(declaration)) return undefined;
  const call = declaration.parent.parent;
  return ts.isCallExpression(call) && ts.isPropertyAccessExpression(call.expression)
    ? call.expression.expression
    : undefined;
}

/** Sorts what the compiler found. */
export function sortDiagnostics(compiled: Compiled, diagnostics: readonly ts.Diagnostic[], isDoubtful: Doubt): Found[] {
  const globals = writtenGlobals(compiled);
  return diagnostics.flatMap((diagnostic): Found[] => {
    const { code, start = 0 } = diagnostic;
    const node = nodeAt(compiled.file, start);
    const found = (severity: 'block' | 'warn', remedy?: string): Found[] => [
      {
        rule: `ts${code}`,
        severity,
        message: messageOf(diagnostic),
        ...(remedy === undefined ? {} : { remedy }),
        at: start,
      },
    ];
    if (LATE_SYNTAX.has(code)) return found('block', LATE_REMEDIES[code]);
    if (UNKNOWN_NAME.has(code)) {
      if (node === undefined || isTypeof(node) || globals.has(node.getText())) return [];
      if (compiled.typed && isInType(node)) return [];
      return found('block', nameRemedy(compiled, diagnostic, node));
    }
    if (compiled.typed) return [];
    if (UNKNOWN_PROPERTY.has(code)) {
      const verdict = node === undefined ? 'none' : propertyVerdict(compiled, node, code, isDoubtful);
      return verdict === 'none'
        ? []
        : found(
            verdict,
            node === undefined ? undefined : propertyRemedy(compiled, diagnostic, accessOf(compiled.checker, node)),
          );
    }
    if (UNUSABLE.has(code)) {
      const used = node === undefined ? undefined : usedExpression(node, code);
      if (used === undefined || isDoubtful(used) || !isSurelyUnusable(compiled, used, code)) return found('warn');
      return found('block', unusableRemedy(compiled, used, code));
    }
    if (code === 2588) return node === undefined || isTop(node) ? [] : found('block', 'Declare it with `let`.');
    if (code === 2451 || code === 2300) {
      return node === undefined || isTop(node)
        ? []
        : found('block', 'Leave the second declaration out, or name it otherwise.');
    }
    if (ARITHMETIC.has(code) && (node === undefined || !isOdd(compiled, node))) return [];
    return WARNED.has(code) && !/'(?:unknown|\{\})'/.test(messageOf(diagnostic)) ? found('warn') : [];
  });
}

/** Names that a program writes as properties of the global object. */
function writtenGlobals(compiled: Compiled): Set<string> {
  const names = new Set<string>();
  eachNode(compiled, (node) => {
    if (!ts.isPropertyAccessExpression(node) || !ts.isBinaryExpression(node.parent) || node.parent.left !== node)
      return;
    if (node.expression.getText() === 'globalThis' || node.expression.kind === ts.SyntaxKind.ThisKeyword)
      names.add(node.name.text);
  });
  return names;
}

/** An operand is an object that has no value of its own. */
function isOdd({ checker }: Compiled, node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at !== undefined && !ts.isStatement(at); at = at.parent) {
    if (!ts.isBinaryExpression(at)) continue;
    return [at.left, at.right].some((side) =>
      membersOf(checker.getTypeAtLocation(side)).some(
        (type) => (type.flags & ts.TypeFlags.Object) !== 0 && type.symbol?.name !== 'Date' && !isOpen(checker, type),
      ),
    );
  }
  return false;
}

function nodeAt(file: ts.SourceFile, position: number): ts.Node | undefined {
  let found: ts.Node | undefined;
  const walk = (node: ts.Node): void => {
    if (position < node.getStart(file) || position >= node.end) return;
    found = node;
    ts.forEachChild(node, walk);
  };
  ts.forEachChild(file, walk);
  return found;
}

const isTypeof = (node: ts.Node) => ts.isTypeOfExpression(node.parent);
const isTop = (node: ts.Node) => containerOf(node) === undefined && isDirect(node);

function isDirect(node: ts.Node): boolean {
  for (let at: ts.Node = node; at.parent !== undefined; at = at.parent)
    if (ts.isBlock(at.parent) || ts.isCaseBlock(at.parent)) return false;
  return true;
}

function isInType(node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) if (ts.isTypeNode(at)) return true;
  return false;
}

/** A property that is surely not there, and the names of those that are. */
export interface UnknownProperty {
  node: ts.Node;
  name: string;
  names: readonly string[];
}

/** Properties that are not there, also where a program asks whether one is that it uses elsewhere. */
export function unknownProperties(
  compiled: Compiled,
  diagnostics: readonly ts.Diagnostic[],
  isDoubtful: Doubt,
): UnknownProperty[] {
  if (compiled.typed) return [];
  const { checker, file } = compiled;
  const found = diagnostics.flatMap(({ code, start = 0 }) => {
    const node = UNKNOWN_PROPERTY.has(code) ? nodeAt(file, start) : undefined;
    const access = node === undefined ? undefined : accessOf(checker, node);
    if (node === undefined || access === undefined || isPromise(access.type)) return [];
    const verdict = propertyVerdict(compiled, node, code, isDoubtful);
    const [first] = membersOf(access.type);
    if (verdict === 'none' || first === undefined) return [];
    const names = checker.getPropertiesOfType(first).map((property) => property.name);
    return [{ node, name: access.name, names, verdict }];
  });
  const sure = new Set(found.flatMap(({ verdict, name }) => (verdict === 'block' ? [name] : [])));
  return found.filter(({ name }) => sure.has(name));
}

/** What is known of a property that the compiler does not find. */
function propertyVerdict(
  compiled: Compiled,
  node: ts.Node,
  code: number,
  isDoubtful: Doubt,
): 'block' | 'warn' | 'none' {
  const { checker, written } = compiled;
  const access = accessOf(checker, node);
  if (access === undefined) return 'none';
  const { name, receiver, type } = access;
  if (written.has(name) || isWritten(node)) return 'none';
  const members = membersOf(type);
  if (
    members.length === 0 ||
    members.some((member) => isOpen(checker, member) || checker.getPropertyOfType(member, name) !== undefined)
  ) {
    return 'none';
  }
  // A promise is the await rules' affair; what they could not mend is a block of theirs.
  if (isPromise(type)) return 'block';
  if (receiver !== undefined && isDoubtful(receiver)) return 'warn';
  if (members.some((member) => !isKnown(compiled, member))) return 'warn';
  // `row.discount ?? 0` copes with its absence; a misspelt name does not.
  if (code !== 2551 && isCautious(node)) return 'warn';
  return 'block';
}

interface Access {
  name: string;
  receiver?: ts.Expression;
  type: ts.Type;
}

function accessOf(checker: ts.TypeChecker, node: ts.Node): Access | undefined {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    return { name: parent.name.text, receiver: parent.expression, type: checker.getTypeAtLocation(parent.expression) };
  }
  if (!ts.isBindingElement(parent) || !ts.isIdentifier(node)) return undefined;
  const origin = originOf(parent);
  const type = checker.getTypeAtLocation(parent.parent);
  return origin !== undefined && ts.isExpression(origin)
    ? { name: node.text, receiver: origin, type }
    : { name: node.text, type };
}

/** Functions and classes of the program may be given properties in ways nobody sees. */
function isKnown({ file }: Compiled, type: ts.Type): boolean {
  const declaration = type.symbol?.valueDeclaration;
  if (declaration === undefined || declaration.getSourceFile() !== file) return true;
  return !ts.isFunctionLike(declaration) && !ts.isClassLike(declaration);
}

function isWritten(node: ts.Node): boolean {
  const access = node.parent;
  if (!ts.isPropertyAccessExpression(access)) return false;
  const { parent } = access;
  if (ts.isBinaryExpression(parent))
    return parent.left === access && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return ts.isDeleteExpression(parent);
}

/** The program asks whether something is there, and copes when it is not. */
function isCautious(node: ts.Node): boolean {
  const access = node.parent;
  if (ts.isBindingElement(access)) return access.initializer !== undefined;
  const { parent } = access;
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent) || ts.isCallExpression(parent)) {
    return parent.questionDotToken !== undefined;
  }
  if (ts.isBinaryExpression(parent)) {
    const { kind } = parent.operatorToken;
    const isFallback =
      kind === ts.SyntaxKind.QuestionQuestionToken ||
      kind === ts.SyntaxKind.BarBarToken ||
      kind === ts.SyntaxKind.AmpersandAmpersandToken;
    if (isFallback) return parent.left === access;
    return /^(?:undefined|null)$/.test((parent.left === access ? parent.right : parent.left).getText());
  }
  return (
    ts.isTypeOfExpression(parent) ||
    (ts.isPrefixUnaryExpression(parent) && parent.operator === ts.SyntaxKind.ExclamationToken) ||
    (ts.isIfStatement(parent) && parent.expression === access) ||
    (ts.isConditionalExpression(parent) && parent.condition === access)
  );
}

/** The expression that is called, made an instance of, or gone through. */
function usedExpression(node: ts.Node, code: number): ts.Expression | undefined {
  const isCall = code === 2349 || code === 2348 || code === 2351;
  for (let at: ts.Node | undefined = node; at?.parent !== undefined; at = at.parent) {
    const { parent }: ts.Node = at;
    if (isCall) {
      if ((ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression === at)
        return parent.expression;
    } else if ((ts.isForOfStatement(parent) || ts.isSpreadElement(parent)) && parent.expression === at)
      return parent.expression;
    else if (ts.isVariableDeclaration(parent) && ts.isArrayBindingPattern(parent.name)) return parent.initializer;
    else if (ts.isStatement(at)) return undefined;
  }
  return undefined;
}

function isSurelyUnusable({ checker }: Compiled, used: ts.Expression, code: number): boolean {
  const members = membersOf(checker.getTypeAtLocation(used));
  if (members.length === 0 || members.some(isFree)) return false;
  if (code === 2349 || code === 2348) return members.every((member) => member.getCallSignatures().length === 0);
  if (code === 2351) {
    return members.every(
      (member) => member.getCallSignatures().length === 0 && member.getConstructSignatures().length === 0,
    );
  }
  return members.every(
    (member) =>
      (member.flags & ts.TypeFlags.StringLike) === 0 &&
      !checker.getPropertiesOfType(member).some(({ name }) => name.startsWith('__@iterator')),
  );
}
