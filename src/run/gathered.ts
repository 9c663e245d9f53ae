/**
 * Work that is cheaper together: what comes while an earlier lot is under way becomes the next lot.
 *
 * @module
 */

export interface Gathering<Item, Result> {
  /** Does the items of a lot, and gives a result, or a reason, for each, in order. */
  work(items: readonly Item[]): Promise<readonly (Result | { failed: unknown })[]>;
  /** Items that say the same come in lots of their own, in order. */
  apart?(item: Item): string;
  /** Says that a failure is no single item's, so that they need not be tried one by one. */
  concernsAll?(error: unknown): boolean;
  /** Most items in a lot. @default 256 */
  most?: number;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** A function that does one item, in the lot that goes next. Nothing waits for a lot to fill. */
export function gathered<Item, Result extends object>(gathering: Gathering<Item, Result>) {
  const { work, apart, concernsAll, most = 256 } = gathering;
  let waiting: Waiting<Item, Result>[] = [];
  let busy = false;

  const nextLot = () => {
    const lot: Waiting<Item, Result>[] = [];
    const left: Waiting<Item, Result>[] = [];
    const seen = new Set<string>();
    for (const one of waiting) {
      const name = apart?.(one.item);
      const fits = lot.length < most && (name === undefined || !seen.has(name));
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

  return (item: Item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (busy) return;
      busy = true;
      // Runs that were waiting for the last lot go on in the same turn, and are heard together.
      setImmediate(async () => {
        while (waiting.length > 0) await perform(nextLot());
        busy = false;
      });
    });
}
