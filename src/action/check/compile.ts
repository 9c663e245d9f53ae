/**
 * Compiles a program together with tools, data and the session's earlier programs.
 *
 * Each earlier program is a module that exports its top-level names, and the program imports the names it uses from the
 * last one that declared them. So a name may be declared again, the cost does not grow with the session, and only the
 * program's own diagnostics are computed.
 *
 * @module
 */
import ts from 'typescript';
import { digestOf } from '../../record/index.ts';
import { guestLib } from './guest-lib.ts';
import { programText } from './program-text.ts';

/** A compiled program. */
export interface Compiled {
  program: ts.Program;
  checker: ts.TypeChecker;
  /** The program; what stands behind `length` is ours. */
  file: ts.SourceFile;
  length: number;
  typed: boolean;
  tools: Declared;
  data: Declared;
  /** Names that earlier programs declared, with what is known of each. */
  earlier: ReadonlyMap<string, number>;
  /** Names of properties that this or an earlier program writes. */
  written: ReadonlySet<string>;
}

/** A file of declarations, and the names it declares. */
export interface Declared {
  file: ts.SourceFile;
  names: ReadonlySet<string>;
}

const OPTIONS: ts.CompilerOptions = {
  allowJs: true,
  checkJs: true,
  noLib: true,
  noEmit: true,
  types: [],
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  strict: false,
  noImplicitAny: false,
  strictNullChecks: false,
  strictFunctionTypes: false,
  strictBindCallApply: false,
  strictPropertyInitialization: false,
  useUnknownInCatchVariables: false,
  noImplicitThis: false,
  skipLibCheck: true,
  allowUnreachableCode: true,
  allowUnusedLabels: true,
};

const LIB = '/lib.d.ts';
const MOST_FILES = 400;

/** Parsed files by name; a name says the content. The oldest that are not in use are dropped. */
const files = new Map<string, ts.SourceFile>();
const resolutions = new Map<string, { resolvedModule: ts.ResolvedModuleFull }>();
let last: ts.Program | undefined;
let lib: ts.SourceFile[] | undefined;

export function compile(source: string, toolsText: string, dataText: string, session: readonly string[]): Compiled {
  lib ??= parseLib();
  const tools = declared('tools', toolsText);
  const data = declared('data', dataText);
  const modules = sessionModules(session);
  const { text, typed } = programText(source);
  const name = typed ? '/program.ts' : '/program.js';
  const own = outline(parse('/outline.js', text, true));
  const file = parse(name, text + imports(own, modules), true);
  const byName = new Map<string, ts.SourceFile>([
    ...lib.map((one) => [one.fileName, one] as const),
    [tools.file.fileName, tools.file],
    [data.file.fileName, data.file],
    [name, file],
    ...modules.files.map((one) => [one.fileName, one] as const),
  ]);
  const program = ts.createProgram({
    rootNames: [...lib.map((one) => one.fileName), tools.file.fileName, data.file.fileName, name],
    options: OPTIONS,
    host: hostOf(byName),
    ...(last === undefined ? {} : { oldProgram: last }),
  });
  last = program;
  const written = new Set(own.written);
  for (const one of modules.outlines) for (const property of one.written) written.add(property);
  return {
    program,
    checker: program.getTypeChecker(),
    file,
    length: text.length,
    typed,
    tools,
    data,
    earlier: modules.names,
    written,
  };
}

function parseLib(): ts.SourceFile[] {
  const { globals, modules } = guestLib();
  return [parse(LIB, globals, false), ...modules.map((text, at) => parse(`/lib.${at}.d.ts`, text, true))];
}

function hostOf(byName: ReadonlyMap<string, ts.SourceFile>): ts.CompilerHost {
  return {
    getSourceFile: (name) => byName.get(name),
    getDefaultLibFileName: () => LIB,
    writeFile: () => {},
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (name) => byName.has(name),
    readFile: (name) => byName.get(name)?.text,
    resolveModuleNameLiterals: (literals) =>
      literals.map(({ text }) => {
        if (!text.startsWith('/session/')) return { resolvedModule: undefined };
        let resolved = resolutions.get(text);
        if (resolved === undefined) {
          resolved = { resolvedModule: { resolvedFileName: text, extension: '.js', isExternalLibraryImport: false } };
          resolutions.set(text, resolved);
        }
        return resolved;
      }),
  };
}

