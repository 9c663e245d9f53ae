/**
 * Type-checks snippets against the package, in one TypeScript program.
 *
 * A snippet without imports may use the package's names, `z`, and the names in {@link USUAL}, as doc comments do.
 *
 * @module
 */
import { basename, dirname, join } from 'node:path';
import ts from 'typescript';
import type { Snippet } from './snippets.ts';
import { read, rooms, root } from './sources.ts';

/** What doc comments take for granted. */
const USUAL: { [name: string]: string } = {
  tools: 'declare const tools: import("poact/action").ToolRecord;',
  price: 'declare const price: import("poact/action").Tool<{ item: "lamp" | "mug" }, number>;',
  aiSdkTool: 'declare const aiSdkTool: import("poact/action").AiTool;',
  controller: 'declare const controller: import("poact/action").ActionController;',
  it: 'import { it } from "vitest";',
  expect: 'import { expect } from "vitest";',
  model: 'declare const model: import("poact/model").Model;',
  store: 'declare const store: import("poact/run").RunStore;',
  sums: 'declare const sums: import("poact/eval").TaskSet;',
  view: 'declare const view: import("poact/record").RunView;',
  event: 'declare const event: import("poact/record").RunEvent;',
  context: 'declare const context: import("poact/action").RunContext;',
  signal: 'declare const signal: AbortSignal;',
  z: 'import { z } from "zod";',
};

/** Packages that comments name and that are not installed here. */
const ABSENT = `declare module '@ai-sdk/openai' { export const openai: (id: string) => import('@ai-sdk/provider').LanguageModelV4; }\n`;

/** Errors, each with page and line. */
export function typeErrors(snippets: readonly Snippet[]): string[] {
  const config = ts.parseJsonConfigFileContent(JSON.parse(read('tsconfig.json')), ts.sys, root);
  const options = { ...config.options, noEmit: true, verbatimModuleSyntax: false, isolatedModules: false };
  const texts = new Map<string, { snippet: Snippet; text: string; added: number }>();
  for (const [n, snippet] of snippets.entries()) {
    const head = preludeOf(snippet);
    texts.set(join(root, dirname(pathOf(snippet.at)), `snippet-${n}.ts`), {
      snippet,
      text: `${head.join('\n')}${head.length > 0 ? '\n' : ''}${snippet.code}\nexport {};\n`,
      added: head.length,
    });
  }
  const absent = `${root}test/snippet-absent.d.ts`;
  const host = ts.createCompilerHost(options, true);
  const { fileExists, readFile, getSourceFile } = host;
  const textOf = (path: string) => (path === absent ? ABSENT : texts.get(path)?.text);
  host.fileExists = (path) => textOf(path) !== undefined || fileExists(path);
  host.readFile = (path) => textOf(path) ?? readFile(path);
  host.getSourceFile = (path, languageVersion, ...rest) => {
    const text = textOf(path);
    if (text === undefined) return getSourceFile(path, languageVersion, ...rest);
    const file = ts.createSourceFile(path, text, languageVersion, true);
    // Virtual files lie in a package of type "module".
    file.impliedNodeFormat = path === absent ? undefined : ts.ModuleKind.ESNext;
    return file;
  };
  const program = ts.createProgram([absent, ...texts.keys()], options, host);
  return [...texts].flatMap(([path, { snippet, added }]) => {
    const file = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map((found) => {
      const line = (file?.getLineAndCharacterOfPosition(found.start ?? 0).line ?? 0) - added;
      const source = snippet.code.split('\n')[line]?.trim() ?? '';
      return `${snippet.at}: ${ts.flattenDiagnosticMessageText(found.messageText, ' ')} « ${source} »`;
    });
  });
}

/** Imports and declarations of the names that a snippet uses and does not bring. The README has to bring its own. */
function preludeOf({ at, code }: Snippet): string[] {
  if (at.startsWith('README.md')) return [];
  const file = ts.createSourceFile('snippet.ts', code, ts.ScriptTarget.Latest);
  const used = new Set<string>();
  const own = new Set<string>();
  const visit = (node: ts.Node) => {
    if (ts.isIdentifier(node)) used.add(node.text);
    if (
      (ts.isVariableDeclaration(node) ||
        ts.isFunctionDeclaration(node) ||
        ts.isInterfaceDeclaration(node) ||
        ts.isTypeAliasDeclaration(node) ||
        ts.isImportSpecifier(node) ||
        ts.isBindingElement(node)) &&
      node.name !== undefined &&
      ts.isIdentifier(node.name)
    ) {
      own.add(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  const missing = [...used].filter((name) => !own.has(name));
  const room = /^src\/([^/]+)\//.exec(at)?.[1] ?? /^docs\/([\w-]+)\.md/.exec(at)?.[1];
  const faces = ['', ...(room === undefined ? [] : [room]), ...rooms()];
  const taken = new Set<string>();
  const imports = faces.flatMap((face) => {
    const names = missing.filter((name) => !taken.has(name) && namesOf(face).has(name));
    for (const name of names) taken.add(name);
    return names.length === 0 ? [] : [`import { ${names.join(', ')} } from 'poact${face === '' ? '' : `/${face}`}';`];
  });
  const local = localNames(at).filter((name) => missing.includes(name) && !taken.has(name));
  for (const name of local) taken.add(name);
  const beside = local.length === 0 ? [] : [`import { ${local.join(', ')} } from './${basename(pathOf(at))}';`];
  const usual = missing.flatMap((name) => (taken.has(name) ? [] : (USUAL[name] ?? [])));
  return [...imports, ...beside, ...usual];
}

const pathOf = (at: string) => at.replace(/:\d+$/, '');

const faceNames = new Map<string, Set<string>>();

/** The names that a face lists, read without loading it. */
function namesOf(face: string): Set<string> {
  const known = faceNames.get(face);
  if (known !== undefined) return known;
  const path = face === '' ? 'src/index.ts' : `src/${face}/index.ts`;
  const names = new Set(ts.sys.fileExists(`${root}${path}`) ? exportedBy(path) : []);
  faceNames.set(face, names);
  return names;
}

/** What a doc comment's own file exports: `@example`s may show names that only the room uses. */
function localNames(at: string): string[] {
  const path = pathOf(at);
  return path.endsWith('.ts') ? exportedBy(path) : [];
}

function exportedBy(path: string): string[] {
  const file = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true);
  return file.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
      return statement.exportClause.elements.map((element) => element.name.text);
    }
    const exported = ts.canHaveModifiers(statement)
      ? ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
      : false;
    if (!exported) return [];
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map(({ name }) => name.getText(file));
    }
    const { name } = statement as ts.DeclarationStatement;
    return name === undefined ? [] : [name.getText(file)];
  });
}
