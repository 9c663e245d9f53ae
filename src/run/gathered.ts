/**
 * Work that is cheaper together: what comes while earlier lots are under way becomes the next lot.
 *
 * @module
 */

export interface Gathering<Item, Result> {
  /** Does the items of a lot, and gives a result, or a reason, for each, in order. */
  work(items: readonly Item[]): Promise<readonly (Result | { failed: unknown })[]>;
  /** Items that say the same come in lots of their own, one after the other, in order. */
  apart?(item: Item): string;
  /** Says that a failure is no single item's, so that they need not be tried one by one. */
  concernsAll?(error: unknown): boolean;
  /** Most items in a lot. @default 256 */
  most?: number;
  /** Most lots under way: with two, whoever asks goes on with one half while the other is worked on. @default 1 */
  lots?: number;
}

/** So many are a lot of their own while another is under way: fewer wait, for together they are cheaper. */
const ENOUGH = 4;

interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** A function that does one item, in the lot that goes next. Nothing waits for a lot to fill. */
export function gathered<Item, Result extends object>(gathering: Gathering<Item, Result>) {
  const { work, apart, concernsAll, most = 256, lots = 1 } = gathering;
  let waiting: Waiting<Item, Result>[] = [];
  let called = false;
  let underWay = 0;
  /** Names of items in the lots under way. */
  const named = new Set<string>();

  const nextLot = () => {
    const share = Math.ceil(waiting.length / (lots - underWay));
    const size = Math.min(most, share < ENOUGH ? waiting.length : share);
    const lot: Waiting<Item, Result>[] = [];
    const left: Waiting<Item, Result>[] = [];
    const seen = new Set(named);
    for (const one of waiting) {
      const name = apart?.(one.item);
      const fits = lot.length < size && (name === undefined || !seen.has(name));
      (fits ? lot : left).push(one);
      if (name !== undefined) seen.add(name);
    }
    waiting = left;
    return lot;
  };

  const perform = async (lot: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await work(lot.map(({ item }) => item));
      for (const [place, { resolve, reject }] of lot.entries()) {
        const result = results[place] as Result | { failed: unknown };
        if ('failed' in result) reject(result.failed);
        else resolve(result);
      }
    } catch (error) {
      if (lot.length === 1 || concernsAll?.(error)) {
        for (const { reject } of lot) reject(error);
        return;
      }
      // What one of them cannot do shall not stop the others.
      for (const one of lot) await perform([one]);
    }
  };

  const begin = () => {
    called = false;
    while (underWay < lots && waiting.length >= (underWay === 0 ? 1 : ENOUGH)) {
      const lot = nextLot();
      // All of them wait for one that is under way.
      if (lot.length === 0) return;
      const names = lot.flatMap(({ item }) => apart?.(item) ?? []);
      for (const name of names) named.add(name);
      underWay += 1;
      perform(lot).then(() => {
        underWay -= 1;
        for (const name of names) named.delete(name);
        soon();
      });
    }
  };
  const soon = () => {
    if (called || waiting.length === 0) return;
    called = true;
    // Those that were waiting for a lot go on in the same turn, and are heard together.
    setImmediate(begin);
  };

  return (item: Item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      soon();
    });
}