function parse(name: string, text: string, isProgram: boolean): ts.SourceFile {
  const options: ts.CreateSourceFileOptions = {
    languageVersion: ts.ScriptTarget.ESNext,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    ...(isProgram ? { setExternalModuleIndicator: markModule } : {}),
  };
  return ts.createSourceFile(name, text, options, true);
}

/** What a program's `await` needs: the parser must know that it is a module before it begins. */
function markModule(file: ts.SourceFile): void {
  (file as { externalModuleIndicator?: true }).externalModuleIndicator = true;
}

function declared(kind: string, text: string): Declared {
  const name = `/${kind}/${digestOf(text)}.d.ts`;
  let file = files.get(name);
  if (file === undefined) {
    file = parse(name, text, false);
    remember(name, file);
  }
  const names = new Set<string>();
  for (const statement of file.statements) for (const declaredName of namesOf(statement)) names.add(declaredName);
  return { file, names };
}

function remember(name: string, file: ts.SourceFile): void {
  for (const oldest of files.keys()) {
    if (files.size < MOST_FILES) break;
    files.delete(oldest);
    resolutions.delete(oldest);
  }
  files.set(name, file);
}

/** What can be seen of a program without its types. */
interface Outline {
  /** Top-level names. */
  names: Set<string>;
  /** Every identifier in it. */
  used: Set<string>;
  /** Names it assigns to. */
  assigned: Set<string>;
  /** Names of properties it writes. */
  written: Set<string>;
}

interface Modules {
  files: ts.SourceFile[];
  outlines: Outline[];
  /** Which program declared a name last. */
  names: Map<string, number>;
  /** Names that a later program assigned to: their type is not known any more. */
  loose: Set<string>;
}

const outlines = new WeakMap<ts.SourceFile, Outline>();
const chains = new Map<string, { file: ts.SourceFile; outline: Outline }>();

function sessionModules(session: readonly string[]): Modules {
  const modules: Modules = { files: [], outlines: [], names: new Map(), loose: new Set() };
  let chain = '';
  for (const [at, source] of session.entries()) {
    chain = digestOf([chain, source]);
    let known = chains.get(chain);
    if (known === undefined) {
      const { text, typed } = programText(source);
      const outline = outlineOf(parse('/outline.js', text, true));
      const exported = [...outline.names].join(', ');
      const whole = `${text}${imports(outline, modules)}\nexport { ${exported} };`;
      known = { file: parse(`/session/${chain}.js`, typed ? '' : whole, true), outline };
      if (typed) known.file = parse(`/session/${chain}.js`, anyNames(outline), true);
      for (const oldest of chains.keys()) {
        if (chains.size < MOST_FILES) break;
        chains.delete(oldest);
      }
      chains.set(chain, known);
    }
    for (const name of known.outline.assigned) {
      if (modules.names.has(name) && !known.outline.names.has(name)) modules.loose.add(name);
    }
    for (const name of known.outline.names) {
      modules.names.set(name, at);
      modules.loose.delete(name);
    }
    modules.files.push(known.file);
    modules.outlines.push(known.outline);
  }
  return modules;
}

/** A program whose types cannot be stripped gives its names, and nothing of their types. */
function anyNames(outline: Outline): string {
  const names = [...outline.names];
  return names.length === 0 ? 'export {};' : `var ${names.join(', ')};\nexport { ${names.join(', ')} };`;
}

/** What is appended to a program so that it sees the names of earlier ones. */
function imports(own: Outline, { files: earlier, names, loose }: Modules): string {
  const byFile = new Map<number, string[]>();
  const free: string[] = [];
  for (const name of own.used) {
    const at = names.get(name);
    if (at === undefined || own.names.has(name)) continue;
    if (loose.has(name) || own.assigned.has(name)) free.push(name);
    else byFile.set(at, [...(byFile.get(at) ?? []), name]);
  }
  let text = '\n;';
  for (const [at, list] of byFile)
    text += `import { ${list.join(', ')} } from ${JSON.stringify(earlier[at]?.fileName)};`;
  // A variable without a type is free.
  if (free.length > 0) text += `var ${free.join(', ')};`;
  return text;
}

function outline(file: ts.SourceFile): Outline {
  return outlineOf(file);
}

function outlineOf(file: ts.SourceFile): Outline {
  const known = outlines.get(file);
  if (known !== undefined) return known;
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
  outlines.set(file, made);
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
