/**
 * "Did you mean …": the nearest of some names.
 *
 * @module
 */

/**
 * The name that was probably meant; none where nothing is near.
 *
 * @example
 * ```ts
 * nearest('ietm', ['item', 'count']); // 'item'
 * ```
 */
export function nearest(written: string, names: readonly string[]): string | undefined {
  const wanted = written.toLowerCase().replaceAll(/[_-]/g, '');
  const most = Math.max(1, Math.floor(wanted.length * 0.34));
  let best: string | undefined;
  let bestDistance = most + 1;
  for (const name of names) {
    const candidate = name.toLowerCase().replaceAll(/[_-]/g, '');
    if (name === written || Math.abs(candidate.length - wanted.length) >= bestDistance) continue;
    const distance = distanceOf(wanted, candidate);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours from one word to another. */
function distanceOf(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row++) {
    const next = [row];
    for (let at = 1; at <= b.length; at++) {
      const same = a[row - 1] === b[at - 1];
      let least = Math.min((last[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1, (last[at - 1] ?? 0) + (same ? 0 : 1));
      if (row > 1 && at > 1 && a[row - 1] === b[at - 2] && a[row - 2] === b[at - 1]) {
        least = Math.min(least, (beforeLast[at - 2] ?? 0) + 1);
      }
      next.push(least);
    }
    [beforeLast, last] = [last, next];
  }
  return last[b.length] ?? 0;
}
