/**
 * Which numbers of a task count something that a program has to work with: no example, no time of day, no total of the data.
 *
 * @module
 */
import { isClock, meantBy, rounded } from './meant-numbers.ts';
import { type Place, percentagesIn, placesIn } from './numbers.ts';

/** A number of a task, and all forms in which a program may write it. */
export interface Count {
  number: number;
  forms(): readonly number[];
}

/** What a task gives as an example of an answer: `(e.g., 12.34)`, `such as 12.34`, `Example: '[1, 2]'`. */
export const EXAMPLE =
  /\((?:e\.\s?g\.|for example|such as)[^)]{0,500}\)|\b(?:e\.\s?g\.|for example|such as),?\s+\S+|\bexample:?\s*(["'“‘`])[^"'”’`\n]*["'”’`]/gi;

/** A phone number, which counts nothing: `(719)639-9091x6998`. As long as one may be, or a list of numbers is gone through again and again. */
const CALLED = /(?<![\p{L}\p{N}])[+(]?\d[\d() .x-]{0,24}(?:\)|\d[x-])\d[\dx-]{3,24}/gu;

/**
 * The numbers of a task that count something: no years, no 0 or 1, nothing quoted. `rows` are the sizes of the tables.
 *
 * @example
 * ```ts
 * countsIn('Of the 24 orders, how many cost more than 50 euros?', [24]).map(({ number }) => number); // [50]
 * ```
 */
export function countsIn(task: string, rows: readonly number[] = []): Count[] {
  const percentages = percentagesIn(task);
  const plain = task
    .replace(EXAMPLE, ' ')
    .replace(CALLED, ' ')
    .replace(/"[^"]*"|“[^“”]*”|`[^`]*`/g, ' ');
  return placesIn(withoutLabels(plain)).flatMap((place) => {
    const { number, before, after } = place;
    const isYear = Number.isInteger(number) && number >= 1900 && number <= 2100;
    if (Math.abs(number) <= 1 || isYear || isClock(after) || isTotal(place, rows)) return [];
    const forms = () => [...formsOf(number, percentages.includes(number)), ...meantBy(number, after, before)];
    return [{ number, forms }];
  });
}

/** A text without the numbers of `Route 1`, `Route 2`: a word that is followed by 1 and by 2 counts things, and means no amount. */
function withoutLabels(text: string): string {
  const numbered = new Map<string, Set<number>>();
  const LABEL = /(?<!\p{L})(\p{L}+)(\s+#?)(\d{1,2})(?![\d.,]*\d|\s*%)/gu;
  for (const [, word = '', , number] of text.matchAll(LABEL)) {
    const key = word.toLowerCase();
    numbered.set(key, (numbered.get(key) ?? new Set()).add(Number(number)));
  }
  return text.replace(LABEL, (whole, word: string, space: string) => {
    const its = numbered.get(word.toLowerCase());
    return its?.has(1) && its.has(2) ? `${word}${space}` : whole;
  });
}

/** `Which of the 3 agents`, `Of the 24 orders`, `out of 24`. */
const PART_OF =
  /(?:(?:^|[.!?;:,\n]\s*|\b(?:which|who|what|many|much|one|each|any|none|some|most|either|all|share|part|percent|percentage|fraction|%) )(?:of|among) (?:(?:the|these|those|our|my|your|all) ){1,2}|\bout of (?:the )?)$/i;
/** `of the 3 cheapest`: so many are to be taken. */
const RANKED = /^ (?:most|least|best|worst|first|last|top|latest|next|(?!(?:gu|requ|inter|t|w)est\b)\p{L}{2,}est)\b/iu;
/** `more than 24`, `the first 24`, `24 euros`: a limit, and not the size of a table. */
const LIMITED =
  /(?:\b(?:than|over|under|above|below|least|most|exceed\w*|exactly|first|last|top|next|latest|by|for|to|at|from|between|between [\d.,]+ and|is|costs?|per|every)|[<>=€$£])\s*$/i;
const UNIT =
  /^\s*(?:%|[€$£]|per\s?cent\b|(?:euros?|eur|dollars?|usd|kg|km|mm|cm|hours?|minutes?|days?|weeks?|months?|years?)\b)/i;

/** The number says how many there are, where there are data to say it of. */
function isTotal({ number, before, after }: Place, rows: readonly number[]): boolean {
  if (rows.length === 0 || RANKED.test(after) || UNIT.test(after)) return false;
  return PART_OF.test(before) || (rows.includes(number) && !LIMITED.test(before));
}

/** How a program may write a number: itself, as a percentage's fraction or factor, in thousands or millions. */
function formsOf(number: number, isPercent: boolean): number[] {
  const forms = [number, number * 1_000, number * 1_000_000, number - 1, number + 1];
  if (isPercent) forms.push(number / 100, 1 + number / 100, 1 - number / 100);
  return forms.map(rounded);
}
