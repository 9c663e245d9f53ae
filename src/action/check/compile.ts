/**
 * Compiles a program together with tools, data and the session's earlier programs.
 *
 * Each earlier program is a module of declarations that exports its top-level names, and the program imports the names it
 * uses from the last one that declared them. So a name may be declared again, the cost does not grow with the session, and
 * only the program's own diagnostics are computed.
 *
 * @module
 */
import ts from 'typescript';
import { guestLib } from './guest-lib.ts';
import { namesOf, type Outline, outlineOf } from './outline.ts';
import { programText } from './program-text.ts';

/** A compiled program. */
export interface Compiled extends Surroundings {
  program: ts.Program;
  checker: ts.TypeChecker;
  /** The program; what stands behind `length` is ours. */
  file: ts.SourceFile;
  length: number;
  /** Read as TypeScript, because its types could not be stripped. */
  typed: boolean;
  own: Outline;
  /** Names of properties that this or an earlier program writes. */
  written: ReadonlySet<string>;
}

/** What a program may lean on. */
export interface Surroundings {
  tools: Declared;
  data: Declared;
  session: Session;
}

/** A file of declarations, and the text of each by name. */
export interface Declared {
  file: ts.SourceFile;
  names: ReadonlyMap<string, string>;
}

/** What earlier programs left behind. */
export interface Session {
  /** Which file of declarations a name stands in: that of the program which declared it last. */
  names: ReadonlyMap<string, ts.SourceFile>;
  /** Names that a later program assigned to: their type is not known any more. */
  loose: ReadonlySet<string>;
  /** Names of properties that were written. */
  written: ReadonlySet<string>;
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

/** Texts of declarations that are kept parsed. */
const MOST_DECLARED = 64;

const declaredFiles = new Map<string, Declared>();
let lib: ts.SourceFile[] | undefined;
let last: ts.Program | undefined;

/** Compiles a program. */
export function compile(source: string, { tools, data, session }: Surroundings): Compiled {
  lib ??= parseLib();
  const { text, typed } = programText(source);
  const name = typed ? '/program.ts' : '/program.js';
  const own = outlineOf(parseFile(name, text));
  const { appended, files } = imports(own, session);
  const file = parseFile(name, text + appended);
  const byName = new Map([...lib, tools.file, data.file, ...files, file].map((one) => [one.fileName, one]));
  const program = ts.createProgram({
    rootNames: [...lib, tools.file, data.file, file].map(({ fileName }) => fileName),
    options: OPTIONS,
    host: hostOf(byName),
    ...(last === undefined ? {} : { oldProgram: last }),
  });
  last = program;
  const written = new Set([...session.written, ...own.written]);
  return {
    program,
    checker: program.getTypeChecker(),
    file,
    length: text.length,
    typed,
    own,
    written,
    tools,
    data,
    session,
  };
}

/** Parses declarations of tools or data; the same text is parsed once. */
export function parseDeclared(kind: 'tools' | 'data', text: string): Declared {
  const key = `${kind}\n${text}`;
  const known = declaredFiles.get(key);
  if (known !== undefined) return known;
  for (const oldest of declaredFiles.keys()) {
    if (declaredFiles.size < MOST_DECLARED) break;
    declaredFiles.delete(oldest);
  }
  count += 1;
  const file = parseFile(`/${kind}/${count}.d.ts`, text, false);
  const names = new Map<string, string>();
  for (const statement of file.statements)
    for (const name of namesOf(statement)) names.set(name, statement.getText(file));
  const declared = { file, names };
  declaredFiles.set(key, declared);
  return declared;
}

let count = 0;

/** Parses what an earlier program left behind. */
export function parseLeft(text: string): ts.SourceFile {
  count += 1;
  return parseFile(`/session/${count}.d.ts`, text);
}

/** Parses a program, or a module of declarations. The parser must know a module for one, so that it may `await`. */
function parseFile(name: string, text: string, isModule = true): ts.SourceFile {
  const options: ts.CreateSourceFileOptions = {
    languageVersion: ts.ScriptTarget.ESNext,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    ...(isModule ? { setExternalModuleIndicator: markModule } : {}),
  };
  return ts.createSourceFile(name, text, options, true);
}

function markModule(file: ts.SourceFile): void {
  (file as { externalModuleIndicator?: true }).externalModuleIndicator = true;
}

function parseLib(): ts.SourceFile[] {
  const { globals, modules } = guestLib();
  return [parseFile('/lib.d.ts', globals, false), ...modules.map((text, at) => parseFile(`/lib.${at}.d.ts`, text))];
}

function hostOf(files: ReadonlyMap<string, ts.SourceFile>): ts.CompilerHost {
  return {
    getSourceFile: (name) => files.get(name),
    getDefaultLibFileName: () => '/lib.d.ts',
    writeFile: () => {},
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (name) => files.has(name),
    readFile: (name) => files.get(name)?.text,
    resolveModuleNameLiterals: (literals) =>
      literals.map(({ text }) => {
        const resolvedFileName = `${text}.d.ts`;
        const resolvedModule = { resolvedFileName, extension: ts.Extension.Dts, isExternalLibraryImport: false };
        return { resolvedModule: text.startsWith('/session/') ? resolvedModule : undefined };
      }),
  };
}

/** What is appended to a program so that it sees the names of earlier ones. */
function imports(own: Outline, { names, loose }: Session): { appended: string; files: ts.SourceFile[] } {
  const byFile = new Map<ts.SourceFile, string[]>();
  const free: string[] = [];
  for (const name of own.used) {
    const file = names.get(name);
    if (file === undefined || own.names.has(name)) continue;
    if (loose.has(name) || own.assigned.has(name)) free.push(name);
    else byFile.set(file, [...(byFile.get(file) ?? []), name]);
  }
  let appended = '\n;';
  for (const [file, list] of byFile) {
    const from = JSON.stringify(file.fileName.replace(/\.d\.ts$/, ''));
    appended += `import { ${list.join(', ')} } from ${from};`;
  }
  // A variable without a type is free.
  if (free.length > 0) appended += `var ${free.join(', ')};`;
  return { appended, files: [...byFile.keys()] };
}
