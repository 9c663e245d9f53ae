/**
 * Numbers in texts: which a run holds, and whether one of them is meant by another.
 *
 * @module
 */
import { type Json, type Projection, textOf } from '../record/index.ts';
import { codeOf } from './history.ts';
import { inWords, meantBy, withPoints } from './meant-numbers.ts';

/** A number not glued to a word (`v2`, `item3`), a date or a version. */
const NUMBER =
  /(?<![\p{L}\p{N}_.:/-])-?(?:\d{1,3}(?:,\d{3})+|\d[\d_]*)(?:\.\d+)?(?:e[+-]?\d+)?(?![\p{L}_]*\d|[:/-]\d|\.\d)/giu;

/**
 * The numbers of a text, thousands separators understood.
 *
 * @example
 * ```ts
 * numbersIn('500 lamps at 1,250.50 in 2024-05-01'); // [500, 1250.5]
 * ```
 */
export function numbersIn(text: string): number[] {
  return [...text.matchAll(NUMBER)].map(([found]) => Number(found.replace(/[,_]/g, ''))).filter(Number.isFinite);
}

/** A number of a text, and what stands around it. */
export interface Place {
  number: number;
  before: string;
  after: string;
}

/** So much is looked at on each side of a number. */
const AROUND_CHARS = 30;

/** The numbers of a text that people wrote, decimal commas understood, each with what stands around it. */
export function placesIn(text: string): Place[] {
  const plain = withPoints(text);
  return [...plain.matchAll(NUMBER)].map(({ 0: found, index }) => ({
    number: Number(found.replace(/[,_]/g, '')),
    before: plain.slice(Math.max(0, index - AROUND_CHARS), index),
    after: plain.slice(index + found.length, index + found.length + AROUND_CHARS),
  }));
}

/** All that the numbers of a text may mean: its digits, its words, its spans of time in other units. */
function heldIn(text: string): number[] {
  const meant = placesIn(text).flatMap(({ number, before, after }) => [number, ...meantBy(number, after, before)]);
  return [...numbersIn(text), ...meant, ...inWords(text)];
}

/** Numbers of a JSON value, in texts too. */
export function numbersOf(value: Json): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value === 'string') return numbersIn(value);
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(numbersOf);
}

/** Percentages a text names: `7 %`, `7%`, `7.5 percent`, `7,5 Prozent`. */
export function percentagesIn(text: string): number[] {
  const found = withPoints(text).matchAll(/(?<!\d)(\d+(?:\.\d+)?)\s*(?:%|per\s?cent\b|prozent\b)/gi);
  return [...found].map(([, number]) => Number(number));
}

/** Percentages that the run's tasks name. */
export const taskPercentages: Projection<number[]> = {
  rewinds: true,
  start: () => [],
  next(named, event) {
    if (event.kind !== 'task') return named;
    for (const part of event.parts) if ('text' in part) named.push(...percentagesIn(part.text));
    return named;
  },
};

/** Everything a run was told, said or saw, for asking whether it holds a number or a text. */
export interface Held {
  /** Counted when it is asked for: reading all texts for numbers costs more than a step. */
  readonly numbers: ReadonlySet<number>;
  texts: string[];
  /** The same without the docs of data, whose rows are examples. */
  told: string[];
  /** Numbers that programs wrote: held for later programs, no support for an answer. */
  programs: Set<number>;
  /** Programs that were decided and not yet observed, by decision. */
  written: Map<number, string>;
}

/** See {@link Held}. A program's own numbers are held for the programs after it, once it was observed. */
export const held: Projection<Held> = {
  rewinds: true,
  start: () => {
    const texts: string[] = [];
    const told: string[] = [];
    const numbers = new Set<number>();
    let counted = 0;
    return {
      texts,
      told,
      get numbers() {
        for (; counted < texts.length; counted++) {
          for (const number of heldIn(texts[counted] as string)) numbers.add(Math.abs(number));
        }
        return numbers;
      },
      programs: new Set(),
      written: new Map(),
    };
  },
  next(state, event) {
    if (event.kind === 'task') {
      add(state, textOf(event.parts));
      if (event.input !== undefined) add(state, JSON.stringify(event.input));
      for (const { doc, name, rows } of event.data ?? []) state.texts.push(`${name} ${doc} ${rows ?? ''}`);
    }
    if (event.kind === 'decision') {
      const code = codeOf(event.decision);
      if (code !== undefined) state.written.set(event.seq, code);
    }
    if (event.kind === 'observation') {
      const code = state.written.get(event.of);
      if (code !== undefined) for (const number of literalsOf(code)) state.programs.add(Math.abs(number));
      state.written.delete(event.of);
      add(state, textOf(event.parts));
      if (event.value !== undefined) add(state, JSON.stringify(event.value));
    }
    if (event.kind === 'reply' || event.kind === 'message') add(state, textOf(event.parts));
    if (event.kind === 'call-result' && event.value !== undefined) {
      add(state, JSON.stringify(event.value).slice(0, 100_000));
    }
    return state;
  },
};

function add({ texts, told }: Held, text: string): void {
  texts.push(text);
  told.push(text);
}

/** Numbers that need no source: counts, percent, months, hours, days, what units of time are of each other, and powers of ten. */
const COMMON = new Set([
  ...[12, 24, 30, 31, 52, 60, 90, 180, 360, 365, 366, 1024],
  ...[168, 1440, 3600, 10_080, 60_000, 86_400, 604_800, 3_600_000, 86_400_000, 604_800_000],
]);

/** Needs no source. */
export function isCommon(number: number): boolean {
  const plain = Math.abs(number);
  return (Number.isInteger(plain) && plain <= 10) || COMMON.has(plain) || /^(?:10*|0\.0*[1-9]?)$/.test(String(plain));
}

/**
 * Says whether a set holds a number: itself, rounded to as many places, or as percent and fraction of each other.
 *
 * @example
 * ```ts
 * holds(new Set([1234.5678]), 1234.57) && holds(new Set([7]), 1.07); // true
 * ```
 */
export function holds(numbers: ReadonlySet<number>, number: number): boolean {
  const plain = Math.abs(number);
  for (const form of [plain, plain * 100, plain / 100, (plain - 1) * 100, (1 - plain) * 100]) {
    if (numbers.has(Number(form.toPrecision(12)))) return true;
  }
  const places = String(plain).split('.')[1]?.length ?? 0;
  const near = 0.5 * 10 ** -places + 1e-9;
  for (const other of numbers) if (Math.abs(other - plain) < near) return true;
  return false;
}

/** Places in a text or a list, and lengths: `.slice(11, 16)`, `.at(-1)`, `.padStart(2, "0")`. */
const POSITIONS =
  /\.(?:slice|substring|substr|at|charAt|charCodeAt|padStart|padEnd|toFixed|toPrecision)\(\s*-?\d+(?:\s*,\s*-?\d+)?/g;

/** Numbers that every program of a decision wrote; places in a text are none. */
export const literalsOf = (code: string) => numbersIn(withoutComments(code).replace(POSITIONS, '('));

/** A program without its comments. */
export function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/(^|[^:'"`\\])\/\/[^\n]*/g, '$1');
}
