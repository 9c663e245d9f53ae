/**
 * Turns TypeScript into JavaScript with every line and column where it was.
 *
 * @module
 */
import { type SourceMapPayload, stripTypeScriptTypes } from 'node:module';
import { SandboxError } from '../record/index.ts';
import type { Place } from './positions.ts';
import { typescript } from './rewrite.ts';

/** JavaScript, and a map back to the source where places moved. */
export interface Prepared {
  js: string;
  map?: SourceMapPayload;
}

/**
 * Replaces types by spaces.
 *
 * @throws a syntax error, or an error about syntax that cannot be stripped (`enum`, namespaces, parameter properties).
 */
export function stripTypes(source: string): string {
  const { emitWarning } = process;
  // Node calls this experimental once a process; that is no news to who runs an agent.
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source, { mode: 'strip' });
  } finally {
    process.emitWarning = emitWarning;
  }
}

/**
 * Makes a program ready for {@link rewrite}: types are stripped in place; what cannot be stripped is transpiled, with a map.
 *
 * @throws {SandboxError} `program-invalid`: the syntax is wrong, with line and column in its facts.
 * @example
 * ```ts
 * prepare('const x: number = 1').js; // 'const x         = 1'
 * ```
 */
export function prepare(source: string): Prepared {
  try {
    return { js: stripTypes(source) };
  } catch {
    return transpile(source);
  }
}

function transpile(source: string): Prepared {
  const ts = typescript();
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(source, {
    fileName: 'program.ts',
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      sourceMap: true,
      removeComments: false,
      verbatimModuleSyntax: true,
    },
  });
  const [problem] = diagnostics ?? [];
  if (problem !== undefined) {
    const message = ts.flattenDiagnosticMessageText(problem.messageText, '\n');
    const at = problem.file?.getLineAndCharacterOfPosition(problem.start ?? 0);
    const place: Partial<Place> = at ? { line: at.line + 1, column: at.character + 1 } : {};
    throw new SandboxError('program-invalid', message, place);
  }
  return {
    js: outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, ''),
    map: JSON.parse(sourceMapText ?? '{}') as SourceMapPayload,
  };
}
