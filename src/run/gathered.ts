/**
 * Work that is cheaper together: what comes while an earlier lot is under way becomes the next lot.
 *
 * @module
 */

export interface Gathering<Item, Result> {
  /** Does the items of a lot, and gives a result, or a reason, for each, in order. */
  work(items: readonly Item[]): Promise<readonly (Result | { failed: unknown })[]>;
  /** Most items in a lot. @default 256 */
  most?: number;
}

/** A function that does one item, in the lot that goes next. Nothing waits for a lot to fill. */
export function gathered<Item, Result extends object>({ work, most = 256 }: Gathering<Item, Result>) {
  let waiting: { item: Item; resolve(result: Result): void; reject(error: unknown): void }[] = [];
  let busy = false;

  const go = async () => {
    while (waiting.length > 0) {
      const lot = waiting.slice(0, most);
      waiting = waiting.slice(most);
      try {
        const results = await work(lot.map(({ item }) => item));
        for (const [place, { resolve, reject }] of lot.entries()) {
          const result = results[place] as Result | { failed: unknown };
          if ('failed' in result) reject(result.failed);
          else resolve(result);
        }
      } catch (error) {
        for (const { reject } of lot) reject(error);
      }
    }
    busy = false;
  };

  return (item: Item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (busy) return;
      busy = true;
      // Runs that were waiting for the last lot go on in the same turn, and are heard together.
      setImmediate(go);
    });
}
