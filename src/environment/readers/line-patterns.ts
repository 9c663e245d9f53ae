/**
 * Lines that say the same with other values, as templates: the words that they share, and what stands between.
 *
 * A line joins the template with which it shares most, in order, if that is most of the template; the template keeps what
 * they share (the idea of log parsers such as Drain; He et al. 2017). Nothing here knows a language: names of columns come
 * from the words beside a value.
 *
 * @module
 */
import { alike, isValue, type Token, tokensOf } from './line-tokens.ts';

/** Tokens that all lines of a kind share, in order: words as they are, values by their kind. */
export interface Template {
  shared: Token[];
  /** How many lines made it. */
  lines: number;
}

/** What a line holds beside the words of its template: text between them, and their values, in order. */
export type Values = string[];

/** Lines that templates are learnt from. */
const LEARNT = 400;
const MOST_TEMPLATES = 12;
/** Share of a template that a line must share to join it, by how many lines have made it. */
const SHARE = [0.5, 0.5, 0.6, 0.7];
/** Tokens between two shared ones: a line with more of them says more than the template. */
const WIDEST = 8;

/** Templates of lines, those of most lines first. */
export function learnTemplates(lines: readonly string[]): Template[] {
  const templates: Template[] = [];
  for (const line of lines.slice(0, LEARNT)) {
    const tokens = tokensOf(line);
    let best: { template: Template; shared: Token[] } | undefined;
    for (const template of templates) {
      const shared = sharedBy(template.shared, tokens);
      const needed = (SHARE[template.lines] ?? (SHARE.at(-1) as number)) * template.shared.length;
      if (shared.length >= needed && says(shared) && shared.length > (best?.shared.length ?? 0))
        best = { template, shared };
    }
    if (best !== undefined) Object.assign(best.template, { shared: best.shared, lines: best.template.lines + 1 });
    else if (templates.length < MOST_TEMPLATES && tokens.length > 0) templates.push({ shared: tokens, lines: 1 });
  }
  return templates.sort((one, other) => other.lines - one.lines);
}

/** A template says something: a word of its own beside a value, or two values. */
function says(shared: readonly Token[]): boolean {
  const values = shared.filter(isValue).length;
  const words = shared.filter((token) => noun(token) !== undefined).length;
  return values + words > 1;
}

