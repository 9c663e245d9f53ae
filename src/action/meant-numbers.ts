/**
 * Numbers that a text says in another way than digits alone: `2 hours` is 120 minutes, `€1.5m` and `fifty` are numbers too.
 *
 * @module
 */

/** Units and what they are of the smallest of their kind: milliseconds, grams, millimetres, millilitres, cents. English and German. */
const KINDS: readonly (readonly [unit: RegExp, size: number])[][] = [
  [
    [/^(?:ms|msecs?|milliseconds?|millisekunden?)$/, 1],
    [/^(?:s|secs?|seconds?|sekunden?)$/, 1_000],
    [/^(?:m|mins?|minutes?|minuten?)$/, 60_000],
    [/^(?:h|hrs?|hours?|std|stunden?)$/, 3_600_000],
    [/^(?:d|days?|tage?n?)$/, 86_400_000],
    [/^(?:w|wks?|weeks?|wochen?)$/, 604_800_000],
    [/^(?:months?|monate?n?)$/, 2_592_000_000],
    [/^(?:y|yrs?|years?|jahre?n?)$/, 31_536_000_000],
  ],
  [
    [/^(?:g|grams?|gramm)$/, 1],
    [/^(?:kg|kilos?|kilograms?|kilogramm)$/, 1_000],
    [/^(?:t|tons?|tonnes?|tonnen?)$/, 1_000_000],
  ],
  [
    [/^mm$|^millimet(?:er|re)s?$/, 1],
    [/^cm$|^(?:centi|zenti)met(?:er|re)s?$/, 10],
    [/^m$|^met(?:er|re)s?$/, 1_000],
    [/^km$|^kilomet(?:er|re)s?$/, 1_000_000],
  ],
  [
    [/^ml$|^millilit(?:er|re)s?$/, 1],
    [/^cl$/, 10],
    [/^l$|^lit(?:er|re)s?$/, 1_000],
  ],
  [
    [/^(?:ct|cents?)$/, 1],
    [/^(?:eur|euros?|usd|dollars?|pounds?)$/, 100],
  ],
];
const MONTH = 2_592_000_000;
const YEAR = 31_536_000_000;

/** What words of magnitude multiply by; `m` is also a metre, and then nobody writes millions. */
const MAGNITUDES: readonly [word: RegExp, times: number][] = [
  [/^(?:k|thousand|tausend)$/, 1e3],
  [/^(?:m|mn|mio|millions?|millionen)$/, 1e6],
  [/^(?:b|bn|mrd|billions?|milliarden?)$/, 1e9],
  [/^trillions?$/, 1e12],
];

