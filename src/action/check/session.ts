/**
 * The session's earlier programs, as declarations of what they left behind.
 *
 * What a program left is computed once, with the tools and data of its time, and found again by the programs before it,
 * its text, and the declarations it used. A tool that a later step is not offered makes no difference to it.
 *
 * @module
 */
import type ts from 'typescript';
import { type Compiled, compile, parseDeclared, parseLeft, type Session, type Surroundings } from './compile.ts';
import { diagnosticsOf, doubtOf } from './diagnose.ts';
import { freeze } from './freeze.ts';
import type { Outline } from './outline.ts';

/** One program, after those before it. */
interface Left {
  /** What it left behind. */
  file: ts.SourceFile;
  own: Outline;
  /** Declarations of the tools and data it used. */
  used: ReadonlyMap<string, string>;
  next: Map<string, Left[]>;
}

/** Where the programs of all sessions begin; dropped as a whole when it has grown too large. */
let first = new Map<string, Left[]>();
let size = 0;
const MOST_LEFT = 5_000;

/** What a program of this session may lean on. */
export function surroundingsOf(toolsText: string, dataText: string, programs: readonly string[]): Surroundings {
  const tools = parseDeclared('tools', toolsText);
  const data = parseDeclared('data', dataText);
  const names = new Map<string, ts.SourceFile>();
  const loose = new Set<string>();
  const written = new Set<string>();
  const session: Session = { names, loose, written };
  const surroundings = { tools, data, session };
  let next = first;
  for (const program of programs) {
    const left = find(next, program, surroundings) ?? add(next, program, compile(program, surroundings));
    const { own, file } = left;
    for (const name of own.assigned) if (names.has(name) && !own.names.has(name)) loose.add(name);
    for (const name of own.names) {
      names.set(name, file);
      loose.delete(name);
    }
    for (const property of own.written) written.add(property);
    next = left.next;
  }
  places.set(surroundings, next);
  return surroundings;
}

/** Where a program that leans on some surroundings would be kept. */
const places = new WeakMap<Surroundings, Map<string, Left[]>>();

/** Keeps what a program leaves behind, should it run: the next check will ask for it. */
export function remember(source: string, surroundings: Surroundings, compiled: Compiled): void {
  const next = places.get(surroundings);
  if (next !== undefined && find(next, source, surroundings) === undefined) add(next, source, compiled);
}

function find(next: Map<string, Left[]>, program: string, { tools, data }: Surroundings): Left | undefined {
  return next.get(program)?.find(({ used }) => {
    for (const [name, text] of used) {
      const now = tools.names.get(name) ?? data.names.get(name);
      if (now !== undefined && now !== text) return false;
    }
    return true;
  });
}

function add(next: Map<string, Left[]>, program: string, compiled: Compiled): Left {
  if (size >= MOST_LEFT) {
    first = new Map();
    size = 0;
  }
  size += 1;
  const { own, tools, data } = compiled;
  const used = new Map<string, string>();
  for (const name of own.used) {
    const text = tools.names.get(name) ?? data.names.get(name);
    if (text !== undefined) used.set(name, text);
  }
  const isDoubtful = doubtOf(compiled, diagnosticsOf(compiled).types());
  const left: Left = { file: parseLeft(freeze(compiled, own.names, isDoubtful)), own, used, next: new Map() };
  next.set(program, [...(next.get(program) ?? []), left]);
  return left;
}
