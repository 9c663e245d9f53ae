/**
 * What a guest has without tools and data: the language's library, and the session's few globals. No DOM, no Node.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Parts of the library that the guest's engine has not. */
const ABSENT = /^(?:dom|webworker|scripthost|decorators|.*\.intl$|esnext\.temporal|.*\.full$)/;

const GLOBALS = `
interface GuestConsole {
  log(...values: any[]): void; info(...values: any[]): void; warn(...values: any[]): void;
  error(...values: any[]): void; debug(...values: any[]): void; table(...values: any[]): void; dir(...values: any[]): void;
  [method: string]: (...values: any[]) => void;
}
declare var console: GuestConsole;
declare function answer(value: any): void;
declare function setTimeout(work: (...args: any[]) => any, ms?: number, ...args: any[]): number;
declare function setInterval(work: (...args: any[]) => any, ms?: number, ...args: any[]): number;
declare function clearTimeout(id?: any): void;
declare function clearInterval(id?: any): void;
declare function queueMicrotask(work: () => any): void;
declare function atob(text: string): string;
declare function btoa(text: string): string;
declare var performance: { now(): number; [name: string]: any };
declare var DOMException: any;
declare var InternalError: ErrorConstructor;
interface Object { __proto__: any; __defineGetter__: any; __defineSetter__: any; __lookupGetter__: any; __lookupSetter__: any }
interface Function { fileName: string; lineNumber: number; columnNumber: number }
interface ErrorConstructor { captureStackTrace(target: object, above?: Function): void; stackTraceLimit: number; prepareStackTrace: any }
interface IteratorConstructor { concat(...items: any[]): any; zip(...items: any[]): any; zipKeyed(...items: any[]): any }
interface IteratorObject<T, TReturn, TNext> { chunks(size: number): any; windows(size: number): any; includes(item: any): boolean; join(separator?: string): string }
interface Math { sumPrecise(numbers: Iterable<number>): number }
interface Date { toGMTString(): string; getYear(): number; setYear(year: number): number }
interface JSON { rawJSON(text: string): any; isRawJSON(value: any): boolean }
interface ArrayBuffer { immutable: boolean; sliceToImmutable: any; transferToImmutable: any }
`;

/** Declarations of what a guest has: one text of globals, and those parts that are modules, which cannot be joined to it. */
export function guestLib(): { globals: string; modules: string[] } {
  const folder = dirname(createRequire(import.meta.url).resolve('typescript'));
  const seen = new Set<string>();
  const globals: string[] = [];
  const modules: string[] = [];
  const add = (name: string): void => {
    if (seen.has(name) || ABSENT.test(name)) return;
    seen.add(name);
    const text = readFileSync(join(folder, `lib.${name}.d.ts`), 'utf8')
      .replace(/^\/\/\/\s*<reference lib="(.+?)"\s*\/>$/gm, (_, other: string) => {
        add(other);
        return '';
      })
      // A file that says so is left out where no default library is wanted, and ours is none.
      .replaceAll(/^\/\/\/ <reference no-default-lib.*$/gm, '')
      // `Intl` is named by types of the library; the guest has no such value.
      .replaceAll(/^ {4}(?:var|const) (?:Collator|NumberFormat|DateTimeFormat): .*$/gm, '');
    if (/^export \{\};/m.test(text)) modules.push(text);
    else globals.push(text);
  };
  add('esnext');
  // One file is bound once, where eighty would be looked at for each program.
  return { globals: `${globals.join('\n')}\n${GLOBALS}`, modules };
}
