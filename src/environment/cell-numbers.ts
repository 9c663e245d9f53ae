/**
 * Numbers as cells have them: with thousands set apart, a decimal comma, a percent sign or a currency.
 *
 * @module
 */

const PLAIN = /^[+-]?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d{1,3})?$|^[+-]?\.\d+$/i;
const GROUPED = /^[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/;
const SPACED = /^[+-]?[1-9]\d{0,2}(?:[ \u00a0\u202f'’]\d{3})+(?:\.\d+)?$/;
const COMMA = /^[+-]?(?:0|[1-9]\d*|[1-9]\d{0,2}(?:[. \u00a0\u202f]\d{3})+),\d+$/;
const DOTTED = /^[+-]?[1-9]\d{0,2}(?:\.\d{3})+$/;
const WHOLE = /^[+-]?\d+$/;
const CODE = /^\d+e\d+$/i;
/** A code stands apart from its number: `USD 5` is money, `USD5` a name. */
const MONEY =
  /^(?<front>[€$£¥]|[A-Z]{3}(?=\s))?\s?(?<number>[+-]?[\d.,'’ \u00a0\u202f]*\d)\s?(?<back>[€$£¥]|(?<=\s)[A-Z]{3})?$/;

/** How the numbers of one column are read. */
export interface NumberReader {
  /** The number of a cell; nothing where it is not written as the others are. */
  read(cell: string): number | undefined;
  /** What was taken off, for the doc: "in EUR". */
  note?: string;
}

/** What else is known of a column. */
export interface ColumnHints {
  /** Another column of the table has decimal commas, so that `1.500` is a thousand and a half. @default false */
  hasDecimalCommas?: boolean;
  /** The column's name says that it holds versions, of which `3.1` and `3.10` are two. @default false */
  isVersion?: boolean;
}

/**
 * How to read the numbers of a column: all plain, all in percent, or all of one currency.
 *
 * @param cells - those that are not missing; at least one
 * @returns nothing where one of them is no number, or they carry different things
 */
export function numberReader(cells: readonly string[], hints: ColumnHints = {}): NumberReader | undefined {
  const unit = unitOf(cells);
  const bare = cells.map((cell) => unit?.strip(cell));
  if (unit === undefined || !bare.every((cell) => cell !== undefined)) return undefined;
  if (hints.isVersion && losesZeros(bare)) return undefined;
  const parse = parserOf(bare, hints);
  if (!bare.every((cell) => parse(cell) !== undefined)) return undefined;
  return {
    read: (cell) => {
      const number = unit.strip(cell);
      return number === undefined ? undefined : parse(number);
    },
    ...(unit.note !== undefined && { note: unit.note }),
  };
}

function parserOf(cells: readonly string[], { hasDecimalCommas = false }: ColumnHints) {
  if (tellsDecimalCommas(cells) || (hasDecimalCommas && isDotted(cells))) return commaNumber;
  // 12e3 among whole numbers is a code that looks like one.
  const hasExponents = cells.every((cell) => /e/i.test(cell)) || cells.some((cell) => /^[+-]|\./.test(cell));
  return hasExponents ? numberOf : (cell: string) => (CODE.test(cell) ? undefined : numberOf(cell));
}

/** Whether the cells of a column tell that its commas are decimal ones. */
export function writesDecimalCommas(cells: readonly string[]): boolean {
  if (!cells.some((cell) => /\d,\d/.test(cell))) return false;
  const unit = unitOf(cells);
  const bare = cells.flatMap((cell) => unit?.strip(cell) ?? []);
  return bare.length === cells.length && tellsDecimalCommas(bare);
}

function tellsDecimalCommas(cells: readonly string[]): boolean {
  // 1,234 is a thousand or a fraction: only another cell of the column can tell.
  const told = cells.some((cell) => COMMA.test(cell) && (!GROUPED.test(cell) || /\..*,/.test(cell)));
  return told && cells.every((cell) => commaNumber(cell) !== undefined);
}

const isDotted = (cells: readonly string[]) =>
  cells.some((cell) => DOTTED.test(cell)) && cells.every((cell) => commaNumber(cell) !== undefined);

/** Numbers would take 3.1 and 3.10 for one. */
const losesZeros = (cells: readonly string[]) =>
  cells.some((cell) => /\.\d*0$/.test(cell)) && new Set(cells.map((cell) => cell.split('.')[1]?.length)).size > 1;

/** Whether a column or a setting is said to hold versions: `version`, `pkgVersion`, `release no`. */
export const namesVersion = (name: string): boolean =>
  /\bversions?\b|\b(?:release|build)s?(?: (?:no|nr|number|id))?$/.test(
    name
      .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
      .toLowerCase(),
  );

/** What every cell carries beside its number: nothing, a percent sign, or one and the same currency. */
interface Unit {
  /** The number alone; nothing where the cell carries something else. */
  strip(cell: string): string | undefined;
  note?: string;
}

function unitOf(cells: readonly string[]): Unit | undefined {
  const percent = (cell: string) => /^(.*\d)\s?%$/.exec(cell)?.[1];
  if (cells.every((cell) => percent(cell) !== undefined)) return { strip: percent, note: 'in percent' };
  const symbol = moneyOf(cells[0] ?? '')?.symbol;
  if (symbol === undefined) return undefined;
  const strip = (cell: string) => {
    const money = moneyOf(cell);
    return money?.symbol === symbol ? money.number : undefined;
  };
  return symbol === '' ? { strip } : { strip, note: `in ${symbol}` };
}

function moneyOf(cell: string): { symbol: string; number: string } | undefined {
  if (PLAIN.test(cell)) return { symbol: '', number: cell };
  const { front = '', number = '', back = '' } = MONEY.exec(cell)?.groups ?? {};
  const symbol = front || back;
  if (number === '' || (front !== '' && back !== '') || !isCurrency(symbol)) return undefined;
  return { symbol, number };
}

let codes: Set<string> | undefined;

/** A sign, or a code of ISO 4217: any three capitals are as often the beginning of an identifier. */
function isCurrency(symbol: string): boolean {
  if (symbol.length < 3) return true;
  codes ??= new Set(Intl.supportedValuesOf('currency'));
  return codes.has(symbol);
}

/** A number that loses nothing; thousands may be set apart. Leading zeros and longer numbers are names, not numbers. */
function numberOf(cell: string): number | undefined {
  const plain = GROUPED.test(cell)
    ? cell.replaceAll(',', '')
    : SPACED.test(cell)
      ? cell.replace(/[^\d.+-]/g, '')
      : cell;
  if (!PLAIN.test(plain)) return undefined;
  const value = Number(plain);
  if (!Number.isFinite(value)) return undefined;
  return WHOLE.test(plain) && !Number.isSafeInteger(value) ? undefined : value;
}

/** Whether a cell by itself is a number, with a decimal point or comma. */
export const isNumber = (cell: string): boolean => numberOf(cell) !== undefined || COMMA.test(cell);

/** A number written with a decimal comma. */
const commaNumber = (cell: string): number | undefined =>
  COMMA.test(cell) || DOTTED.test(cell) || WHOLE.test(cell)
    ? numberOf(cell.replace(/[. \u00a0\u202f]/g, '').replace(',', '.'))
    : undefined;
