/**
 * Rewrites a program so that its top-level declarations outlive it: each becomes a variable of the session that may be
 * declared again, and that is not stuck when its initialiser throws.
 *
 * Done in place. A keyword is replaced by one of the same length (`const x` by `var   x`, `class A` by `A=class`), so
 * that lines and columns stay the model's own; the few insertions are listed as {@link Shift}s.
 *
 * @module
 */
import { createRequire } from 'node:module';
import type TypeScript from 'typescript';
import { SandboxError } from '../record/index.ts';
import { NO_IMPORTS } from './guest-error.ts';
import { lineStarts, placeAt, type Shift } from './positions.ts';

/** How a name was declared. */
export type DeclarationKind = 'const' | 'let' | 'var' | 'function' | 'class';

/** A program that is ready to be evaluated as one global script with top-level `await`. */
export interface Rewritten {
  js: string;
  /** Top-level names in the order they are declared, each once. */
  declared: { name: string; kind: DeclarationKind }[];
  /** The last statement is an expression, so the script's completion value is the program's value. */
  valued: boolean;
  /** Insertions that moved the rest of their line to the right. */
  shifts: Shift[];
}

let loaded: typeof TypeScript | undefined;
/** The compiler is large and slow to load, so it is loaded with the first program. */
export function typescript(): typeof TypeScript {
  loaded ??= createRequire(import.meta.url)('typescript') as typeof TypeScript;
  return loaded;
}

/**
 * Rewrites JavaScript whose types are already stripped.
 *
 * @throws {SandboxError} `program-invalid`: an `import` or a re-export. Syntax errors are left to the engine.
 * @example
 * ```ts
 * rewrite('const x = 1; x').js; // 'var   x = 1; x'
 * ```
 */
export function rewrite(js: string): Rewritten {
  const ts = typescript();
  const file = ts.createSourceFile('program.js', js, ts.ScriptTarget.ESNext, false, ts.ScriptKind.JS);
  const starts = lineStarts(js);
  const edits: Edit[] = [];
  const declared = new Map<string, DeclarationKind>();
  const hoisted: string[] = [];
  const start = (node: TypeScript.Node) => node.getStart(file);
  /** Replaces a keyword by something no longer than it and the space after it. */
  const replace = (from: number, to: number, text: string) => edits.push({ from, to, text: text.padEnd(to - from) });
  const insert = (at: number, text: string) => edits.push({ from: at, to: at, text });

  for (const statement of file.statements) {
    if (isLoading(ts, statement)) {
      throw new SandboxError('program-invalid', NO_IMPORTS, { ...placeAt(starts, start(statement)) });
    }
    if (ts.isExportDeclaration(statement)) replace(start(statement), statement.end, '');
    else if (ts.isExportAssignment(statement)) {
      replace(start(statement), start(statement.expression), ';(');
      insert(statement.expression.end, ')');
    } else if (ts.isVariableStatement(statement)) variables(statement);
    else if (ts.isFunctionDeclaration(statement)) {
      if (statement.name) declared.set(statement.name.text, 'function');
      exported(statement, statement.name === undefined);
    } else if (ts.isClassDeclaration(statement)) classes(statement);
  }
  const tail = hoisted.length > 0 ? `\nvar ${hoisted.join(',')};` : '';
  return {
    ...applied(js, edits, starts, tail),
    declared: [...declared].map(([name, kind]) => ({ name, kind })),
    valued: isValued(ts, file.statements),
  };

  /** Blanks `export` and `default`; what has no name becomes an expression. */
  function exported(statement: TypeScript.FunctionDeclaration | TypeScript.ClassDeclaration, anonymous: boolean): void {
    for (const modifier of statement.modifiers ?? []) {
      if (modifier.kind === ts.SyntaxKind.ExportKeyword) replace(start(modifier), modifier.end, '');
      if (modifier.kind === ts.SyntaxKind.DefaultKeyword) {
        replace(start(modifier), modifier.end, anonymous ? ';void' : '');
      }
    }
  }

  function variables(statement: TypeScript.VariableStatement): void {
    for (const modifier of statement.modifiers ?? []) replace(start(modifier), modifier.end, '');
    const { flags, declarations } = statement.declarationList;
    const using = ts.NodeFlags.Using;
    if ((flags & using) === using) return;
    const kind = flags & ts.NodeFlags.Const ? 'const' : flags & ts.NodeFlags.Let ? 'let' : 'var';
    const keyword = start(statement.declarationList);
    if (kind !== 'var') replace(keyword, keyword + kind.length, 'var');
    for (const declaration of declarations) {
      for (const name of boundNames(ts, declaration.name)) declared.set(name, kind);
      // A second `let x;` starts afresh, where `var x;` would keep the old value.
      if (kind === 'let' && declaration.initializer === undefined) {
        const { end } = declaration.name;
        // Where a type was stripped there is room.
        const room = /^ {0,7}/.exec(js.slice(end, end + 7))?.[0].length ?? 0;
        edits.push({ from: end, to: end + room, text: '=void 0' });
      }
    }
  }

  function classes(statement: TypeScript.ClassDeclaration): void {
    exported(statement, statement.name === undefined);
    const { name } = statement;
    if (name === undefined) return;
    declared.set(name.text, 'class');
    hoisted.push(name.text);
    const keyword = js.lastIndexOf('class', start(name));
    replace(keyword, name.end, `${name.text}=class`);
    // `class A {}` needs no semicolon after it, an assignment does.
    insert(statement.end, ';');
  }
}

interface Edit {
  from: number;
  to: number;
  text: string;
}

function applied(js: string, edits: Edit[], starts: number[], tail: string): Pick<Rewritten, 'js' | 'shifts'> {
  const shifts: Shift[] = [];
  let text = '';
  let end = 0;
  for (const edit of edits.sort((a, b) => a.from - b.from || a.to - b.to)) {
    const replaced = js.slice(edit.from, edit.to);
    // A keyword and its name may be lines apart; the breaks between them stay.
    const breaks = replaced.replaceAll(/[^\n]/g, '');
    text += js.slice(end, edit.from) + (breaks === '' ? edit.text : edit.text.trimEnd() + breaks);
    end = edit.to;
    const by = edit.text.length - replaced.length;
    if (by > 0) shifts.push({ ...placeAt(starts, edit.from), by });
  }
  return { js: text + js.slice(end) + tail, shifts };
}

function isLoading(ts: typeof TypeScript, statement: TypeScript.Statement): boolean {
  if (ts.isImportDeclaration(statement) || ts.isImportEqualsDeclaration(statement)) return true;
  return ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined;
}

function isValued(ts: typeof TypeScript, statements: readonly TypeScript.Statement[]): boolean {
  const last = statements.findLast(
    (statement) => !ts.isFunctionDeclaration(statement) && !ts.isEmptyStatement(statement),
  );
  return last !== undefined && (ts.isExpressionStatement(last) || ts.isExportAssignment(last));
}

function boundNames(ts: typeof TypeScript, name: TypeScript.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(ts, element.name) : []));
}
