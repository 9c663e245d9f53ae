/**
 * The program as the compiler is shown it: JavaScript, with every line and column where it was.
 *
 * The types that a model writes are taken away first, as they are before the program runs. What is checked is what runs,
 * and a wrong annotation alone never blocks. JavaScript is also what the compiler is lenient with: objects may grow.
 *
 * @module
 */
import { stripTypeScriptTypes } from 'node:module';

/** A program's text for the compiler. */
export interface ProgramText {
  text: string;
  /** Types that cannot be stripped in place are left: it is read as TypeScript, and only its syntax and names count. */
  typed: boolean;
}

/** Takes types and compiler directives out. */
export function programText(source: string): ProgramText {
  try {
    return { text: inertComments(stripTypeScriptTypes(source, { mode: 'strip' })), typed: false };
  } catch {
    return { text: inertComments(source), typed: true };
  }
}

/** In JavaScript, doc comments are types, and some comments switch the check off. */
function inertComments(text: string): string {
  return text.replaceAll(/\/\*\*(?![/])/g, '/* ').replaceAll(/@ts-(?=ignore|nocheck|check|expect-error)/g, '@ts_');
}
