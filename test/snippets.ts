/**
 * The code that README, docs and doc comments show.
 *
 * A block ` ```ts ` is type-checked, one that is marked ` ```ts run ` is also run, and ` ```ts guest ` is a program for the
 * sandbox, or a declaration shown to a model, of which the syntax is checked. A comment `<!-- replies: […] -->` above a runnable
 * block says what a scripted model replies in place of the model it names, and `<!-- prints: … -->` what it prints.
 *
 * @module
 */
import ts from 'typescript';
import { read, repositoryFiles } from './sources.ts';

export interface Snippet {
  /** File and line, for messages. */
  at: string;
  code: string;
  mark: '' | 'run' | 'guest';
  replies?: string[];
  prints?: string;
}

/** Every snippet of the repository that is TypeScript. */
export function allSnippets(): Snippet[] {
  return repositoryFiles().flatMap((path) => {
    if (/^(?:[^/]+|docs\/.*|src\/[^/]+\/README|examples\/.*|bench\/README)\.md$/.test(path)) return inPage(path);
    return /^src\/.*\.ts$/.test(path) && !path.endsWith('.test.ts') ? inComments(path) : [];
  });
}

/** Lines of ` ```sh ` blocks that are commands. */
export function shellLines(path: string): string[] {
  return fences(read(path))
    .filter(({ info }) => info === 'sh')
    .flatMap(({ code }) => code.split('\n'))
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}

function inPage(path: string): Snippet[] {
  return fences(read(path))
    .filter(({ info }) => /^ts\b/.test(info))
    .map(({ info, code, line, above }) => {
      const mark = info.replace(/^ts\s*/, '');
      if (mark !== '' && mark !== 'run' && mark !== 'guest') throw new Error(`${path}:${line}: unknown mark ${mark}`);
      const said = (name: string) => new RegExp(`<!-- ${name}: (.*?) -->`, 's').exec(above)?.[1];
      const [replies, prints] = [said('replies'), said('prints')];
      return {
        at: `${path}:${line}`,
        code,
        mark,
        ...(replies === undefined ? {} : { replies: JSON.parse(replies) as string[] }),
        ...(prints === undefined ? {} : { prints }),
      };
    });
}

function inComments(path: string): Snippet[] {
  const text = read(path);
  return [...text.matchAll(/^([ \t]*)\/\*\*.*?\*\//gms)].flatMap((comment) => {
    const before = text.slice(0, comment.index).split('\n').length;
    const bare = comment[0]
      .replace(/\*\/$/, '')
      .replace(/^[ \t]*(?:\/\*\*|\* ?)/gm, '')
      .replaceAll('*\\/', '*/');
    if (!bare.includes('@example')) return [];
    return fences(bare)
      .filter(({ info }) => /^ts\b/.test(info))
      .map(({ info, code, line }) => ({
        at: `${path}:${before + line - 1}`,
        code,
        mark: info === 'ts guest' ? ('guest' as const) : ('' as const),
      }));
  });
}

interface Fence {
  info: string;
  code: string;
  line: number;
  /** The lines between the last fence and this one. */
  above: string;
}

function fences(text: string): Fence[] {
  const found: Fence[] = [];
  let open: { info: string; line: number; indent: string; lines: string[]; fence: string } | undefined;
  let above: string[] = [];
  for (const [n, line] of text.split('\n').entries()) {
    const [, indent = '', fence = '', info = ''] = /^(\s*)(`{3,})(.*)$/.exec(line) ?? [];
    if (open === undefined && fence !== '') {
      open = { info: info.trim(), line: n + 1, indent, lines: [], fence };
    } else if (open !== undefined && fence === open.fence && info.trim() === '') {
      found.push({ info: open.info, code: open.lines.join('\n'), line: open.line, above: above.join('\n') });
      open = undefined;
      above = [];
    } else if (open !== undefined) {
      open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
    } else {
      above.push(line);
    }
  }
  return found;
}

/** What the text of a snippet says that is wrong by syntax alone. */
export function syntaxErrors({ at, code }: Snippet): string[] {
  const { diagnostics = [] } = ts.transpileModule(code, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
  });
  return diagnostics.map((found) => `${at}: ${ts.flattenDiagnosticMessageText(found.messageText, ' ')}`);
}
