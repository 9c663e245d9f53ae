/**
 * What the texts at one place of some data are, and how a model is shown them: all where they are few and come again, the
 * span of dates and whether they are in order. The first row, in the doc, is the example of the rest.
 *
 * @module
 */
import { cut, inert } from './inert.ts';

/** Distinct texts that are listed, and how often each has to come, on average. */
const FEW = 8;
const OFTEN = 2;
const TEXT_CHARS = 40;
const KEYS = 3;

const DATE = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

export interface Leaf {
  texts: number;
  /** The first few, in the order in which they came; `many` when there are more. */
  distinct: Set<string>;
  many: boolean;
  /** Are all of them ISO dates? Then the least and the greatest. */
  dates: boolean;
  first: string;
  last: string;
  /** The one before, and whether they came in order. */
  before: string;
  rising: boolean;
  falling: boolean;
  /** The same texts as lists with a sign between: what stands in them. */
  lists: Lists;
}

interface Lists {
  sign: string;
  /** Texts that have the sign. */
  several: number;
  parts: number;
  distinct: Set<string>;
  many: boolean;
  /** The texts themselves, as far as there are more of them than of items. */
  wholes: Set<string>;
}

export const newLeaf = (): Leaf => ({
  texts: 0,
  distinct: new Set(),
  many: false,
  dates: true,
  first: '\uffff',
  last: '',
  before: '',
  rising: true,
  falling: true,
  lists: { sign: '', several: 0, parts: 0, distinct: new Set(), many: false, wholes: new Set() },
});

/** What stands between the items of a list within a cell. */
const SIGN = /, |; |;|\| ?/;
const PART_CHARS = 24;

function learnLists(lists: Lists, value: string): void {
  if (lists.many) return;
  lists.sign ||= SIGN.exec(value)?.[0] ?? '';
  const parts = lists.sign === '' ? [value] : value.split(lists.sign);
  if (parts.length > 1) lists.several += 1;
  if (lists.wholes.size <= FEW) lists.wholes.add(value);
  for (const part of parts) {
    lists.parts += 1;
    lists.distinct.add(part);
    if (lists.distinct.size > FEW || part.length > PART_CHARS || part === '') lists.many = true;
  }
}

/** Cells with lists: some have several items, all items are among a few, and are put together in more ways than there are items ("Granite, Inc." is a name). */
const areLists = ({ sign, several, parts, distinct, many, wholes }: Lists, texts: number): boolean =>
  !many &&
  sign !== '' &&
  several >= LIST_SHARE * texts &&
  distinct.size > 1 &&
  wholes.size > distinct.size &&
  parts >= OFTEN * distinct.size;
const LIST_SHARE = 0.25;

export function learnLeaf(leaf: Leaf, value: string): void {
  leaf.texts += 1;
  learnLists(leaf.lists, value);
  if (!leaf.many) {
    leaf.distinct.add(value);
    leaf.many = leaf.distinct.size > FEW || value.length > TEXT_CHARS;
    if (leaf.many) leaf.distinct.clear();
  }
  leaf.dates &&= DATE.test(value);
  if (!leaf.dates) return;
  if (value < leaf.first) leaf.first = value;
  if (value > leaf.last) leaf.last = value;
  if (leaf.before !== '') {
    leaf.rising &&= value >= leaf.before;
    leaf.falling &&= value <= leaf.before;
  }
  leaf.before = value;
}

const quoted = (text: string) => inert(JSON.stringify(cut(text, TEXT_CHARS)));

/** The type of texts. */
export function sayText(leaf: Leaf | undefined): string {
  if (leaf === undefined || leaf.texts === 0) return 'string';
  if (leaf.dates) {
    const { first, last } = leaf;
    if (first === last) return `string /* ${quoted(first)} */`;
    const order = leaf.rising || leaf.falling ? '' : ', in no order';
    return `string /* ${quoted(first)} to ${quoted(last)}${order} */`;
  }
  if (areLists(leaf.lists, leaf.texts)) {
    const { distinct, sign } = leaf.lists;
    return `string /* of ${[...distinct].sort().map(quoted).join(', ')}: .split(${quoted(sign)}) */`;
  }
  if (!leaf.many && leaf.texts >= OFTEN * leaf.distinct.size && leaf.distinct.size > 1) {
    return `string /* ${[...leaf.distinct].sort().map(quoted).join(' | ')} */`;
  }
  return 'string';
}

/** A few keys of a dictionary, as a comment. */
export function sayKeys(keys: readonly string[]): string {
  const some = keys.slice(0, KEYS).map(quoted);
  return some.length === 0 ? '' : ` /* ${some.join(', ')}${keys.length > KEYS ? ' …' : ''} */`;
}
