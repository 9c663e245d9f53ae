/** Rules about the code, as tests of the code. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { read, repositoryFiles, rooms, root } from './sources.ts';

/** A room imports from rooms with a smaller number. */
const ROWS: { [room: string]: number } = {
  record: 0,
  model: 1,
  sandbox: 1,
  environment: 1,
  memory: 2,
  guard: 2,
  action: 3,
  policy: 3,
  run: 4,
  search: 5,
  team: 5,
  eval: 6,
  learn: 7,
  agents: 8,
  serve: 9,
  testing: 9,
};
/** Pages that are named for what a reader looks for. */
const PAGES: { [room: string]: string } = { serve: 'cli' };
/** Two screens. */
const LOOP_LINES = 130;
const FILE_LINES = 400;
/** Files that may be longer, each with its reason. */
const LONG_FILES: { [path: string]: string } = {};

const files = repositoryFiles();
const sources = files.filter((path) => /^src\/.*\.ts$/.test(path));
/** Tests, and the programs that tests start. */
const isTest = (path: string) => path.endsWith('.test.ts') || path.includes('/fixtures/');
const programs = sources.filter((path) => !isTest(path));
const roomOf = (path: string) => /^src\/([^/]+)\//.exec(path)?.[1];

interface Import {
  from: string;
  /** A file of `src/`, or a package as written. */
  to: string;
  inside: boolean;
}

const importsOf = (path: string): Import[] =>
  ts.preProcessFile(read(path), true, true).importedFiles.map(({ fileName }) => {
    const inside = fileName.startsWith('.');
    return { from: path, to: inside ? join(dirname(path), fileName) : fileName, inside };
  });
const imports = sources.flatMap(importsOf);

describe('rooms', () => {
  it('are those of the table', () => {
    expect(rooms().filter((room) => ROWS[room] === undefined)).toEqual([]);
  });

  it.each(rooms())('%s has a face, a page about itself and a page about its idea', (room) => {
    const missing = [`src/${room}/index.ts`, `src/${room}/README.md`, `docs/${PAGES[room] ?? room}.md`].filter(
      (path) => !existsSync(`${root}${path}`),
    );
    expect(missing).toEqual([]);
  });

  it('import from earlier rows only', () => {
    const wrong = imports.filter(({ from, to, inside }) => {
      const [own, other] = [roomOf(from), roomOf(to)];
      if (!inside || own === undefined || other === undefined || own === other) return false;
      if (isTest(from) && other === 'testing') return false;
      return (ROWS[other] ?? 99) >= (ROWS[own] ?? -1);
    });
    expect(wrong.map(say)).toEqual([]);
  });

  it('import other rooms through their faces', () => {
    const wrong = imports.filter(({ from, to, inside }) => {
      const other = roomOf(to);
      return inside && other !== undefined && other !== roomOf(from) && to !== `src/${other}/index.ts`;
    });
    expect(wrong.map(say)).toEqual([]);
  });

  it('import nothing of the repository that is not in src, tests aside', () => {
    const wrong = imports.filter(({ from, to, inside }) => inside && !to.startsWith('src/') && !isTest(from));
    expect(wrong.map(say)).toEqual([]);
  });

  it('name only files that are there in their READMEs', () => {
    const wrong = rooms().flatMap((room) => {
      const page = `src/${room}/README.md`;
      if (!existsSync(`${root}${page}`)) return [];
      const named = [...read(page).matchAll(/`([\w/-]+\.ts)`/g)].map(([, name = '']) => name);
      return named
        .filter((name) => ![name, `src/${name}`, `src/${room}/${name}`].some((path) => existsSync(`${root}${path}`)))
        .map((name) => `${page}: ${name}`);
    });
    expect(wrong).toEqual([]);
  });

  it('list the names of their faces one by one', () => {
    const faces = programs.filter((path) => path.endsWith('index.ts'));
    expect(faces.filter((path) => /^export \*/m.test(read(path)))).toEqual([]);
  });
});