/** A time of day behind a number: `8 a.m.`, `9 o'clock`, `8 Uhr`, and the first of `8 to 10 am`. */
const CLOCK =
  /^(?:\s*(?:and|to|until|till|bis|und|–)\s*\d{1,2}(?::\d\d)?)?\s*(?:([ap])\.?\s?m(?![\p{L}])|o['’]\s?clock(?!\p{L})|uhr(?!\p{L}))/iu;

/** The number is a time of day. */
export const isClock = (after: string): boolean => CLOCK.test(after);

const ROUNDED =
  /^[\s-]*(?:decimals?|decimal places?|places?|digits?|(?:nach)?komma-?stellen?|dezimalstellen?|stellen?)(?!\p{L})/iu;
const OF_YEAR = /^(?:st|nd|rd|th|\.)\s+(?:(quarter|quartal)|(?:half|halbjahr))(?!\p{L})/iu;
const YEAR_PART = /(?:(quarter|quartal)|\b(?:half|halbjahr))\s+$/iu;

/**
 * The other numbers that a number means, by what stands around it: units, magnitudes, hours of the day, decimal places,
 * months of a quarter.
 *
 * @example
 * ```ts
 * meantBy(2, ' hours').includes(120); // true
 * ```
 */
export function meantBy(number: number, after: string, before = ''): number[] {
  const part = OF_YEAR.exec(after) ?? YEAR_PART.exec(before);
  const found = part === null ? [] : monthsOf(number, part[1] === undefined ? 6 : 3);
  const [, word = ''] = /^[\s-]*(\p{L}+)/u.exec(after) ?? [];
  // A number between numbers: texts have many of them.
  if (word === '') return found;
  found.push(...inUnits(number, word.toLowerCase()), ...inMagnitude(number, word.toLowerCase()));
  const [, half] = CLOCK.exec(after) ?? [];
  if (half?.toLowerCase() === 'p' && number < 12) found.push(number + 12);
  if (ROUNDED.test(after) && number < 12) found.push(10 ** number);
  if (/^[\s-]*digits?(?!\p{L})/iu.test(after) && number < 12) found.push(10 ** (number - 1));
  if (/^(?:st|nd|rd|th)?\s+(?:percentile|perzentil)/iu.test(after)) found.push(number / 100);
  return found.map(rounded);
}

/** Without what a division leaves behind. */
export const rounded = (number: number): number => (Number.isInteger(number) ? number : Number(number.toPrecision(12)));

/** An amount in every other unit of its kind. A 1 stands in every program and says nothing. */
function inUnits(number: number, word: string): number[] {
  const found = KINDS.flatMap((units) => {
    const size = units.find(([unit]) => unit.test(word))?.[1];
    if (size === undefined) return [];
    const others = units.map(([, other]) => (number * size) / other);
    return [...others, ...(size === YEAR ? [number * 12] : []), ...(size === MONTH ? [number / 12] : [])];
  });
  return found.filter((one) => one !== 1 && one !== number);
}

function inMagnitude(number: number, word: string): number[] {
  const times = magnitudeOf(word);
  return times === undefined ? [] : [number * times];
}

/** What a word multiplies by: `million`, `bn`, `k`. */
export const magnitudeOf = (word: string): number | undefined =>
  MAGNITUDES.find(([magnitude]) => magnitude.test(word.toLowerCase()))?.[1];

/** Months of the part of a year, and those around it: `month > 6`, `day < "2026-10-01"`. */
function monthsOf(part: number, length: number): number[] {
  return Array.from({ length: length + 2 }, (_, at) => (part - 1) * length + at).filter((month) => month > 1);
}

/**
 * A text with points where it has decimal commas: `3,5 mm`, `1.250,50 €`. A pair in brackets and a longer list are no decimals.
 */
export function withPoints(text: string): string {
  return text.replace(
    /(?<![\d.,])(\d{1,3}(?:\.\d{3})+|\d+),(\d{1,2})(?!\d|,\d|\s+(?:and|or) \d)/g,
    (found, whole: string, part: string, at: number) => {
      const isPair = /[([]/.test(text[at - 1] ?? '') && /[)\]]/.test(text[at + found.length] ?? '');
      return isPair ? found : `${whole.replaceAll('.', '')}.${part}`;
    },
  );
}

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen';
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety';
const GERMAN_TENS = 'zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig';
const WORDS: ReadonlyMap<string, number> = new Map([
  ...SMALL.split(' ').map((word, at) => [word, at] as const),
  ...TENS.split(' ').map((word, at) => [word, (at + 2) * 10] as const),
  ...GERMAN_TENS.split(' ').map((word, at) => [word, (at + 2) * 10] as const),
  ['dozen', 12],
  ['hundred', 100],
  ['hundert', 100],
  ['thousand', 1e3],
  ['tausend', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
]);
const WORD = [...WORDS.keys()].join('|');
const IN_WORDS = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${WORD})(?:(?:[\\s-]|(?<=hundred|thousand) and )(?:${WORD}))*(?!\\p{L})`,
  'giu',
);

/**
 * The numbers that a text says in words.
 *
 * @example
 * ```ts
 * inWords('two hundred and fifty euros'); // [250]
 * ```
 */
export function inWords(text: string): number[] {
  return [...text.matchAll(IN_WORDS)].map(([found]) => {
    let [whole, part] = [0, 0];
    for (const word of found.toLowerCase().split(/[\s-]+/)) {
      const value = WORDS.get(word) ?? 0;
      if (value >= 1e3) [whole, part] = [whole + Math.max(1, part) * value, 0];
      else if (value === 100 || word === 'dozen') part = Math.max(1, part) * value;
      else part += value;
    }
    return whole + part;
  });
}