/** The longest sequence that both have in order. */
function sharedBy(one: readonly Token[], other: readonly Token[]): Token[] {
  const width = other.length + 1;
  const lengths = new Uint8Array((one.length + 1) * width);
  const at = (row: number, column: number) => lengths[row * width + column] as number;
  for (let row = one.length - 1; row >= 0; row--) {
    for (let column = other.length - 1; column >= 0; column--) {
      const same = alike(one[row] as Token, other[column] as Token);
      lengths[row * width + column] = same
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const shared: Token[] = [];
  let row = 0;
  let column = 0;
  while (row < one.length && column < other.length) {
    if (alike(one[row] as Token, other[column] as Token)) {
      shared.push(one[row] as Token);
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return shared;
}

/**
 * The values of a line, if it is one of a template's: between, before and after its words, and of its values.
 *
 * @returns `2 * shared.length + 1` texts: a gap, a shared token, a gap …
 */
export function valuesOf({ shared }: Template, line: string): Values | undefined {
  const tokens = tokensOf(line);
  const values: Values = [];
  let from = 0;
  for (const wanted of shared) {
    const found = tokens.findIndex((token, at) => at >= from && alike(wanted, token));
    if (found < 0 || found - from > WIDEST) return undefined;
    const token = tokens[found] as Token;
    values.push(textBetween(line, tokens, from, found), token.text);
    from = found + 1;
  }
  if (tokens.length - from > WIDEST) return undefined;
  values.push(textBetween(line, tokens, from, tokens.length));
  return values;
}

function textBetween(line: string, tokens: readonly Token[], from: number, to: number): string {
  return from >= to ? '' : line.slice((tokens[from] as Token).start, (tokens[to - 1] as Token).end);
}

/** A column that lines of a template have. */
export interface Column {
  /** Which of {@link Values}. */
  at: number;
  name: string;
}

/** Words before a value that name nothing. */
const SMALL = new Set(
  'a after an and are as at be before by did do for had has have in is it its of on or per since that the their they this to until was were will with x'.split(
    ' ',
  ),
);
/** What stands before or after an amount. */
const MONEY: { readonly [mark: string]: string } = { '€': 'eur', $: 'usd', '£': 'gbp', '%': 'percent' };
const UNITS: { readonly [unit: string]: string } = {
  x: 'quantity',
  '×': 'quantity',
  s: 'seconds',
  ms: 'ms',
  min: 'minutes',
  h: 'hours',
  kg: 'kg',
  km: 'km',
};
/** What stands before the price of one: `9 x lamp at 12.50 EUR`. */
const PRICED = /^(?:at|@|à|per|each)$/i;
/** Words before a text that say what it is. */
const SIDES = new Set(['by', 'from', 'to']);
const NAME_CHARS = 24;

/**
 * Which values of a template vary, each with a name: of the word beside it, or of what it is.
 *
 * @param all - values of all lines
 * @param taken - names that other columns have
 */
export function columnsOf({ shared }: Template, all: readonly Values[], taken: readonly string[] = []): Column[] {
  const columns: Column[] = [];
  for (let at = 0; at < 2 * shared.length + 1; at++) {
    const token = at % 2 === 1 ? shared[(at - 1) / 2] : undefined;
    const texts = all.map((values) => values[at] ?? '');
    // Shared words are the template; what hardly any line has is an aside.
    if (
      token !== undefined
        ? !isValue(token)
        : texts.filter((text) => /[\p{L}\p{N}]/u.test(text)).length < texts.length / 2
    )
      continue;
    const used = [...taken, ...columns.map(({ name }) => name)];
    const isEmpty = (gap: number) => all.filter((values) => values[gap] === '').length > all.length / 2;
    const before = token === undefined || isEmpty(at - 1) ? shared[Math.floor(at / 2) - 1] : undefined;
    const after = token === undefined || isEmpty(at + 1) ? shared[Math.floor((at + 1) / 2)] : undefined;
    columns.push({ at, name: unused(nameOf({ token, before, after }, texts), used) });
  }
  return columns;
}

/** A value of a line, and the shared words next to it. */
interface Slot {
  /** Left out of a text between two shared tokens. */
  token: Token | undefined;
  before: Token | undefined;
  after: Token | undefined;
}

function nameOf({ token, before, after }: Slot, texts: readonly string[]): string {
  if (token?.kind === 'date' || token?.kind === 'time') return token.kind;
  if (token !== undefined) {
    const currency = money(before) ?? money(after);
    if (currency !== undefined) return PRICED.test(before?.text ?? '') ? `price_${currency}` : currency;
    return counted(after) ?? noun(before) ?? noun(after) ?? 'number';
  }
  if (isPeople(texts)) return 'name';
  const side = before?.text.toLowerCase() ?? '';
  return SIDES.has(side) ? side : (noun(before) ?? noun(after) ?? 'text');
}

/** What a number counts: a unit, or a word for several. */
function counted(token: Token | undefined): string | undefined {
  const unit = UNITS[token?.text ?? ''];
  if (unit !== undefined) return unit;
  const word = noun(token);
  return word?.endsWith('s') ? word : undefined;
}

/** Mostly names as people have them: two capitals, first name and surname. */
const isPeople = (texts: readonly string[]) =>
  texts.filter((text) => /^\p{Lu}[\p{L}'’.-]+(?: \p{Lu}[\p{L}'’.-]+){1,2}$/u.test(text)).length > 0.8 * texts.length;

const money = (token: Token | undefined) =>
  token === undefined
    ? undefined
    : (MONEY[token.text] ?? (/^(?:EUR|USD|GBP|CHF)$/.test(token.text) ? token.text.toLowerCase() : undefined));

function noun(token: Token | undefined): string | undefined {
  const word = token?.kind === 'word' ? token.text.toLowerCase() : '';
  if (word.length < 2 || word.length > NAME_CHARS || SMALL.has(word) || !/^\p{L}+$/u.test(word)) return undefined;
  return word;
}

function unused(name: string, taken: readonly string[]): string {
  let free = name;
  for (let more = 2; taken.includes(free); more++) free = `${name}${more}`;
  return free;
}

/** A template as a person reads it: `{name} worked {hours} hours on the {text}`. */
export function templateText({ shared }: Template, columns: readonly Column[]): string {
  const parts: string[] = [];
  for (let at = 0; at < 2 * shared.length + 1; at++) {
    const column = columns.find((one) => one.at === at);
    if (column !== undefined) parts.push(`{${column.name}}`);
    else if (at % 2 === 1) parts.push((shared[(at - 1) / 2] as Token).text);
  }
  return parts.join(' ').replace(/ (?=[,.:;)%])|(?<=[(€$£]) /g, '');
}

/** Longest text of a template's words: as long as a text may be that a type lists. */
const WORDS_CHARS = 40;

/** The words that all lines of a template have, as many as a short text holds: "door opened by closed after". */
export function wordsOfTemplate({ shared }: Template): string {
  let text = '';
  for (const token of shared) {
    if (isValue(token) || !/\p{L}/u.test(token.text)) continue;
    const more = text === '' ? token.text : `${text} ${token.text}`;
    if (more.length > WORDS_CHARS) break;
    text = more;
  }
  return text;
}