describe('files', () => {
  it('import each other in no circle', () => {
    const graph = new Map(programs.map((path) => [path, importsOf(path).filter(({ inside }) => inside)]));
    expect(circlesOf(graph)).toEqual([]);
  });

  it(`have no more than ${FILE_LINES} lines`, () => {
    const code = files.filter((path) => /\.(ts|js|mjs|tsx)$/.test(path) && !path.startsWith('bench/rivals/'));
    const long = code.filter((path) => lines(path) > FILE_LINES && LONG_FILES[path] === undefined);
    expect(long.map((path) => `${path}: ${lines(path)}`)).toEqual([]);
  });

  it(`show the loop on two screens of ${LOOP_LINES / 2} lines`, () => {
    expect(lines('src/run/loop.ts')).toBeLessThanOrEqual(LOOP_LINES);
  });

  it('take the environment as an argument; only serve reads arguments', () => {
    const wrong = programs
      .filter((path) => roomOf(path) !== 'serve')
      .filter((path) => /(?<!= |@default |`)process\.env\b|process\.argv\b/.test(read(path)));
    expect(wrong).toEqual([]);
  });

  it('name no place of the machine they were written on, and no registry', () => {
    const place = /(?<![\w.:~}-])\/(?:root|work)\/\w/;
    const registry =
      /\b(?:registry\.[a-z]+js|(?:www\.)?npmjs|pypi|files\.pythonhosted|proxy\.golang|static\.crates)\.(?:org|com|io)\b/;
    const wrong = texts()
      .filter((path) => path !== 'test/structure.test.ts' && !path.endsWith('package-lock.json'))
      .flatMap((path) => matching(path, (line) => place.test(line) || registry.test(line) || line.includes(root)));
    expect(wrong).toEqual([]);
  });

  it('leave nothing to do', () => {
    const marks = new RegExp(
      `\\b(?:${['TO', 'FIX', 'XX'].map((mark, n) => mark + ['DO', 'ME', 'X'][n]).join('|')})\\b`,
    );
    expect(
      texts()
        .filter((path) => !path.startsWith('bench/') || path.endsWith('.ts'))
        .flatMap((path) => matching(path, (line) => marks.test(line))),
    ).toEqual([]);
  });

  it('link to what is there', () => {
    const pages = files.filter((path) => path.endsWith('.md') && !path.startsWith('bench/rivals/'));
    const wrong = pages.flatMap((path) =>
      [...read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map(([, link = '']) => link)
        .filter((link) => !existsSync(join(root, dirname(path), link)))
        .map((link) => `${path}: ${link}`),
    );
    expect(wrong).toEqual([]);
  });

  it('disable no check without a reason', () => {
    const bare = /^\s*\/[/*]+ ?@ts-(?:ignore|nocheck)|biome-ignore\s+\S+\s*$|biome-ignore \S+: (?:ignored|todo)/;
    expect(sources.flatMap((path) => matching(path, (line) => bare.test(line)))).toEqual([]);
  });
});

describe('packages', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: { [name: string]: string } };

  it('that are imported at the top are dependencies; others arrive on first use', () => {
    const wrong = programs.flatMap((path) =>
      staticImports(path)
        .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
        .filter((name) => dependencies[packageOf(name)] === undefined)
        .map((name) => `${path} imports ${name}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('importing', () => {
  it('does nothing, and loads no package', async () => {
    const faces = ['src/index.ts', ...rooms().map((room) => `src/${room}/index.ts`)];
    const found = await importQuietly(faces);
    expect(found.map(({ module }) => module)).toEqual(faces);
    expect(found.filter(({ changed, written }) => changed.length > 0 || written !== '')).toEqual([]);
    expect(found[0]?.packages).toEqual([]);
  }, 120_000);
});

interface Finding {
  module: string;
  changed: string[];
  written: string;
  packages: string[];
}

async function importQuietly(paths: string[]): Promise<Finding[]> {
  const script = join(root, 'test/import-quietly.ts');
  const urls = paths.map((path) => pathToFileURL(join(root, path)).href);
  // A process that imports and has nothing else to do ends by itself; the time limit is for one that does not.
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...urls], { cwd: root, timeout: 90_000 });
  return JSON.parse(stdout);
}

/** Packages a file imports for their values when it is loaded: no types, no `import()`. */
function staticImports(path: string): string[] {
  const file = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest);
  return file.statements.flatMap((statement) => {
    if (ts.isImportDeclaration(statement) && !isTypeOnly(statement.importClause)) {
      return [(statement.moduleSpecifier as ts.StringLiteral).text];
    }
    if (ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined && !statement.isTypeOnly) {
      return [(statement.moduleSpecifier as ts.StringLiteral).text];
    }
    return [];
  });
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return (
    clause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.every((element) => element.isTypeOnly)
  );
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Each circle once, from its alphabetically first file. */
function circlesOf(graph: Map<string, Import[]>): string[] {
  const circles = new Set<string>();
  const done = new Set<string>();
  const visit = (path: string, trail: string[]) => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      const circle = trail.slice(at);
      const first = circle.indexOf([...circle].sort()[0] as string);
      circles.add([...circle.slice(first), ...circle.slice(0, first)].join(' → '));
      return;
    }
    if (done.has(path)) return;
    for (const { to } of graph.get(path) ?? []) visit(to, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return [...circles];
}

function texts(): string[] {
  return files.filter((path) => /\.(ts|js|mjs|tsx|json|md|sh|yaml|yml)$|^\.ci\/|^[A-Z]+$/.test(path));
}

function matching(path: string, test: (line: string) => boolean): string[] {
  return read(path)
    .split('\n')
    .flatMap((line, n) => (test(line) ? [`${path}:${n + 1}: ${line.trim().slice(0, 120)}`] : []));
}

function lines(path: string): number {
  return read(path).trimEnd().split('\n').length;
}

function say({ from, to }: Import): string {
  return `${from} imports ${to}`;
}
