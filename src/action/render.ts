/**
 * What a program did, as text for the model: what it logged, its value, its failure with the line of the program.
 *
 * @module
 */
import { inferType } from '../environment/index.ts';
import { cutMiddle, type GuestError, type Json, type Part } from '../record/index.ts';
import type { Facts } from './session-state.ts';

/** Said when a program shows nothing, because a small model repeats such a program otherwise. */
export const NOTHING_LOGGED =
  'The program ran and logged nothing. Log what you need to see with console.log(…), or give the result with answer(…).';

/** Results of calls that are told, the last ones, and the length of each. */
const RESULTS = 3;
const RESULT_CHARS = 400;

/** What a call gave. */
export interface CallResult {
  tool: string;
  args: Json;
  value: Json;
  /** The tool only looks. */
  looks?: boolean;
}

/** Whether results of calls are told, and which. */
export interface ResultsTold {
  /** @default none */
  results?: () => readonly CallResult[];
  /** The answer is none that the calls gave. @default never */
  isOwn?: (answer: Json) => boolean;
}

/** Longest type of a kept value in an observation. */
const TYPE_CHARS = 300;

export interface Rendering {
  /** The text, short enough for a prompt. */
  text: string;
  /** The whole, where the text lost its middle. */
  whole?: { value: Json; variable: string };
}

/**
 * Renders what a program did. A text longer than `chars` loses its middle, and says that the whole is kept in
 * a variable, whose name is asked for then.
 */
export function renderFacts(
  facts: Facts,
  code: string,
  chars: number,
  freeName: () => string,
  { results = () => [], isOwn = () => false }: ResultsTold = {},
): Rendering {
  const shown = shownOf(facts);
  const { answer, error } = facts;
  const answered = answer !== undefined && error === undefined && !isOwn(answer.value);
  const told = answered ? [] : toldResults(facts, shown, results);
  const notes = [...told, ...notesOf(facts, code, shown === '' && told.length === 0)];
  if (shown.length <= chars && !isElided(facts)) return { text: join(shown, notes) };
  const variable = freeName();
  const value = wholeValue(facts, shown);
  const type = cutMiddle(inferType(value), TYPE_CHARS).replaceAll('\n', ' ');
  const kept = `The whole is kept in the variable \`${variable}: ${type}\`.`;
  return {
    text: join(cutMiddle(shown, chars), [kept, ...notes]),
    whole: { value, variable },
  };
}

/**
 * What the last calls gave, where a program came to no answer of theirs and showed nothing of it: it may have taken for granted
 * what a tool returns, and the next one could only do so again.
 */
function toldResults({ calls }: Facts, shown: string, resultsOf: () => readonly CallResult[]): string[] {
  if (calls === 0) return [];
  const results = resultsOf();
  // One that looked at many things shows what it looked for.
  if (shown !== '' && results.length > RESULTS && results.every(({ looks }) => looks)) return [];
  const texts = results.map(({ value }) => (typeof value === 'string' ? value : JSON.stringify(value)).trim());
  const isShown = (text: string) => text !== '' && shown.includes(text.slice(0, RESULT_CHARS / 10));
  if (texts.some(isShown) || results.some(({ value }) => longTextsIn(value).some(isShown))) return [];
  return results.slice(-RESULTS).map(({ tool, args }, at) => {
    const text = texts.slice(-RESULTS)[at] as string;
    return `${tool}(${cutMiddle(JSON.stringify(args), RESULT_CHARS / 4)}) returned ${cutMiddle(text, RESULT_CHARS)}`;
  });
}

/** Texts in a list, or in the objects of one, that are long enough to be known again. */
function longTextsIn(value: Json): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((one) =>
    typeof one === 'string' ? (one.length < RESULT_CHARS / 10 ? [] : [one.trim()]) : longTextsIn(one),
  );
}

/** Logs in order, then the value of the last expression. */
function shownOf({ logs, value }: Facts): string {
  const lines = logs.map(({ level, text }) => (level === 'error' || level === 'warn' ? `[${level}] ${text}` : text));
  if (value !== undefined && value.text !== logs.at(-1)?.text) lines.push(value.text);
  return lines.join('\n');
}

function notesOf({ error, redeclared, answer }: Facts, code: string, nothing: boolean): string[] {
  const notes: string[] = [];
  if (error !== undefined) notes.push(renderError(error, code));
  if (answer !== undefined) {
    const value = cutMiddle(JSON.stringify(answer.value), 400);
    notes.push(
      error === undefined
        ? `Answer given: ${value}`
        : `answer(${value}) was called, but the program failed; it does not count.`,
    );
  }
  if (redeclared.length > 0) notes.push(`Declared again, the earlier value is gone: ${redeclared.join(', ')}.`);
  if (nothing && error === undefined && answer === undefined) notes.push(NOTHING_LOGGED);
  return notes;
}

/**
 * An error with its line of the program.
 *
 * @example
 * ```ts
 * renderError({ name: 'TypeError', message: 'not a function', line: 1, column: 3 }, 'a.b()');
 * // 'TypeError: not a function (line 1, column 3)\n  1 | a.b()\n    |   ^'
 * ```
 */
export function renderError({ name, message, line, column }: GuestError, code: string): string {
  const said = `${name}: ${cutMiddle(message, 1_000)}`;
  if (line === undefined) return said;
  const where = column === undefined ? `line ${line}` : `line ${line}, column ${column}`;
  const source = code.split('\n')[line - 1];
  if (source === undefined) return `${said} (${where})`;
  const gutter = String(line);
  const quoted = `  ${gutter} | ${source.slice(0, 160)}`;
  if (column === undefined || column > 160) return `${said} (${where})\n${quoted}`;
  return `${said} (${where})\n${quoted}\n  ${' '.repeat(gutter.length)} | ${' '.repeat(column - 1)}^`;
}

/** The sandbox shows the first hundred entries of a value and says how many more there are. */
function isElided({ logs, value }: Facts): boolean {
  const shown = [...logs.filter((log) => typeof log.value === 'object'), ...(value?.json === undefined ? [] : [value])];
  return shown.some(({ text }) => /… \d+ more\b/.test(text));
}

/** What the variable holds: the one value that was shown, else the largest that was logged, else the text. */
function wholeValue({ logs, value }: Facts, shown: string): Json {
  const values = [...logs.map((log) => log.value), value?.json].filter((json): json is Json => json !== undefined);
  const [largest] = values
    .map((json) => ({ json, chars: JSON.stringify(json).length }))
    .sort((one, other) => other.chars - one.chars);
  return largest !== undefined && largest.chars >= shown.length / 2 ? largest.json : shown;
}

function join(shown: string, notes: readonly string[]): string {
  return [shown, ...notes].filter((part) => part !== '').join('\n');
}

/** Text as the parts of an observation. */
export const textParts = (text: string): Part[] => [{ text }];
